-- The second step of signing in. See collector/storage/factors.py.

-- name: factor_of^
SELECT secret, last_step, since,
    (SELECT COUNT(*) FROM recovery_code WHERE recovery_code.account_id = second_factor.account_id) AS codes
FROM second_factor WHERE account_id = :account_id;

-- name: insert_factor!
INSERT INTO second_factor (account_id, secret, last_step, since) VALUES (:account_id, :secret, :step, :since)
ON CONFLICT (account_id) DO NOTHING;

-- name: insert_recovery_code!
INSERT INTO recovery_code (account_id, digest) VALUES (:account_id, :digest);

-- name: delete_factor!
DELETE FROM second_factor WHERE account_id = :account_id;

-- name: delete_recovery_codes!
DELETE FROM recovery_code WHERE account_id = :account_id;

-- name: use_step!
UPDATE second_factor SET last_step = :step WHERE account_id = :account_id AND last_step < :step;

-- name: use_recovery_code!
DELETE FROM recovery_code WHERE account_id = :account_id AND digest = :digest;

-- name: pending_account^
SELECT account.id, account.email, account.name, account.administrator, account.must_change, account.created_at,
    account.disabled_at, account.password = '' AS invited
FROM session JOIN account ON account.id = session.account_id
WHERE session.digest = :digest AND session.pending = 1 AND session.expires_at > :now AND account.disabled_at IS NULL;

-- name: admit_session!
UPDATE session SET digest = :digest, pending = 0, created_at = :now, used_at = :now, expires_at = :expires_at
WHERE digest = :waiting AND pending = 1 AND account_id = :account_id;
