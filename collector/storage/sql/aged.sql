-- What is too old, found by its day through an index of its own. Days are compared as text: YYYY-MM-DD.

-- name: aged_reviews
SELECT procedure_id, seq FROM review WHERE day < :day ORDER BY day LIMIT :number;

-- name: count_aged_reviews^
SELECT COUNT(*) AS number FROM review WHERE day < :day;

-- name: aged_texts
SELECT procedure_id, seq FROM review
WHERE day < :day AND (verbatim IS NOT NULL OR contact_tried_other IS NOT NULL OR own_texts IS NOT NULL) ORDER BY day LIMIT :number;

-- name: count_aged_texts^
SELECT COUNT(*) AS number FROM review
WHERE day < :day AND day >= :kept AND (verbatim IS NOT NULL OR contact_tried_other IS NOT NULL OR own_texts IS NOT NULL);

-- name: forget_gone!
-- Procedure by procedure, as its index goes.
DELETE FROM review_gone WHERE procedure_id IN (SELECT id FROM procedure)
    AND change <= (SELECT MAX(change) FROM purge WHERE day < :day);

-- name: put_purge!
INSERT INTO purge (day, change) VALUES (:day, (SELECT change FROM progress))
ON CONFLICT (day) DO UPDATE SET change = excluded.change;

-- name: purged_on^
SELECT day FROM purge WHERE day = :day;
