-- What stands ready beside `reviews` in a DuckDB copy. Formulas and interval: docs/methodology.md, collector/indicators.py.

CREATE OR REPLACE VIEW reviews_by_day AS
SELECT
    procedure,
    day,
    COUNT(*) AS reviews,
    COUNT(*) FILTER (WHERE satisfaction = 'bad') AS bad,
    COUNT(*) FILTER (WHERE satisfaction = 'medium') AS medium,
    COUNT(*) FILTER (WHERE satisfaction = 'good') AS good,
    COUNT(*) FILTER (WHERE form = 'malfunction') AS malfunctions,
    COUNT(verbatim) AS verbatims
FROM reviews
GROUP BY procedure, day;

-- One row for each desk of the administration of which a review says something.
CREATE OR REPLACE VIEW contacts AS
SELECT * FROM (
    SELECT
        id,
        procedure,
        day,
        unnest(['counter', 'phone', 'email', 'chat']) AS desk,
        unnest([contact_reached_counter, contact_reached_phone, contact_reached_email, contact_reached_chat]) AS reached,
        unnest([
            contact_satisfaction_counter, contact_satisfaction_phone, contact_satisfaction_email, contact_satisfaction_chat
        ]) AS mark
    FROM reviews
)
WHERE reached IS NOT NULL OR mark IS NOT NULL;

-- One row for each answer that an indicator is a mean of: `points` from 0 to `top`.
CREATE OR REPLACE VIEW answers AS
SELECT
    procedure, day, 'satisfaction' AS indicator, 10 AS scale, 10.0::DOUBLE AS top,
    CASE satisfaction WHEN 'bad' THEN 0 WHEN 'medium' THEN 5 WHEN 'good' THEN 10 END::DOUBLE AS points
FROM reviews WHERE satisfaction IS NOT NULL
UNION ALL
SELECT procedure, day, 'comprehension', 10, 10, (comprehension - 1) * 2.5 FROM reviews WHERE comprehension IS NOT NULL
UNION ALL
SELECT procedure, day, 'contact_reachability', 1, 1, reached::INTEGER FROM contacts WHERE reached IS NOT NULL
UNION ALL
SELECT procedure, day, 'contact_satisfaction', 10, 10, (mark - 1) * 2.5 FROM contacts WHERE mark IS NOT NULL
UNION ALL
SELECT procedure, day, 'contact', 10, 10, (mark - 1) * 2.5 FROM contacts WHERE mark IS NOT NULL
UNION ALL
-- Somebody who reached nobody counts as a help of 0 points.
SELECT procedure, day, 'contact', 10, 10, 0 FROM contacts WHERE NOT reached
UNION ALL
SELECT procedure, day, 'autonomy', 10, 1, list_contains(contact_tried, 'none')::INTEGER
FROM reviews WHERE len(contact_tried) > 0;

-- Agresti and Coull's interval carried over to bounded marks: z²/2 answers more at each end.
CREATE OR REPLACE MACRO centre_of(n, s, top) AS (s + 1.9207294103470858 * top) / (n + 3.8414588206941716);
CREATE OR REPLACE MACRO half_of(n, s, squares, top) AS 1.959963984540054 * sqrt(
    squares - 2 * centre_of(n, s, top) * s + n * centre_of(n, s, top) ** 2
    + 1.9207294103470858 * (centre_of(n, s, top) ** 2 + (top - centre_of(n, s, top)) ** 2)
) / (n + 3.8414588206941716);
CREATE OR REPLACE MACRO low_of(n, s, squares, top) AS least(
    greatest(0, centre_of(n, s, top) - half_of(n, s, squares, top)), s / n
);
CREATE OR REPLACE MACRO high_of(n, s, squares, top) AS greatest(
    least(top, centre_of(n, s, top) + half_of(n, s, squares, top)), s / n
);

-- `FROM indicators_between('2026-01-01', '2026-03-31')`. Without an answer there is no row.
CREATE OR REPLACE MACRO indicators_between(first_day, last_day) AS TABLE
SELECT
    procedure,
    indicator,
    scale,
    n AS count,
    s / n * scale / top AS value,
    low_of(n, s, squares, top) * scale / top AS low,
    high_of(n, s, squares, top) * scale / top AS high
FROM (
    SELECT procedure, indicator, scale, top, COUNT(*) AS n, SUM(points) AS s, SUM(points * points) AS squares
    FROM answers
    WHERE day BETWEEN first_day::DATE AND last_day::DATE
    GROUP BY procedure, indicator, scale, top
);

CREATE OR REPLACE VIEW indicators AS SELECT * FROM indicators_between('0001-01-01', '9999-12-31');

CREATE OR REPLACE VIEW indicators_by_day AS
SELECT
    procedure,
    day,
    indicator,
    scale,
    n AS count,
    s / n * scale / top AS value,
    low_of(n, s, squares, top) * scale / top AS low,
    high_of(n, s, squares, top) * scale / top AS high
FROM (
    SELECT procedure, day, indicator, scale, top, COUNT(*) AS n, SUM(points) AS s, SUM(points * points) AS squares
    FROM answers
    GROUP BY procedure, day, indicator, scale, top
);
