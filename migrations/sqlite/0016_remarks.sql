-- What colleagues say to each other about a review: tags to find it by, and notes. Both go with the review.
CREATE TABLE review_tag (
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    word TEXT NOT NULL,
    day TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (procedure_id, word, day, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_tag_by_review ON review_tag (procedure_id, seq, word);

-- The tags that a procedure's reviews have, each once: to choose from.
CREATE TABLE tag (
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    word TEXT NOT NULL,
    PRIMARY KEY (procedure_id, word)
) STRICT, WITHOUT ROWID;

-- Masked before it is written. What was taken out last stays for whoever takes that back.
CREATE TABLE note (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    seq INTEGER NOT NULL,
    words TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    removed_at TEXT
) STRICT;
CREATE INDEX note_by_review ON note (procedure_id, seq);
