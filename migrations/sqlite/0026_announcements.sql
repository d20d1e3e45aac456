-- What an administrator tells accounts at the top of each page, from a day to a day: everybody, or one organisation's.
CREATE TABLE announcement (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    words TEXT NOT NULL,
    importance TEXT NOT NULL CHECK (importance IN ('information', 'warning')),
    organisation_id INTEGER REFERENCES organisation (id),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;

-- Who has read one and does not want to see it any more, until it is changed.
CREATE TABLE announcement_dismissed (
    announcement_id INTEGER NOT NULL REFERENCES announcement (id),
    account_id INTEGER NOT NULL REFERENCES account (id),
    PRIMARY KEY (announcement_id, account_id)
) STRICT, WITHOUT ROWID;
