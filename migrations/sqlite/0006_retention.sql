-- Forget what is too old, and publish nothing that too few people stand behind.

-- What is too old is found by its day, without walking through all that is not.
CREATE INDEX review_by_day ON review (day);
CREATE INDEX review_text_by_day ON review (day) WHERE verbatim IS NOT NULL OR contact_tried_other IS NOT NULL;

-- Work that one worker of several does. It is free when `expires` (seconds since 1970) has passed.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The days on which everything too old was forgotten, and the last change of all by then: a trace of a removed review
-- is dropped once every job had a year to read it.
CREATE TABLE purge (
    day TEXT PRIMARY KEY,
    change INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How many reviews say of any desk whether it was reached, and how any helped: a review may do so for four.
ALTER TABLE day_count ADD COLUMN contacted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE day_count ADD COLUMN helped INTEGER NOT NULL DEFAULT 0;
INSERT INTO day_count (procedure_id, day, placement_id, form_version, lang, contacted, helped)
SELECT procedure_id, day, placement_id, form_version, lang,
    SUM(CASE WHEN contact_reached <> '{}' THEN 1 ELSE 0 END),
    SUM(CASE WHEN contact_satisfaction <> '{}' THEN 1 ELSE 0 END)
FROM review WHERE contact_reached <> '{}' GROUP BY procedure_id, day, placement_id, form_version, lang
ON CONFLICT (procedure_id, day, placement_id, form_version, lang) DO UPDATE SET
    contacted = excluded.contacted, helped = excluded.helped;

-- What the public was told of a procedure on a day: sums since its first review and how many reviews stood behind each
-- (JSON text). Only differences of these rows are ever published: see collector/suppression.py.
CREATE TABLE published (
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    family TEXT NOT NULL,
    day TEXT NOT NULL,
    counts TEXT NOT NULL,
    told TEXT NOT NULL,
    PRIMARY KEY (procedure_id, family, day)
) STRICT, WITHOUT ROWID;
