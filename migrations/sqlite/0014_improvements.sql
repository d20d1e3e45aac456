-- What an owner improved, and when: marked on the figures, with what came before and after. `published` may be shown to
-- everybody. What was taken out stays for whoever takes that back.
CREATE TABLE improvement (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    day TEXT NOT NULL,
    words TEXT NOT NULL,
    published INTEGER NOT NULL DEFAULT 0,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    removed_at TEXT
) STRICT;
CREATE INDEX improvement_by_procedure ON improvement (procedure_id, day);
