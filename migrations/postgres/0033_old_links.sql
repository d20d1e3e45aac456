-- Links of the national service that lead here: `/Demarches/{number}?button=…`, or `?nd_source=…&key=…` of its first
-- years, whose numbers are others. One number is one procedure's.
CREATE TABLE old_link (
    number INTEGER NOT NULL,
    parameter TEXT NOT NULL CHECK (parameter IN ('button', 'nd_source', 'key')),
    value TEXT NOT NULL,
    placement_id BIGINT NOT NULL REFERENCES placement (id),
    PRIMARY KEY (number, parameter, value)
);
CREATE INDEX old_link_by_placement ON old_link (placement_id);
