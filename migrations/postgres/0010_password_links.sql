-- A link to choose a password, for an invitation or a forgotten one. At most one for an account; gone once it was used.
-- Its secret is not here, only a digest of it.
CREATE TABLE password_link (
    account_id BIGINT PRIMARY KEY REFERENCES account (id),
    digest TEXT NOT NULL UNIQUE,
    expires_at TEXT NOT NULL
);
