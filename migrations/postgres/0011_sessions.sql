-- People see their sessions and end them. Of a browser its family and the kind of machine, for its owner to recognise;
-- `used_at` is known to some minutes, and a session that nobody uses ends by it.
ALTER TABLE session ADD COLUMN used_at TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT 'other';
ALTER TABLE session ADD COLUMN browser TEXT NOT NULL DEFAULT 'other';
UPDATE session SET used_at = created_at;
