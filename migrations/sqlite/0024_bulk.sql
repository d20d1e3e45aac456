-- A file that an administrator tries to import, from the trial to the import: one of each kind for an account, an hour.
CREATE TABLE import_draft (
    account_id INTEGER NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (account_id, kind)
) STRICT, WITHOUT ROWID;
