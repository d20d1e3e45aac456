-- From where a link may be used, whether it gives its file once, and how many bytes each use took.
ALTER TABLE export_link ADD COLUMN networks TEXT NOT NULL DEFAULT '[]';
ALTER TABLE export_link ADD COLUMN once SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE export_link ADD COLUMN spent_at TEXT;
ALTER TABLE export_use ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;

-- The networks that a link was used from, under names that only the secret keys make (collector/exports/places.py). They go
-- with the link's life.
CREATE TABLE link_place (
    link_id TEXT NOT NULL REFERENCES export_link (id),
    name TEXT NOT NULL,
    first_at TEXT NOT NULL,
    PRIMARY KEY (link_id, name)
);
CREATE INDEX link_place_by_day ON link_place (first_at);
