-- Where opinions come from, and how satisfied people are there.
SELECT channel, SUM(reviews) AS reviews, SUM(verbatims) AS comments,
    (5.0 * SUM(satisfaction_medium) + 10.0 * SUM(satisfaction_good))
    / NULLIF(SUM(satisfaction_bad + satisfaction_medium + satisfaction_good), 0) AS satisfaction
FROM bi_day GROUP BY channel ORDER BY reviews DESC;
