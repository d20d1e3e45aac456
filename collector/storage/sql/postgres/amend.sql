-- name: reviews_at
-- :keys is JSON: [{"procedure_id": 1, "seq": 7}, …]
SELECT review.*
FROM jsonb_to_recordset(CAST(:keys AS JSONB)) AS wanted (procedure_id BIGINT, seq BIGINT)
JOIN review USING (procedure_id, seq)
ORDER BY review.seq;
