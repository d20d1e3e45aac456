-- name: tags_at
-- :keys is JSON: [{"procedure_id": 1, "seq": 7}, …]
SELECT review_tag.procedure_id, review_tag.seq, review_tag.word
FROM json_each(:keys) AS wanted
CROSS JOIN review_tag
    ON review_tag.procedure_id = json_extract(wanted.value, '$.procedure_id')
    AND review_tag.seq = json_extract(wanted.value, '$.seq')
ORDER BY review_tag.seq, review_tag.word;

-- name: notes_at
SELECT note.id, note.seq, note.words, note.created_by, note.created_at
FROM json_each(:keys) AS wanted
CROSS JOIN note
    ON note.procedure_id = json_extract(wanted.value, '$.procedure_id')
    AND note.seq = json_extract(wanted.value, '$.seq')
WHERE note.removed_at IS NULL ORDER BY note.id;
