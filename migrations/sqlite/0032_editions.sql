-- Editions of the observatory: bytes that never change, with their SHA-256. A correction is another edition of the same
-- quarter. See collector/editions.py and collector/storage/editions.py.
CREATE TABLE edition (
    name TEXT NOT NULL PRIMARY KEY,
    quarter TEXT NOT NULL,
    number INTEGER NOT NULL,
    made_at TEXT NOT NULL,
    corrects TEXT,
    reason TEXT,
    digest TEXT NOT NULL,
    content BLOB NOT NULL,
    signature TEXT,
    signed_with TEXT,
    public_key TEXT,
    UNIQUE (quarter, number)
) STRICT;
