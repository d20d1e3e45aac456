-- name: reviews_at
-- :keys is JSON: [{"procedure_id": 1, "seq": 7}, …]
SELECT review.*
FROM json_each(:keys) AS wanted
CROSS JOIN review
    ON review.seq = json_extract(wanted.value, '$.seq')
    AND review.procedure_id = json_extract(wanted.value, '$.procedure_id')
ORDER BY review.seq;
