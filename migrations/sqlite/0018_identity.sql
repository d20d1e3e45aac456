-- Who an account's holder is at the OpenID provider: one identity for an account, one account for an identity.
CREATE TABLE identity (
    account_id INTEGER PRIMARY KEY REFERENCES account (id),
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    since TEXT NOT NULL,
    UNIQUE (issuer, subject)
) STRICT;
