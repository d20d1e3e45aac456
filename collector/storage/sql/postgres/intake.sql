-- name: reviews_of_batch
-- :keys is JSON: [{"procedure_id": 1, "capability": "…"}, …]
SELECT review.*
FROM jsonb_to_recordset(CAST(:keys AS JSONB)) AS wanted (procedure_id BIGINT, capability TEXT)
JOIN review USING (procedure_id, capability);

-- name: limits_of_batch
-- :names is a JSON list
SELECT name, used, expires FROM limit_count
WHERE name IN (SELECT jsonb_array_elements_text(CAST(:names AS JSONB)));
