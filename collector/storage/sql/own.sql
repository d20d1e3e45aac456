-- Answers to owners' own questions. See collector/storage/own.py.

-- name: own_counts_of_period
-- Where, in which version and in which language, as `counts_by_part`.
SELECT placement_id, form_version, lang, question, answer, SUM(reviews) AS reviews FROM own_count
WHERE procedure_id = :procedure_id AND day >= :from_day AND day <= :to_day
GROUP BY placement_id, form_version, lang, question, answer;
