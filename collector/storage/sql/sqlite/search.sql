-- :places is a JSON list of [procedure, word, day, seq].

-- name: delete_places!
DELETE FROM review_word WHERE (procedure_id, word, day, seq) IN (
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
        json_extract(value, '$[3]')
    FROM json_each(:places)
);

-- name: delete_words!
-- Those that no review says any more.
DELETE FROM word WHERE (procedure_id, word) IN (
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:places)
) AND NOT EXISTS (
    SELECT 1 FROM review_word
    WHERE review_word.procedure_id = word.procedure_id AND review_word.word = word.word
);
