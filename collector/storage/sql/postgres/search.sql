-- Lists come as JSON: :places are [procedure, word, day, seq], :words are [procedure, word, stem].

-- name: add_places!
INSERT INTO review_word (procedure_id, word, day, seq)
SELECT CAST(value ->> 0 AS BIGINT), value ->> 1, value ->> 2, CAST(value ->> 3 AS BIGINT)
FROM jsonb_array_elements(CAST(:places AS JSONB))
ON CONFLICT DO NOTHING;

-- name: add_words!
INSERT INTO word (procedure_id, word, stem)
SELECT CAST(value ->> 0 AS BIGINT), value ->> 1, value ->> 2 FROM jsonb_array_elements(CAST(:words AS JSONB))
ON CONFLICT DO NOTHING;

-- name: delete_places!
DELETE FROM review_word USING jsonb_array_elements(CAST(:places AS JSONB)) AS gone
WHERE review_word.procedure_id = CAST(gone.value ->> 0 AS BIGINT) AND review_word.word = gone.value ->> 1
    AND review_word.day = gone.value ->> 2 AND review_word.seq = CAST(gone.value ->> 3 AS BIGINT);

-- name: delete_words!
-- Those that no review says any more.
DELETE FROM word USING jsonb_array_elements(CAST(:places AS JSONB)) AS gone
WHERE word.procedure_id = CAST(gone.value ->> 0 AS BIGINT) AND word.word = gone.value ->> 1
    AND NOT EXISTS (
        SELECT 1 FROM review_word
        WHERE review_word.procedure_id = word.procedure_id AND review_word.word = word.word
    );
