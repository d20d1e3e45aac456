-- Signed export links and the journal of their use.

-- name: insert_link!
INSERT INTO export_link (
    id, procedures, content, format, from_day, to_day, recipient, created_by, created_at, expires_at,
    interval, by, networks, once
) VALUES (
    :id, :procedures, :content, :format, :from_day, :to_day, :recipient, :created_by, :created_at, :expires_at,
    :interval, :by, :networks, :once
);

-- name: links
SELECT
    link.*,
    (SELECT COUNT(*) FROM export_use WHERE export_use.link_id = link.id) AS uses,
    (SELECT at FROM export_use WHERE export_use.link_id = link.id ORDER BY export_use.id DESC LIMIT 1) AS last_used_at,
    (SELECT COUNT(*) FROM link_place WHERE link_place.link_id = link.id) AS places,
    (SELECT MAX(first_at) FROM link_place WHERE link_place.link_id = link.id) AS last_place_at
FROM export_link AS link
ORDER BY link.created_at DESC, link.id;

-- name: link^
SELECT
    link.*,
    (SELECT COUNT(*) FROM export_use WHERE export_use.link_id = link.id) AS uses,
    (SELECT at FROM export_use WHERE export_use.link_id = link.id ORDER BY export_use.id DESC LIMIT 1) AS last_used_at,
    (SELECT COUNT(*) FROM link_place WHERE link_place.link_id = link.id) AS places,
    (SELECT MAX(first_at) FROM link_place WHERE link_place.link_id = link.id) AS last_place_at
FROM export_link AS link
WHERE link.id = :id;

-- Their uses are not counted: a link that a job uses each minute has many.
-- name: links_met_elsewhere
SELECT
    link.*,
    0 AS uses,
    NULL AS last_used_at,
    (SELECT COUNT(*) FROM link_place WHERE link_place.link_id = link.id) AS places,
    (SELECT MAX(first_at) FROM link_place WHERE link_place.link_id = link.id) AS last_place_at
FROM export_link AS link
WHERE link.revoked_at IS NULL AND link.id IN (SELECT link_id FROM link_place WHERE first_at > :since)
ORDER BY link.created_at DESC, link.id;

-- name: revoke_link!
UPDATE export_link SET revoked_at = :revoked_at WHERE id = :id AND revoked_at IS NULL;

-- name: insert_use^
INSERT INTO export_use (link_id, at, kind, rows, outcome)
VALUES (:link_id, :at, :kind, 0, 'started') RETURNING id;

-- name: end_use!
UPDATE export_use SET rows = :rows, bytes = :bytes, outcome = :outcome WHERE id = :id;

-- name: spend_link!
UPDATE export_link SET spent_at = :spent_at WHERE id = :id AND spent_at IS NULL;

-- name: give_link_back!
UPDATE export_link SET spent_at = NULL WHERE id = :id AND once = 1;

-- name: link_place^
SELECT 1 AS known FROM link_place WHERE link_id = :link_id AND name = :name;

-- name: insert_link_place!
INSERT INTO link_place (link_id, name, first_at) VALUES (:link_id, :name, :first_at) ON CONFLICT DO NOTHING;

-- name: forget_link_places!
DELETE FROM link_place
WHERE link_id IN (SELECT id FROM export_link WHERE revoked_at IS NOT NULL OR expires_at <= :now);

-- name: uses
SELECT at, kind, rows, bytes, outcome FROM export_use WHERE link_id = :link_id ORDER BY id DESC LIMIT :number;
