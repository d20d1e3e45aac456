-- Organisations, procedures and placements.

-- name: target^
SELECT
    procedure.id, procedure.slug, procedure.title, procedure.organisation_id, organisation.name AS organisation,
    organisation.ministry, procedure.audiences, procedure.origins, procedure.state, procedure.created_at,
    procedure.contexts,
    placement.id AS placement_id, placement.key, placement.channel, placement.form, placement.label,
    placement.contact, placement.created_at AS placed_at, placement.closed_at,
    procedure.form_version, form_version.adjustments,
    (SELECT MAX(number) FROM form_version AS past
        WHERE past.procedure_id = procedure.id AND past.published_at IS NOT NULL) AS latest,
    progress.directory
FROM placement
JOIN procedure ON procedure.id = placement.procedure_id
JOIN organisation ON organisation.id = procedure.organisation_id
LEFT JOIN form_version ON form_version.procedure_id = procedure.id AND form_version.number = procedure.form_version
CROSS JOIN progress
WHERE placement.key = :key;

-- name: organisation_named^
SELECT id, name, ministry FROM organisation WHERE name = :name AND ministry = :ministry;

-- name: organisations
SELECT id, name, ministry FROM organisation ORDER BY name, ministry;

-- name: insert_organisation^
INSERT INTO organisation (name, ministry) VALUES (:name, :ministry) RETURNING id, name, ministry;

-- name: insert_procedure^
INSERT INTO procedure (organisation_id, slug, title, audiences, origins, contexts, state, demo, created_at)
VALUES (:organisation_id, :slug, :title, :audiences, :origins, :contexts, :state, :demo, :created_at) RETURNING id;

-- name: insert_placement^
INSERT INTO placement (procedure_id, key, channel, form, label, contact, created_at)
VALUES (:procedure_id, :key, :channel, :form, :label, :contact, :created_at) RETURNING id;

-- name: procedures
SELECT
    procedure.id, procedure.slug, procedure.title, procedure.organisation_id, organisation.name AS organisation,
    organisation.ministry, procedure.audiences, procedure.origins, procedure.state, procedure.created_at,
    procedure.contexts
FROM procedure JOIN organisation ON organisation.id = procedure.organisation_id
ORDER BY procedure.title, procedure.id;

-- name: procedure_by_slug^
SELECT
    procedure.id, procedure.slug, procedure.title, procedure.organisation_id, organisation.name AS organisation,
    organisation.ministry, procedure.audiences, procedure.origins, procedure.state, procedure.created_at,
    procedure.contexts
FROM procedure JOIN organisation ON organisation.id = procedure.organisation_id
WHERE procedure.slug = :slug;

-- name: placements
SELECT id, procedure_id, key, channel, form, label, contact, created_at, closed_at
FROM placement WHERE procedure_id = :procedure_id ORDER BY id;

-- name: every_placement
SELECT id, procedure_id, key, channel, form, label, contact, created_at, closed_at FROM placement ORDER BY id;

-- name: placement_by_key^
SELECT id, procedure_id, key, channel, form, label, contact, created_at, closed_at
FROM placement WHERE key = :key;

-- name: key_of_placement^
SELECT key FROM placement WHERE id = :id;

-- name: set_procedure_state!
UPDATE procedure SET state = :state WHERE slug = :slug;

-- name: update_procedure!
UPDATE procedure SET title = :title, audiences = :audiences, origins = :origins, contexts = :contexts
WHERE slug = :slug;

-- name: label_placement!
UPDATE placement SET label = :label WHERE key = :key;

-- name: close_placement!
UPDATE placement SET closed_at = :closed_at WHERE key = :key AND closed_at IS NULL;

-- name: reopen_placement!
UPDATE placement SET closed_at = NULL WHERE key = :key;

-- name: move_directory!
UPDATE progress SET directory = directory + 1;

-- name: demo_key^
SELECT placement.key FROM placement JOIN procedure ON procedure.id = placement.procedure_id
WHERE procedure.demo = 1 AND placement.form = :form AND placement.channel = 'web' AND placement.closed_at IS NULL
    AND procedure.state = 'open'
ORDER BY placement.id LIMIT 1;
