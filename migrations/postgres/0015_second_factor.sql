-- The second step of signing in: a secret that an account's holder has in a telephone too, sealed with the secret keys.
-- `last_step` is the half minute of the last code that was used, so that none works twice.
CREATE TABLE second_factor (
    account_id BIGINT PRIMARY KEY REFERENCES account (id),
    secret BYTEA NOT NULL,
    last_step BIGINT NOT NULL,
    since TEXT NOT NULL
);
-- For whoever has lost the telephone: digests of codes that work once.
CREATE TABLE recovery_code (
    account_id BIGINT NOT NULL REFERENCES account (id),
    digest TEXT NOT NULL,
    PRIMARY KEY (account_id, digest)
);
-- A session whose holder has given the password and not yet the code: it opens nothing.
ALTER TABLE session ADD COLUMN pending INTEGER NOT NULL DEFAULT 0;
