-- Open placements that received nothing in the latest month of all, with the day of their last review.
SELECT bi_placement.procedure, bi_placement.placement, bi_placement.label, MAX(bi_day.day) AS last_day
FROM bi_placement LEFT JOIN bi_day ON bi_day.placement = bi_placement.placement AND bi_day.reviews > 0
WHERE bi_placement.closed_at IS NULL
GROUP BY bi_placement.procedure, bi_placement.placement, bi_placement.label
HAVING COALESCE(MAX(bi_day.day), '') < (SELECT SUBSTR(MAX(day), 1, 7) FROM bi_day)
ORDER BY bi_placement.procedure;
