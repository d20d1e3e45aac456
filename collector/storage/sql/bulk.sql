-- Many procedures or accounts at once, and the files that somebody tries to import.

-- name: directory^
SELECT directory FROM progress;

-- name: first_placements
SELECT id, procedure_id, key, channel, form, label, contact, created_at, closed_at
FROM placement WHERE id IN (SELECT MIN(id) FROM placement GROUP BY procedure_id);

-- name: procedure_ids
SELECT id, slug FROM procedure;

-- name: account_ids
SELECT id, email FROM account;

-- name: put_draft!
INSERT INTO import_draft (account_id, kind, content, made_at) VALUES (:account_id, :kind, :content, :made_at)
ON CONFLICT (account_id, kind) DO UPDATE SET content = excluded.content, made_at = excluded.made_at;

-- name: draft^
SELECT content FROM import_draft WHERE account_id = :account_id AND kind = :kind AND made_at > :since;

-- name: drop_draft!
DELETE FROM import_draft WHERE account_id = :account_id AND kind = :kind;

-- name: forget_drafts!
DELETE FROM import_draft WHERE made_at <= :before;
