-- What people asked to be told, of which procedure and how often. What was stopped stays, for whoever takes that back.
CREATE TABLE subscription (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account (id),
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    kinds TEXT NOT NULL,
    at_once INTEGER NOT NULL,
    digest TEXT NOT NULL CHECK (digest IN ('none', 'daily', 'weekly', 'monthly')),
    threshold INTEGER NOT NULL,
    least INTEGER NOT NULL,
    words TEXT NOT NULL,
    words_after INTEGER NOT NULL,
    letter_after INTEGER NOT NULL DEFAULT 0,
    next_digest INTEGER,
    created_at TEXT NOT NULL,
    stopped_at TEXT,
    UNIQUE (account_id, procedure_id)
) STRICT;
CREATE INDEX subscription_by_procedure ON subscription (procedure_id);

-- What is going on: told when it begins, and again only after it has not been seen for a while. Seconds since 1970.
CREATE TABLE alarm (
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    since INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    PRIMARY KEY (procedure_id, kind, about)
) STRICT;

-- One row: problems up to here were told.
CREATE TABLE told (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    problem INTEGER NOT NULL
) STRICT;

-- Letters to send: in the transaction that makes one, what it tells is put into it. `next_try` is also who has it now.
CREATE TABLE letter (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription_id INTEGER NOT NULL REFERENCES subscription (id),
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    created INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    next_try INTEGER NOT NULL,
    sent INTEGER,
    UNIQUE (subscription_id, kind, about)
) STRICT;
CREATE INDEX letter_by_age ON letter (created);
CREATE INDEX letter_waiting ON letter (next_try) WHERE sent IS NULL;

-- One event for one person. `waiting`: to be told at once, and in no letter yet.
CREATE TABLE alert (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription_id INTEGER NOT NULL REFERENCES subscription (id),
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    details TEXT NOT NULL,
    at INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    letter_id INTEGER REFERENCES letter (id),
    UNIQUE (subscription_id, kind, about)
) STRICT;
CREATE INDEX alert_by_time ON alert (subscription_id, at);
CREATE INDEX alert_by_age ON alert (at);
CREATE INDEX alert_waiting ON alert (subscription_id) WHERE waiting = 1;
CREATE INDEX alert_by_letter ON alert (letter_id) WHERE letter_id IS NOT NULL;

-- Where a procedure's events are posted to. Secrets are sealed; of two, the former holds until a moment.
CREATE TABLE hook (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    url TEXT NOT NULL,
    kinds TEXT NOT NULL,
    secret TEXT NOT NULL,
    former TEXT,
    former_until INTEGER,
    next_digest INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    stopped_at TEXT,
    stopped_why TEXT
) STRICT;
CREATE INDEX hook_by_procedure ON hook (procedure_id);

-- What was posted, or is to be. The body goes once it was taken or given up.
CREATE TABLE delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hook_id INTEGER NOT NULL REFERENCES hook (id),
    message TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    body TEXT NOT NULL,
    created INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    next_try INTEGER,
    tried INTEGER,
    outcome TEXT NOT NULL,
    UNIQUE (hook_id, kind, about)
) STRICT;
CREATE INDEX delivery_waiting ON delivery (next_try) WHERE next_try IS NOT NULL;
CREATE INDEX delivery_by_age ON delivery (created);
CREATE INDEX delivery_by_hook ON delivery (hook_id, id);
