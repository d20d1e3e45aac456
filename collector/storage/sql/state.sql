-- How a database is doing, without counting anything. See collector/storage/state.py.

-- name: behind^
SELECT progress.change - COALESCE((SELECT change FROM indexing), 0) AS changes FROM progress;

-- name: leases_held
SELECT name, expires FROM lease WHERE expires > :now ORDER BY name;

-- name: letters_waiting^
SELECT COUNT(*) AS letters, COALESCE(MAX(tries), 0) AS tries FROM letter WHERE sent IS NULL;

-- name: last_letter^
SELECT sent FROM letter WHERE sent IS NOT NULL ORDER BY created DESC LIMIT :number;
