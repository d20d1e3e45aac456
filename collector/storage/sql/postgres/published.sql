-- name: latest_steps_of
-- Of each of several procedures, each family's latest step on or before :day.
SELECT published.procedure_id, published.family, published.day, published.counts, published.told
FROM (
    SELECT procedure_id, family, MAX(day) AS day FROM jsonb_array_elements_text(CAST(:procedures AS JSONB)) AS wanted (value) CROSS JOIN published
    WHERE procedure_id = CAST(wanted.value AS BIGINT) AND day <= :day GROUP BY procedure_id, family
) AS latest
JOIN published ON published.procedure_id = latest.procedure_id
    AND published.family = latest.family AND published.day = latest.day;
