-- What waits for a person. All walk the index of the suspected, which is small where nobody attacks.
-- A review's state: 'suspect', 'confirmed', or 'released' when it was suspected once and counts.

-- name: waves
-- Suspects that a person can judge together: of one day, for one reason.
SELECT day, suspicion AS reason, COUNT(*) AS reviews, MIN(minute) AS first, MAX(minute) AS last FROM review
WHERE procedure_id = :procedure_id AND suspicion IS NOT NULL AND COALESCE(aside, 'released') = :state
GROUP BY day, suspicion ORDER BY day DESC, suspicion LIMIT :number;

-- name: suspects_of_wave
-- The latest first: the page after (older than) :before.
SELECT review.* FROM review
WHERE procedure_id = :procedure_id AND suspicion = :reason AND day = :day AND COALESCE(aside, 'released') = :state
    AND seq < :before
ORDER BY seq DESC LIMIT :number;

-- name: suspects_waiting
-- How many wait, by procedure.
SELECT procedure_id, COUNT(*) AS reviews FROM review
WHERE suspicion IS NOT NULL AND aside = 'suspect'
GROUP BY procedure_id;

-- name: confirm_wave!
-- Neither a figure nor a copy changes by this, so it needs no change number.
UPDATE review SET aside = 'confirmed'
WHERE procedure_id = :procedure_id AND suspicion = :reason AND day = :day AND aside = 'suspect';

-- name: texts_since
-- What was written today since :minute and counts: walks the index of the day's texts.
SELECT seq, verbatim FROM review
WHERE procedure_id = :procedure_id AND day = :day AND minute >= :minute AND verbatim IS NOT NULL AND suspicion IS NULL
ORDER BY seq DESC LIMIT :number;

-- name: suspected_since
-- What became of the suspects of each day, of every procedure: walks each one's own, from that day on.
SELECT procedure_id, day, COUNT(*) AS reviews, SUM(CASE WHEN aside = 'confirmed' THEN 1 ELSE 0 END) AS confirmed,
    SUM(CASE WHEN aside IS NULL THEN 1 ELSE 0 END) AS released
FROM procedure CROSS JOIN review
WHERE review.procedure_id = procedure.id AND suspicion IS NOT NULL AND day >= :from_day
GROUP BY procedure_id, day;
