-- A look at what is stored, for whoever checks it. See collector/storage/samples.py.

-- name: latest_reviews
SELECT minute FROM review ORDER BY seq DESC LIMIT :number;

-- name: last_purge^
SELECT MAX(day) AS day FROM purge;

-- name: first_procedure^
SELECT MIN(created_at) AS at FROM procedure;

-- name: counted_days
SELECT procedure_id, day FROM day_count WHERE day >= :from_day GROUP BY procedure_id, day
ORDER BY day DESC, procedure_id LIMIT :number;

-- name: counts_of_a_day
SELECT * FROM day_count WHERE procedure_id = :procedure_id AND day = :day;

-- name: own_counts_of_a_day
SELECT * FROM own_count WHERE procedure_id = :procedure_id AND day = :day;

-- name: reviews_of_a_day
SELECT * FROM review WHERE procedure_id = :procedure_id AND day = :day;
