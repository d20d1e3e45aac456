-- name: database_size^
SELECT pg_database_size(current_database()) AS bytes;

-- name: rows_about
-- As the server's own statistics have it. What has none yet says -1; a table in parts is the sum of them.
SELECT relname AS name, CAST(reltuples AS BIGINT) AS rows FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND reltuples >= 0;
