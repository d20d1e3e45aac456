-- What a procedure did each day, by channel: numbers that an owner imports, never a citizen. `delay` is a median, in
-- hundredths of a day. See collector/storage/operations.py.
CREATE TABLE operation (
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    day TEXT NOT NULL,
    channel TEXT NOT NULL,
    started INTEGER,
    completed INTEGER NOT NULL,
    delay INTEGER,
    PRIMARY KEY (procedure_id, day, channel)
) STRICT, WITHOUT ROWID;

-- The last import of each procedure, with what was there before it: JSON, until the next import or until it is undone.
CREATE TABLE operation_import (
    procedure_id INTEGER NOT NULL PRIMARY KEY REFERENCES procedure (id),
    imported_at TEXT,
    imported_by TEXT,
    added INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    before TEXT NOT NULL DEFAULT '[]'
) STRICT;
