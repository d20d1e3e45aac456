-- What a list of reviews is asked for; NULL is everything. It stands where other files say "include".
AND (CAST(:satisfaction AS TEXT) IS NULL OR review.satisfaction = :satisfaction)
AND (CAST(:form AS TEXT) IS NULL OR review.form = :form)
AND (CAST(:placement_id AS BIGINT) IS NULL OR review.placement_id = :placement_id)
AND (:with_comment = 0 OR review.verbatim IS NOT NULL)
AND (CAST(:standing AS TEXT) IS NULL OR COALESCE(review.aside, 'counted') = :standing)
AND (CAST(:clarity AS BIGINT) IS NULL OR review.comprehension = :clarity)
AND (CAST(:lang AS TEXT) IS NULL OR review.lang = :lang)
AND (CAST(:help AS TEXT) IS NULL OR CASE CAST(:help AS TEXT)
    WHEN 'none' THEN review.contact_tried = '["none"]'
    WHEN 'tried' THEN review.contact_tried NOT IN ('[]', '["none"]')
    WHEN 'reached' THEN review.contact_reached <> REPLACE(review.contact_reached, 'true', '')
    ELSE review.contact_reached <> REPLACE(review.contact_reached, 'false', '') END)
