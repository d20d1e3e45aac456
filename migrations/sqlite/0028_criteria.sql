-- What is declared of a procedure beside its reviews, criterion by criterion: lines that are only ever added, the last
-- one holds. See collector/criteria.py and collector/storage/criteria.py.
CREATE TABLE criterion (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    name TEXT NOT NULL,
    standing TEXT NOT NULL,
    value TEXT,
    evidence TEXT,
    day TEXT NOT NULL,
    declared_by TEXT NOT NULL,
    declared_at TEXT NOT NULL
) STRICT;
CREATE INDEX criterion_by_procedure ON criterion (procedure_id, name, id);
