-- What is said how often. See collector/storage/said.py.

-- name: said_most
-- The words that most comments of a month have.
SELECT said FROM said_count
WHERE procedure_id = :procedure_id AND month = :month AND kind = 'word'
ORDER BY reviews DESC LIMIT :number;
