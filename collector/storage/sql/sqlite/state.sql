-- name: database_size^
SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size) AS bytes;

-- name: rows_about
-- The highest number that each table has given: what it holds, or held at most.
SELECT name, seq AS rows FROM sqlite_sequence;
