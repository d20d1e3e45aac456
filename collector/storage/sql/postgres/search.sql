-- :places is a JSON list of [procedure, word, day, seq].

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
