-- A name for filters of reviews: somebody's own, or shown to every colleague of the procedure. `query` is how an address
-- writes them. What was taken out last stays for whoever takes that back.
CREATE TABLE saved_view (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    account_id INTEGER NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    shared INTEGER NOT NULL DEFAULT 0,
    removed_at TEXT
) STRICT;
CREATE INDEX saved_view_by_procedure ON saved_view (procedure_id, account_id);
