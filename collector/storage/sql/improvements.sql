-- What owners improved. See collector/storage/improvements.py.

-- name: insert_improvement^
INSERT INTO improvement (procedure_id, day, words, published, created_by, created_at)
VALUES (:procedure_id, :day, :words, :published, :by, :at) RETURNING id;

-- name: improvements
SELECT id, day, words, published FROM improvement WHERE procedure_id = :procedure_id AND removed_at IS NULL
ORDER BY day DESC, id DESC LIMIT :number;

-- name: publish_improvement!
UPDATE improvement SET published = :published
WHERE procedure_id = :procedure_id AND id = :id AND removed_at IS NULL AND published <> :published;

-- name: remove_improvement!
UPDATE improvement SET removed_at = :at WHERE procedure_id = :procedure_id AND id = :id AND removed_at IS NULL;

-- name: restore_improvement!
UPDATE improvement SET removed_at = NULL WHERE procedure_id = :procedure_id AND id = :id AND removed_at IS NOT NULL;
