-- Reports of malfunctions, as an owner deals with them: alike ones are one problem, which has a status and somebody who
-- looks after it. No text is copied: a problem is told by its leader, the review that it began with.
CREATE TABLE problem (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    kind TEXT NOT NULL,
    leader INTEGER,
    first_minute INTEGER NOT NULL,
    last_minute INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'confirmed', 'in_progress', 'fixed', 'wont_fix')),
    assignee TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    returned INTEGER NOT NULL DEFAULT 0,
    fixed_minute INTEGER,
    changed_at TEXT,
    changed_by TEXT,
    before_status TEXT,
    before_assignee TEXT
) STRICT;
CREATE INDEX problem_by_procedure ON problem (procedure_id, last_minute, id);
CREATE INDEX problem_by_leader ON problem (leader);
CREATE INDEX problem_new ON problem (procedure_id, kind, first_minute) WHERE status = 'new';

-- Which review is a report of which problem.
CREATE TABLE report (
    seq INTEGER PRIMARY KEY,
    problem_id INTEGER NOT NULL REFERENCES problem (id)
) STRICT;
CREATE INDEX report_by_problem ON report (problem_id, seq);

-- One row: reports that changed up to here are sorted.
CREATE TABLE sorting (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    change INTEGER NOT NULL
) STRICT;
CREATE INDEX review_report ON review (change) WHERE kind IS NOT NULL;
