-- Which reviews say a word. See collector/storage/search.py.

-- name: indexed_until^
SELECT change FROM indexing;

-- name: put_indexed!
INSERT INTO indexing (one, change) VALUES (1, :change) ON CONFLICT (one) DO UPDATE SET change = excluded.change;

-- name: reviews_to_index
-- In the order of changes, of every procedure.
SELECT change, procedure_id, day, seq, verbatim, satisfaction, aside FROM review WHERE change > :after ORDER BY change LIMIT :number;

-- name: places_of_word
-- The latest first, from a place down.
SELECT day, seq FROM review_word
WHERE procedure_id = :procedure_id AND word = :word AND (day, seq) <= (:day, :seq) AND day >= :from_day
ORDER BY day DESC, seq DESC LIMIT :number;

-- name: words_of_stem
SELECT word FROM word WHERE procedure_id = :procedure_id AND stem = :stem ORDER BY word LIMIT :number;

-- name: words_between
SELECT word FROM word WHERE procedure_id = :procedure_id AND word >= :first AND word < :end ORDER BY word LIMIT :number;
