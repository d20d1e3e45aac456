-- Sites that showed a procedure's form without being among its origins: so that its owner may allow them. A site only,
-- never a page or a visitor, and a few dozen for a procedure at most.
CREATE TABLE refused_origin (
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    origin TEXT NOT NULL,
    times INTEGER NOT NULL,
    last_at TEXT NOT NULL,
    PRIMARY KEY (procedure_id, origin)
) STRICT;
