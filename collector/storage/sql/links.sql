-- Signed export links and the journal of their use.

-- name: insert_link!
INSERT INTO export_link (
    id, procedures, content, format, from_day, to_day, recipient, created_by, created_at, expires_at,
    interval, by
) VALUES (
    :id, :procedures, :content, :format, :from_day, :to_day, :recipient, :created_by, :created_at, :expires_at,
    :interval, :by
);

-- name: links
SELECT
    link.*,
    (SELECT COUNT(*) FROM export_use WHERE export_use.link_id = link.id) AS uses,
    (SELECT at FROM export_use WHERE export_use.link_id = link.id ORDER BY export_use.id DESC LIMIT 1) AS last_used_at
FROM export_link AS link
ORDER BY link.created_at DESC, link.id;

-- name: link^
SELECT
    link.*,
    (SELECT COUNT(*) FROM export_use WHERE export_use.link_id = link.id) AS uses,
    (SELECT at FROM export_use WHERE export_use.link_id = link.id ORDER BY export_use.id DESC LIMIT 1) AS last_used_at
FROM export_link AS link
WHERE link.id = :id;

-- name: revoke_link!
UPDATE export_link SET revoked_at = :revoked_at WHERE id = :id AND revoked_at IS NULL;

-- name: insert_use^
INSERT INTO export_use (link_id, at, kind, rows, outcome)
VALUES (:link_id, :at, :kind, 0, 'started') RETURNING id;

-- name: end_use!
UPDATE export_use SET rows = :rows, outcome = :outcome WHERE id = :id;

-- name: uses
SELECT at, kind, rows, outcome FROM export_use WHERE link_id = :link_id ORDER BY id DESC LIMIT :number;
