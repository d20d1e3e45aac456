-- The versions of procedures' satisfaction forms. See collector/storage/forms.py.

-- name: form_versions
SELECT number, adjustments, changed_at, changed_by, published_at, published_by FROM form_version
WHERE procedure_id = :procedure_id ORDER BY number DESC LIMIT :number;

-- name: form_published^
SELECT adjustments FROM form_version
WHERE procedure_id = :procedure_id AND number = :number AND published_at IS NOT NULL;

-- name: shown_form^
SELECT form_version AS number FROM procedure WHERE id = :procedure_id;

-- name: drop_form_draft!
DELETE FROM form_version WHERE procedure_id = :procedure_id AND published_at IS NULL;

-- name: insert_form_draft^
INSERT INTO form_version (procedure_id, number, adjustments, changed_at, changed_by)
VALUES (
    :procedure_id, (SELECT COALESCE(MAX(number), 1) + 1 FROM form_version WHERE procedure_id = :procedure_id),
    :adjustments, :at, :by
) RETURNING number;

-- name: publish_form_draft^
UPDATE form_version SET published_at = :at, published_by = :by
WHERE procedure_id = :procedure_id AND published_at IS NULL RETURNING number;

-- name: show_form!
UPDATE procedure SET form_version = :number WHERE id = :procedure_id AND form_version <> :number;
