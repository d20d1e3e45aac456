-- The end of the journal is sealed with a key that is not in the database: see collector/storage/seal.py.
ALTER TABLE journal_head ADD COLUMN seal TEXT NOT NULL DEFAULT '';
