-- name: said_at
-- :keys is JSON: [{"procedure_id": 1, "seq": 7}, …]
SELECT said.procedure_id, said.seq, said.satisfaction
FROM json_each(:keys) AS wanted
CROSS JOIN said
    ON said.procedure_id = json_extract(wanted.value, '$.procedure_id')
    AND said.seq = json_extract(wanted.value, '$.seq');

-- name: said_of_words
-- :words and :months are JSON lists of text.
SELECT said_count.said, said_count.month, reviews, bad, medium, good
FROM json_each(:months) AS wanted CROSS JOIN json_each(:words) AS asked
CROSS JOIN said_count
    ON said_count.procedure_id = :procedure_id AND said_count.month = wanted.value AND said_count.kind = 'word'
    AND said_count.said = asked.value;

-- name: said_all
-- Every comment that is counted, and the themes. :months is a JSON list of text.
SELECT said_count.kind, said_count.said, said_count.month, reviews, bad, medium, good
FROM json_each(:months) AS wanted CROSS JOIN said_count
WHERE said_count.procedure_id = :procedure_id AND said_count.month = wanted.value
    AND said_count.kind IN ('all', 'theme');

-- name: forget_said!
-- :places is a JSON list of [procedure, seq].
DELETE FROM said WHERE (procedure_id, seq) IN (
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:places)
);

-- name: drop_said!
-- What nobody says any more. :places is a JSON list of [procedure, month, kind, said].
DELETE FROM said_count WHERE (procedure_id, month, kind, said) IN (
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
        json_extract(value, '$[3]')
    FROM json_each(:places)
) AND reviews = 0;
