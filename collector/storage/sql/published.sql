-- What the public was told: see collector/suppression.py.

-- name: hold_progress!
-- From here to the commit this transaction is the only writer, as after take_changes.
UPDATE progress SET directory = directory;

-- name: latest_steps
-- Each family's latest step on or before :day.
SELECT published.family, published.day, published.counts, published.told
FROM published
JOIN (
    SELECT family, MAX(day) AS day FROM published
    WHERE procedure_id = :procedure_id AND day <= :day GROUP BY family
) AS latest ON latest.family = published.family AND latest.day = published.day
WHERE published.procedure_id = :procedure_id;

-- name: steps_by_month
-- Each family's latest step of each month from :first to :last.
SELECT published.family, published.day, published.counts, published.told
FROM published
JOIN (
    SELECT family, MAX(day) AS day FROM published
    WHERE procedure_id = :procedure_id AND day >= :first AND day <= :last GROUP BY family, SUBSTR(day, 1, 7)
) AS latest ON latest.family = published.family AND latest.day = published.day
WHERE published.procedure_id = :procedure_id;

-- name: told
SELECT family, told FROM published WHERE procedure_id = :procedure_id;

-- name: put_steps*!
INSERT INTO published (procedure_id, family, day, counts, told)
VALUES (:procedure_id, :family, :day, :counts, :told)
ON CONFLICT (procedure_id, family, day) DO UPDATE SET counts = excluded.counts, told = excluded.told;
