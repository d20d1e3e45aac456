-- What owners made of the satisfaction form, version by version. 1 is the national questionnaire and has no row; the
-- row that is not published is the draft. `procedure.form_version` is the one that citizens see.
CREATE TABLE form_version (
    procedure_id BIGINT NOT NULL REFERENCES procedure (id),
    number INTEGER NOT NULL,
    adjustments TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    published_at TEXT,
    published_by TEXT,
    PRIMARY KEY (procedure_id, number)
);
ALTER TABLE procedure ADD COLUMN form_version INTEGER NOT NULL DEFAULT 1;
