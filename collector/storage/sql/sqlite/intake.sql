-- name: reviews_of_batch
-- :keys is JSON: [{"procedure_id": 1, "capability": "…"}, …]
SELECT review.*
FROM json_each(:keys) AS wanted
CROSS JOIN review
    ON review.procedure_id = json_extract(wanted.value, '$.procedure_id')
    AND review.capability = json_extract(wanted.value, '$.capability');

-- name: limits_of_batch
-- :names is a JSON list
SELECT name, used, expires FROM limit_count WHERE name IN (SELECT value FROM json_each(:names));
