-- name: tags_at
-- :keys is JSON: [{"procedure_id": 1, "seq": 7}, …]
SELECT procedure_id, seq, review_tag.word
FROM jsonb_to_recordset(CAST(:keys AS JSONB)) AS wanted (procedure_id BIGINT, seq BIGINT)
JOIN review_tag USING (procedure_id, seq)
ORDER BY seq, review_tag.word;

-- name: notes_at
SELECT note.id, seq, note.words, note.created_by, note.created_at
FROM jsonb_to_recordset(CAST(:keys AS JSONB)) AS wanted (procedure_id BIGINT, seq BIGINT)
JOIN note USING (procedure_id, seq)
WHERE note.removed_at IS NULL ORDER BY note.id;
