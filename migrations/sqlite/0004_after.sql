-- What becomes of a review after it was stored: taken away, masked again; and who did it.

-- A review that was taken away, for the jobs that copied it: its identifier and day, nothing it said.
CREATE TABLE review_gone (
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    change INTEGER NOT NULL,
    public_id TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (procedure_id, change)
) STRICT, WITHOUT ROWID;

-- Who did what. Append-only: `digest` covers the line and the digest before it. See collector/storage/journal.py.
CREATE TABLE journal (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    digest TEXT NOT NULL
) STRICT;
CREATE INDEX journal_by_act ON journal (act, number);
CREATE INDEX journal_by_actor ON journal (actor, number);

-- One row: the last line. Whoever appends holds it until the commit, so that lines have an order.
CREATE TABLE journal_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    number INTEGER NOT NULL,
    digest TEXT NOT NULL
) STRICT;

-- How far a run of `avis remask` with these rules has come.
CREATE TABLE remasking (
    rules TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    last INTEGER NOT NULL,
    reviews INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    findings TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;
