-- What is said how often, by month: words, themes (collector/themes.toml), and all comments that are counted (kind 'all').
-- A row goes when nobody says it any more.
CREATE TABLE said_count (
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    month TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('word', 'theme', 'all')),
    said TEXT NOT NULL,
    reviews INTEGER NOT NULL,
    bad INTEGER NOT NULL,
    medium INTEGER NOT NULL,
    good INTEGER NOT NULL,
    PRIMARY KEY (procedure_id, month, kind, said)
) STRICT, WITHOUT ROWID;
CREATE INDEX said_count_by_number ON said_count (procedure_id, month, kind, reviews);

-- As what each comment is counted there: a comment is counted once, whatever becomes of the review.
CREATE TABLE said (
    procedure_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    satisfaction TEXT,
    PRIMARY KEY (procedure_id, seq)
) STRICT, WITHOUT ROWID;

-- What is stored already is counted from the first comment, in small steps, as the index of words goes over it again.
DELETE FROM indexing;
