-- The first schema: who is rated, what was said, what it counts up to, who may read it.
-- Instants are text in UTC (2026-11-22T09:54:00Z) and days are text in Paris time (2026-11-22), on both engines alike.

CREATE TABLE organisation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    ministry TEXT NOT NULL,
    UNIQUE (name, ministry)
) STRICT;

CREATE TABLE procedure (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    slug TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    audiences TEXT NOT NULL,
    origins TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'open', 'closed', 'archived')),
    demo INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE placement (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    key TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL CHECK (channel IN ('web', 'email', 'qr', 'counter', 'phone', 'kiosk')),
    form TEXT NOT NULL CHECK (form IN ('satisfaction', 'malfunction')),
    label TEXT NOT NULL,
    contact INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    closed_at TEXT
) STRICT;
CREATE INDEX placement_by_procedure ON placement (procedure_id);

-- One row. Every write transaction takes `change` from it first, and so is the only writer until it has committed:
-- a change number that is visible has no smaller one still to come, which is what lets a job read "after N" and never
-- miss a row. `directory` moves whenever a procedure or placement does: see collector/storage/writer.py.
CREATE TABLE progress (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    change INTEGER NOT NULL,
    directory INTEGER NOT NULL
) STRICT;
INSERT INTO progress (one, change, directory) VALUES (1, 0, 0);

-- No address, no user agent, no browser id. `minute` is minutes since 1970 (UTC); lists and maps are JSON text.
CREATE TABLE review (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    capability TEXT NOT NULL,
    public_id TEXT NOT NULL,
    placement_id INTEGER NOT NULL REFERENCES placement (id),
    form TEXT NOT NULL,
    form_version INTEGER NOT NULL,
    lang TEXT NOT NULL,
    minute INTEGER NOT NULL,
    day TEXT NOT NULL,
    page TEXT,
    satisfaction TEXT,
    comprehension INTEGER,
    contact_tried TEXT NOT NULL,
    contact_tried_other TEXT,
    contact_reached TEXT NOT NULL,
    contact_satisfaction TEXT NOT NULL,
    kind TEXT,
    device TEXT,
    browser TEXT,
    verbatim TEXT,
    revision INTEGER NOT NULL,
    change INTEGER NOT NULL,
    UNIQUE (procedure_id, capability)
) STRICT;
CREATE INDEX review_by_procedure ON review (procedure_id, seq);
CREATE UNIQUE INDEX review_by_change ON review (change);
CREATE INDEX review_by_procedure_change ON review (procedure_id, change);

-- A citizen's e-mail for an answer: sealed, apart from the review, gone after 60 days, in no export.
CREATE TABLE contact (
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    capability TEXT NOT NULL,
    sealed BLOB NOT NULL,
    delete_after TEXT NOT NULL,
    PRIMARY KEY (procedure_id, capability)
) STRICT;
CREATE INDEX contact_by_age ON contact (delete_after);

-- Kept by the transaction that writes the reviews: always equal to a recount of them.
CREATE TABLE day_count (
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    day TEXT NOT NULL,
    placement_id INTEGER NOT NULL REFERENCES placement (id),
    form_version INTEGER NOT NULL,
    lang TEXT NOT NULL,
    reviews INTEGER NOT NULL DEFAULT 0,
    satisfaction_bad INTEGER NOT NULL DEFAULT 0,
    satisfaction_medium INTEGER NOT NULL DEFAULT 0,
    satisfaction_good INTEGER NOT NULL DEFAULT 0,
    comprehension_1 INTEGER NOT NULL DEFAULT 0,
    comprehension_2 INTEGER NOT NULL DEFAULT 0,
    comprehension_3 INTEGER NOT NULL DEFAULT 0,
    comprehension_4 INTEGER NOT NULL DEFAULT 0,
    comprehension_5 INTEGER NOT NULL DEFAULT 0,
    tried INTEGER NOT NULL DEFAULT 0,
    tried_counter INTEGER NOT NULL DEFAULT 0,
    tried_phone INTEGER NOT NULL DEFAULT 0,
    tried_email INTEGER NOT NULL DEFAULT 0,
    tried_chat INTEGER NOT NULL DEFAULT 0,
    tried_relative INTEGER NOT NULL DEFAULT 0,
    tried_association INTEGER NOT NULL DEFAULT 0,
    tried_website INTEGER NOT NULL DEFAULT 0,
    tried_other INTEGER NOT NULL DEFAULT 0,
    tried_none INTEGER NOT NULL DEFAULT 0,
    counter_reached INTEGER NOT NULL DEFAULT 0,
    counter_missed INTEGER NOT NULL DEFAULT 0,
    phone_reached INTEGER NOT NULL DEFAULT 0,
    phone_missed INTEGER NOT NULL DEFAULT 0,
    email_reached INTEGER NOT NULL DEFAULT 0,
    email_missed INTEGER NOT NULL DEFAULT 0,
    chat_reached INTEGER NOT NULL DEFAULT 0,
    chat_missed INTEGER NOT NULL DEFAULT 0,
    counter_help_1 INTEGER NOT NULL DEFAULT 0,
    counter_help_2 INTEGER NOT NULL DEFAULT 0,
    counter_help_3 INTEGER NOT NULL DEFAULT 0,
    counter_help_4 INTEGER NOT NULL DEFAULT 0,
    counter_help_5 INTEGER NOT NULL DEFAULT 0,
    phone_help_1 INTEGER NOT NULL DEFAULT 0,
    phone_help_2 INTEGER NOT NULL DEFAULT 0,
    phone_help_3 INTEGER NOT NULL DEFAULT 0,
    phone_help_4 INTEGER NOT NULL DEFAULT 0,
    phone_help_5 INTEGER NOT NULL DEFAULT 0,
    email_help_1 INTEGER NOT NULL DEFAULT 0,
    email_help_2 INTEGER NOT NULL DEFAULT 0,
    email_help_3 INTEGER NOT NULL DEFAULT 0,
    email_help_4 INTEGER NOT NULL DEFAULT 0,
    email_help_5 INTEGER NOT NULL DEFAULT 0,
    chat_help_1 INTEGER NOT NULL DEFAULT 0,
    chat_help_2 INTEGER NOT NULL DEFAULT 0,
    chat_help_3 INTEGER NOT NULL DEFAULT 0,
    chat_help_4 INTEGER NOT NULL DEFAULT 0,
    chat_help_5 INTEGER NOT NULL DEFAULT 0,
    kind_technical INTEGER NOT NULL DEFAULT 0,
    kind_situation INTEGER NOT NULL DEFAULT 0,
    kind_suggestion INTEGER NOT NULL DEFAULT 0,
    verbatims INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (procedure_id, day, placement_id, form_version, lang)
) STRICT, WITHOUT ROWID;

-- How much of a limit is used. `name` is a keyed digest that holds for one day: see collector/privacy/visitors.py.
CREATE TABLE limit_count (
    name TEXT PRIMARY KEY,
    used INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX limit_count_by_expiry ON limit_count (expires);

-- Half of the key of a day's visitor names; the other half is the secret key, which is not in the database.
CREATE TABLE visitor_salt (
    day TEXT PRIMARY KEY,
    salt BLOB NOT NULL
) STRICT;

CREATE TABLE account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('administrator', 'manager', 'reader')),
    password TEXT NOT NULL,
    must_change INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    disabled_at TEXT
) STRICT;

CREATE TABLE account_procedure (
    account_id INTEGER NOT NULL REFERENCES account (id),
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    PRIMARY KEY (account_id, procedure_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    digest TEXT PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_account ON session (account_id);

CREATE TABLE export_link (
    id TEXT PRIMARY KEY,
    procedures TEXT NOT NULL,
    content TEXT NOT NULL,
    format TEXT NOT NULL,
    from_day TEXT,
    to_day TEXT,
    recipient TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    revoked_at TEXT
) STRICT;

CREATE TABLE export_use (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    link_id TEXT NOT NULL REFERENCES export_link (id),
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    rows INTEGER NOT NULL,
    outcome TEXT NOT NULL
) STRICT;
CREATE INDEX export_use_by_link ON export_use (link_id, id);
