-- Who may sign in, and their sessions.

-- name: insert_account^
INSERT INTO account (email, name, administrator, password, must_change, created_at)
VALUES (:email, :name, :administrator, :password, :must_change, :created_at) RETURNING id;

-- name: accounts
SELECT id, email, name, administrator, must_change, created_at, disabled_at, password = '' AS invited
FROM account ORDER BY email;

-- name: account_by_email^
SELECT id, email, name, administrator, password, must_change, created_at, disabled_at, password = '' AS invited
FROM account WHERE email = :email;

-- name: account_by_id^
SELECT id, email, name, administrator, password, must_change, created_at, disabled_at, password = '' AS invited
FROM account WHERE id = :id;

-- name: disable_account!
UPDATE account SET disabled_at = :disabled_at WHERE email = :email AND disabled_at IS NULL;

-- name: enable_account!
UPDATE account SET disabled_at = NULL WHERE email = :email AND disabled_at IS NOT NULL;

-- name: set_password!
UPDATE account SET password = :password, must_change = :must_change WHERE id = :id;

-- name: insert_session!
INSERT INTO session (digest, account_id, created_at, used_at, expires_at, device, browser, pending)
VALUES (:digest, :account_id, :created_at, :created_at, :expires_at, :device, :browser, :pending);

-- name: session_account^
SELECT account.id, account.email, account.name, account.administrator, account.must_change, account.created_at,
    account.disabled_at, account.password = '' AS invited, session.used_at
FROM session JOIN account ON account.id = session.account_id
WHERE session.digest = :digest AND session.pending = 0 AND session.expires_at > :now AND session.used_at > :idle
    AND account.disabled_at IS NULL;

-- name: touch_session!
UPDATE session SET used_at = :now WHERE digest = :digest AND used_at < :now;

-- name: sessions_of
SELECT digest, created_at, used_at, device, browser FROM session
WHERE account_id = :account_id AND pending = 0 AND expires_at > :now AND used_at > :idle ORDER BY used_at DESC, digest;

-- name: delete_session!
DELETE FROM session WHERE digest = :digest;

-- name: delete_sessions_of!
DELETE FROM session WHERE account_id = :account_id AND digest <> :except_digest;

-- name: forget_sessions!
DELETE FROM session WHERE expires_at <= :now OR used_at <= :idle;

-- name: set_administrator!
UPDATE account SET administrator = :administrator WHERE id = :id AND administrator <> :administrator;

-- name: grant_organisation!
INSERT INTO account_organisation (account_id, organisation_id, role) VALUES (:account_id, :id, :role)
ON CONFLICT (account_id, organisation_id) DO UPDATE SET role = excluded.role
WHERE account_organisation.role <> excluded.role;

-- name: grant_procedure!
INSERT INTO account_procedure (account_id, procedure_id, role) VALUES (:account_id, :id, :role)
ON CONFLICT (account_id, procedure_id) DO UPDATE SET role = excluded.role
WHERE account_procedure.role <> excluded.role;

-- name: revoke_organisation!
DELETE FROM account_organisation WHERE account_id = :account_id AND organisation_id = :id;

-- name: revoke_procedure!
DELETE FROM account_procedure WHERE account_id = :account_id AND procedure_id = :id;

-- name: rights_of
SELECT 'organisation' AS kind, organisation.id, organisation.name, organisation.id AS organisation_id,
    account_organisation.role
FROM account_organisation JOIN organisation ON organisation.id = account_organisation.organisation_id
WHERE account_organisation.account_id = :account_id
UNION ALL
SELECT 'procedure', procedure.id, procedure.title, procedure.organisation_id, account_procedure.role
FROM account_procedure JOIN procedure ON procedure.id = account_procedure.procedure_id
WHERE account_procedure.account_id = :account_id
ORDER BY 1, 3, 2;

-- name: all_rights
SELECT account_organisation.account_id, 'organisation' AS kind, organisation.id, organisation.name,
    organisation.id AS organisation_id, account_organisation.role
FROM account_organisation JOIN organisation ON organisation.id = account_organisation.organisation_id
UNION ALL
SELECT account_procedure.account_id, 'procedure', procedure.id, procedure.title, procedure.organisation_id,
    account_procedure.role
FROM account_procedure JOIN procedure ON procedure.id = account_procedure.procedure_id
ORDER BY 2, 4, 3;

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

-- name: put_password_link!
INSERT INTO password_link (account_id, digest, expires_at) VALUES (:account_id, :digest, :expires_at)
ON CONFLICT (account_id) DO UPDATE SET digest = excluded.digest, expires_at = excluded.expires_at;

-- name: password_link_account^
SELECT account.id, account.email, account.name, account.administrator, account.must_change, account.created_at,
    account.disabled_at, account.password = '' AS invited
FROM password_link JOIN account ON account.id = password_link.account_id
WHERE password_link.digest = :digest AND password_link.expires_at > :now AND account.disabled_at IS NULL;

-- name: take_password_link!
DELETE FROM password_link WHERE digest = :digest AND expires_at > :now;

-- name: forget_password_link!
DELETE FROM password_link WHERE account_id = :account_id;
