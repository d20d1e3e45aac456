-- What procedures did each day, as their owners imported it. See collector/storage/operations.py.

-- name: operations
SELECT day, channel, started, completed, delay FROM operation
WHERE procedure_id = :procedure_id AND day >= :from_day AND day <= :to_day ORDER BY day, channel;

-- name: operations_after
SELECT day, channel, started, completed, delay FROM operation
WHERE procedure_id = :procedure_id AND (day, channel) > (:day, :channel) AND day <= :to_day
ORDER BY day, channel LIMIT :number;

-- name: last_operation^
SELECT day FROM operation WHERE procedure_id = :procedure_id ORDER BY day DESC LIMIT 1;

-- name: hold_import!
-- Whoever imports next waits here until this import is written.
INSERT INTO operation_import (procedure_id) VALUES (:procedure_id)
ON CONFLICT (procedure_id) DO UPDATE SET procedure_id = excluded.procedure_id;

-- name: put_import!
UPDATE operation_import SET imported_at = :at, imported_by = :by, added = :added, changed = :changed, before = :before
WHERE procedure_id = :procedure_id;

-- name: last_import^
SELECT imported_at, imported_by, added, changed FROM operation_import
WHERE procedure_id = :procedure_id AND imported_at IS NOT NULL;

-- name: before_import^
SELECT before FROM operation_import WHERE procedure_id = :procedure_id AND imported_at = :at;

-- name: forget_import!
UPDATE operation_import SET imported_at = NULL, imported_by = NULL, added = 0, changed = 0, before = '[]'
WHERE procedure_id = :procedure_id;
