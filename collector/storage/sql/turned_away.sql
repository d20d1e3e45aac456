-- Submissions that were refused. See collector/storage/turned_away.py.

-- name: turned_away_since
SELECT procedure_id, day, why, times FROM turned_away WHERE day >= :from_day;

-- name: trim_turned_away!
DELETE FROM turned_away WHERE day < :day;
