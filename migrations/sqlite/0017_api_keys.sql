-- Programs that read through the API: what they are for, what they may read, and their keys.
CREATE TABLE service_account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    purpose TEXT NOT NULL,
    -- Moved by whoever makes a key, so that two who do so at once take turns.
    keys INTEGER NOT NULL DEFAULT 0,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE TABLE service_organisation (
    service_id INTEGER NOT NULL REFERENCES service_account (id),
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    PRIMARY KEY (service_id, organisation_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE service_procedure (
    service_id INTEGER NOT NULL REFERENCES service_account (id),
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    PRIMARY KEY (service_id, procedure_id)
) STRICT, WITHOUT ROWID;

-- Of a key its public beginning and a digest of the whole. `used_at` is known to some minutes.
CREATE TABLE api_key (
    id TEXT PRIMARY KEY,
    service_id INTEGER NOT NULL REFERENCES service_account (id),
    digest TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT,
    revoked_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX api_key_by_service ON api_key (service_id, created_at);
