-- The lists of collector/themes.toml have changed: comments are counted anew, in small steps, as the index of words goes
-- over them again.
DELETE FROM said;
DELETE FROM said_count;
DELETE FROM indexing;
