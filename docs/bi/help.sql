-- Which desk of the administration is reached, as a share of the times it was tried; without any, no value.
SELECT procedure, 'phone' AS desk, SUM(phone_reached) AS reached, SUM(phone_missed) AS missed,
    1.0 * SUM(phone_reached) / NULLIF(SUM(phone_reached + phone_missed), 0) AS reachability
FROM bi_day GROUP BY procedure
UNION ALL
SELECT procedure, 'counter', SUM(counter_reached), SUM(counter_missed),
    1.0 * SUM(counter_reached) / NULLIF(SUM(counter_reached + counter_missed), 0)
FROM bi_day GROUP BY procedure
ORDER BY procedure, desk;
