-- How many submissions of a day were refused, and why: a limit, or a site that is not allowed. Of nobody.
CREATE TABLE turned_away (
    procedure_id BIGINT NOT NULL REFERENCES procedure (id),
    day TEXT NOT NULL,
    why TEXT NOT NULL,
    times BIGINT NOT NULL,
    PRIMARY KEY (procedure_id, day, why)
);
CREATE INDEX turned_away_by_day ON turned_away (day);
