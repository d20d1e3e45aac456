-- Who may sign in, and their sessions.

-- name: insert_account^
INSERT INTO account (email, name, role, password, must_change, created_at)
VALUES (:email, :name, :role, :password, :must_change, :created_at) RETURNING id;

-- name: accounts
SELECT id, email, name, role, must_change, created_at, disabled_at FROM account ORDER BY email;

-- name: account_by_email^
SELECT id, email, name, role, password, must_change, created_at, disabled_at FROM account WHERE email = :email;

-- name: account_by_id^
SELECT id, email, name, role, password, must_change, created_at, disabled_at FROM account WHERE id = :id;

-- name: disable_account!
UPDATE account SET disabled_at = :disabled_at WHERE email = :email AND disabled_at IS NULL;

-- name: set_password!
UPDATE account SET password = :password, must_change = :must_change WHERE id = :id;

-- name: insert_session!
INSERT INTO session (digest, account_id, created_at, expires_at)
VALUES (:digest, :account_id, :created_at, :expires_at);

-- name: session_account^
SELECT account.id, account.email, account.name, account.role, account.must_change, account.created_at,
    account.disabled_at
FROM session JOIN account ON account.id = session.account_id
WHERE session.digest = :digest AND session.expires_at > :now AND account.disabled_at IS NULL;

-- name: delete_session!
DELETE FROM session WHERE digest = :digest;

-- name: delete_sessions_of!
DELETE FROM session WHERE account_id = :account_id AND digest <> :except_digest;

-- name: forget_sessions!
DELETE FROM session WHERE expires_at <= :now;

-- name: grant_procedure!
INSERT INTO account_procedure (account_id, procedure_id) VALUES (:account_id, :procedure_id)
ON CONFLICT (account_id, procedure_id) DO NOTHING;

-- name: granted_procedures
SELECT procedure_id FROM account_procedure WHERE account_id = :account_id;

-- name: revoke_procedure!
DELETE FROM account_procedure WHERE account_id = :account_id AND procedure_id = :procedure_id;

-- name: count_attempt^
-- One more sign-in attempt under this (keyed) name; a window that has passed, or ends beyond reason, begins anew.
INSERT INTO limit_count (name, used, expires) VALUES (:name, 1, :expires)
ON CONFLICT (name) DO UPDATE SET
    used = CASE WHEN limit_count.expires BETWEEN :now + 1 AND :beyond THEN limit_count.used + 1 ELSE 1 END,
    expires = CASE WHEN limit_count.expires BETWEEN :now + 1 AND :beyond
        THEN limit_count.expires ELSE excluded.expires END
RETURNING used, expires;

-- name: forget_attempt!
UPDATE limit_count SET used = used - 1 WHERE name = :name AND used > 0;
