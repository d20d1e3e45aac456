-- Accounts at the OpenID provider. See collector/storage/identities.py.

-- name: identity_of^
SELECT issuer, subject, since FROM identity WHERE account_id = :account_id;

-- name: identity_account^
SELECT account.id, account.email, account.name, account.administrator, account.must_change, account.created_at,
    account.disabled_at, account.password = '' AS invited
FROM identity JOIN account ON account.id = identity.account_id
WHERE identity.issuer = :issuer AND identity.subject = :subject;

-- name: insert_identity!
INSERT INTO identity (account_id, issuer, subject, since) VALUES (:account_id, :issuer, :subject, :since)
ON CONFLICT DO NOTHING;

-- name: delete_identity!
DELETE FROM identity WHERE account_id = :account_id;
