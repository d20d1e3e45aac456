-- Sites that are not allowed to show a form, and tried.

-- name: count_refused!
INSERT INTO refused_origin (procedure_id, origin, times, last_at) VALUES (:procedure_id, :origin, :times, :last_at)
ON CONFLICT (procedure_id, origin) DO UPDATE SET
    times = refused_origin.times + excluded.times, last_at = excluded.last_at;

-- name: trim_refused!
DELETE FROM refused_origin WHERE procedure_id = :procedure_id AND origin NOT IN (
    SELECT origin FROM refused_origin WHERE procedure_id = :procedure_id
    ORDER BY CASE WHEN origin = :origin THEN 0 ELSE 1 END, times DESC, last_at DESC, origin LIMIT :most
);

-- name: refused_origins
SELECT origin, times, last_at FROM refused_origin WHERE procedure_id = :procedure_id
ORDER BY last_at DESC, times DESC, origin;

-- name: forget_refused!
DELETE FROM refused_origin WHERE procedure_id = :procedure_id AND origin = :origin;
