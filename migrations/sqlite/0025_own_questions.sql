-- An owner's own questions: what a review answers to them (JSON, nothing where none is asked), texts apart because they
-- are forgotten earlier.
ALTER TABLE review ADD COLUMN own_answers TEXT;
ALTER TABLE review ADD COLUMN own_texts TEXT;

DROP INDEX review_text_by_day;
CREATE INDEX review_text_by_day ON review (day)
    WHERE verbatim IS NOT NULL OR contact_tried_other IS NOT NULL OR own_texts IS NOT NULL;

-- How often each answer was given, kept by the transaction that writes the reviews. `answer` is a code or a mark, and ''
-- counts whoever answered the question at all.
CREATE TABLE own_count (
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    day TEXT NOT NULL,
    placement_id INTEGER NOT NULL REFERENCES placement (id),
    form_version INTEGER NOT NULL,
    lang TEXT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    reviews INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (procedure_id, day, placement_id, form_version, lang, question, answer)
) STRICT, WITHOUT ROWID;
