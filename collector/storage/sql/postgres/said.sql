-- name: said_at
-- :keys is JSON: [{"procedure_id": 1, "seq": 7}, …]
SELECT said.procedure_id, said.seq, said.satisfaction
FROM jsonb_to_recordset(CAST(:keys AS JSONB)) AS wanted (procedure_id BIGINT, seq BIGINT)
JOIN said USING (procedure_id, seq);

-- name: said_of_words
-- :words and :months are JSON lists of text.
SELECT said_count.said, said_count.month, reviews, bad, medium, good
FROM jsonb_array_elements_text(CAST(:months AS JSONB)) AS wanted (month)
CROSS JOIN jsonb_array_elements_text(CAST(:words AS JSONB)) AS asked (said)
JOIN said_count
    ON said_count.procedure_id = :procedure_id AND said_count.month = wanted.month AND said_count.kind = 'word'
    AND said_count.said = asked.said;

-- name: said_all
-- Every comment that is counted, and the themes. :months is a JSON list of text.
SELECT said_count.kind, said_count.said, said_count.month, reviews, bad, medium, good
FROM jsonb_array_elements_text(CAST(:months AS JSONB)) AS wanted (value) CROSS JOIN said_count
WHERE said_count.procedure_id = :procedure_id AND said_count.month = wanted.value
    AND said_count.kind IN ('all', 'theme');

-- name: forget_said!
-- :places is a JSON list of [procedure, seq].
DELETE FROM said USING jsonb_array_elements(CAST(:places AS JSONB)) AS gone
WHERE said.procedure_id = CAST(gone.value ->> 0 AS BIGINT) AND said.seq = CAST(gone.value ->> 1 AS BIGINT);

-- name: drop_said!
-- What nobody says any more. :places is a JSON list of [procedure, month, kind, said].
DELETE FROM said_count USING jsonb_array_elements(CAST(:places AS JSONB)) AS gone
WHERE said_count.procedure_id = CAST(gone.value ->> 0 AS BIGINT) AND said_count.month = gone.value ->> 1
    AND said_count.kind = gone.value ->> 2 AND said_count.said = gone.value ->> 3 AND said_count.reviews = 0;
