-- Names for filters of reviews. See collector/storage/views.py.

-- name: views
-- One's own, and those that colleagues share.
SELECT saved_view.id, saved_view.account_id, saved_view.name, saved_view.query, saved_view.shared, account.name AS owner
FROM saved_view JOIN account ON account.id = saved_view.account_id
WHERE saved_view.procedure_id = :procedure_id AND saved_view.removed_at IS NULL
    AND (saved_view.account_id = :account_id OR saved_view.shared = 1)
ORDER BY CASE WHEN saved_view.account_id = :account_id THEN 0 ELSE 1 END, saved_view.name, saved_view.id LIMIT :number;

-- name: insert_view^
INSERT INTO saved_view (procedure_id, account_id, name, query, shared)
VALUES (:procedure_id, :account_id, :name, :query, :shared) RETURNING id;

-- name: rename_view!
UPDATE saved_view SET name = :name
WHERE procedure_id = :procedure_id AND id = :id AND account_id = :account_id AND removed_at IS NULL;

-- name: share_view!
UPDATE saved_view SET shared = :shared
WHERE procedure_id = :procedure_id AND id = :id AND account_id = :account_id AND removed_at IS NULL
    AND shared <> :shared;

-- name: remove_view!
UPDATE saved_view SET removed_at = :at
WHERE procedure_id = :procedure_id AND id = :id AND account_id = :account_id AND removed_at IS NULL;

-- name: restore_view!
UPDATE saved_view SET removed_at = NULL
WHERE procedure_id = :procedure_id AND id = :id AND account_id = :account_id AND removed_at IS NOT NULL;

-- name: forget_removed_views!
-- Those that nobody took back before another was taken out.
DELETE FROM saved_view
WHERE procedure_id = :procedure_id AND account_id = :account_id AND id <> :id AND removed_at IS NOT NULL;
