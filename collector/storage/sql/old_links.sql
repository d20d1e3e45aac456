-- Links of the national service that lead to placements. See collector/storage/old_links.py.

-- name: old_links_of_number
SELECT parameter, value, placement.key AS key, placement.procedure_id AS procedure_id
FROM old_link JOIN placement ON placement.id = old_link.placement_id
WHERE number = :number ORDER BY parameter, value;

-- name: old_links_of_placement
SELECT number, parameter, value FROM old_link WHERE placement_id = :placement_id ORDER BY number, parameter, value;

-- name: old_numbers
SELECT placement.procedure_id AS procedure_id, MIN(number) AS number
FROM old_link JOIN placement ON placement.id = old_link.placement_id
WHERE parameter = 'button' GROUP BY placement.procedure_id;

-- name: put_old_link!
INSERT INTO old_link (number, parameter, value, placement_id) VALUES (:number, :parameter, :value, :placement_id)
ON CONFLICT (number, parameter, value) DO UPDATE SET placement_id = excluded.placement_id;

-- name: remove_old_links!
DELETE FROM old_link WHERE placement_id = :placement_id AND number = :number;
