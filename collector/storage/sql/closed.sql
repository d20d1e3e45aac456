-- Closed placements that somebody still uses. See collector/storage/closed.py.

-- name: count_closed_use!
INSERT INTO closed_use (placement_id, day, opened, sent) VALUES (:placement_id, :day, :opened, :sent)
ON CONFLICT (placement_id, day) DO UPDATE SET
    opened = closed_use.opened + excluded.opened, sent = closed_use.sent + excluded.sent;

-- name: trim_closed_uses!
DELETE FROM closed_use WHERE day < :day;

-- name: closed_uses
SELECT placement_id, SUM(opened) AS opened, SUM(sent) AS sent FROM closed_use WHERE day >= :from_day
GROUP BY placement_id;
