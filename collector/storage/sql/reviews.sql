-- Reading reviews. Every statement is bounded and walks an index: none may scan what is stored.

-- name: reviews_before
-- The latest day first, and of a day the latest arrival: the page after (older than) a day and a seq, not beyond a floor.
SELECT review.* FROM review
WHERE review.procedure_id = :procedure_id
    AND (review.day, review.seq) < (:before_day, :before_seq) AND (review.day, review.seq) >= (:floor_day, :floor_seq)
    -- include parts/asked.sql
ORDER BY review.day DESC, review.seq DESC LIMIT :number;

-- name: floor^
-- Where a walk of :steps reviews from there ends; nothing when there are fewer.
SELECT day, seq FROM review
WHERE procedure_id = :procedure_id AND (day, seq) < (:before_day, :before_seq) AND day >= :from_day
ORDER BY day DESC, seq DESC LIMIT 1 OFFSET :steps;

-- name: review_at^
SELECT * FROM review WHERE procedure_id = :procedure_id AND seq = :seq;

-- name: reviews_of_procedure_after
-- In the order of changes, for exports of one procedure; the reader leaves out what is not asked for.
SELECT * FROM review
WHERE procedure_id = :procedure_id AND change > :after AND change <= :last
ORDER BY change LIMIT :number;

-- name: gone_of_procedure_after
-- In the order of changes, for the jobs that copied one procedure.
SELECT change, public_id, day FROM review_gone
WHERE procedure_id = :procedure_id AND change > :after AND change <= :last
ORDER BY change LIMIT :number;

-- name: reviews_in_order
-- The earliest day first, and of a day the earliest arrival, for a file of one procedure. See `Given` in reviews.py.
SELECT seq, day, public_id, placement_id, form, form_version, lang, minute, page, satisfaction, comprehension,
    contact_tried, contact_tried_other, contact_reached, contact_satisfaction, kind, device, browser, verbatim, context,
    own_answers, own_texts
FROM review
WHERE procedure_id = :procedure_id AND (day, seq) > (:after_day, :after_seq) AND day <= :to_day
    AND seq <= :last AND aside IS NULL
ORDER BY day, seq LIMIT :number;

-- name: last_change^
-- Every change up to this one is committed: see `progress`.
SELECT change FROM progress;

-- name: last_seq^
SELECT COALESCE(MAX(seq), 0) AS seq FROM review;

-- name: reviews_by_day
-- The days that had any: what is usual for a procedure.
SELECT day, SUM(reviews) AS reviews FROM day_count
WHERE procedure_id = :procedure_id AND day >= :from_day AND day < :before_day
GROUP BY day HAVING SUM(reviews) > 0;
