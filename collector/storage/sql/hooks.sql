-- Where events are posted to, and what was. See collector/storage/hooks.py.

-- name: insert_hook^
INSERT INTO hook (procedure_id, url, kinds, secret, next_digest, created_by, created_at)
VALUES (:procedure_id, :url, :kinds, :secret, :next_digest, :by, :at) RETURNING id;

-- name: hooks_of
SELECT * FROM hook WHERE procedure_id = :procedure_id ORDER BY id;

-- name: hook^
SELECT * FROM hook WHERE id = :id;

-- name: active_hooks
SELECT * FROM hook WHERE stopped_at IS NULL ORDER BY id;

-- name: put_hook_secret!
UPDATE hook SET former = secret, former_until = :until, secret = :secret WHERE procedure_id = :procedure_id AND id = :id;

-- name: stop_hook!
UPDATE hook SET stopped_at = :at, stopped_why = :why WHERE id = :id AND stopped_at IS NULL;

-- name: start_hook!
UPDATE hook SET stopped_at = NULL, stopped_why = NULL, next_digest = :next_digest
WHERE procedure_id = :procedure_id AND id = :id AND stopped_at IS NOT NULL;

-- name: delete_deliveries!
DELETE FROM delivery WHERE hook_id = :id;

-- name: delete_hook!
DELETE FROM hook WHERE procedure_id = :procedure_id AND id = :id;

-- name: move_hook_digest!
UPDATE hook SET next_digest = :next WHERE id = :id AND next_digest = :due AND stopped_at IS NULL;

-- name: insert_delivery!
INSERT INTO delivery (hook_id, message, kind, about, body, created, next_try, outcome)
VALUES (:hook_id, :message, :kind, :about, :body, :now, :now, 'waiting')
ON CONFLICT (hook_id, kind, about) DO NOTHING;

-- name: deliveries_to_send
SELECT id, hook_id, message, kind, body, created, tries FROM delivery
WHERE next_try IS NOT NULL AND next_try <= :now ORDER BY next_try, id LIMIT :number;

-- name: delivery_of^
SELECT id, hook_id, message, kind, body, created, tries FROM delivery WHERE message = :message;

-- name: claim_delivery!
UPDATE delivery SET tries = tries + 1, tried = :now, next_try = :next_try
WHERE id = :id AND next_try IS NOT NULL AND tries = :tries;

-- name: put_outcome!
UPDATE delivery SET outcome = :outcome WHERE id = :id;

-- name: end_delivery!
UPDATE delivery SET outcome = :outcome, next_try = NULL, body = '' WHERE id = :id;

-- name: end_deliveries_of!
-- Nothing more goes where nobody listens.
UPDATE delivery SET next_try = NULL, body = '' WHERE hook_id = :id AND next_try IS NOT NULL;

-- name: deliveries_of
SELECT kind, created, tried, tries, outcome, next_try FROM delivery WHERE hook_id = :hook_id
ORDER BY id DESC LIMIT :number;

-- name: forget_deliveries!
DELETE FROM delivery WHERE created < :before AND next_try IS NULL;
