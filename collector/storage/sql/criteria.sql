-- What is declared of procedures beside their reviews. See collector/storage/criteria.py.

-- name: criteria_now
-- The last line of each criterion.
SELECT id, name, standing, value, evidence, day, declared_by, declared_at FROM criterion
WHERE procedure_id = :procedure_id AND id IN (
    SELECT MAX(id) FROM criterion WHERE procedure_id = :procedure_id GROUP BY name
);

-- name: criteria_on
-- The last line of each criterion among those that hold for :day or a day before.
SELECT id, name, standing, value, evidence, day, declared_by, declared_at FROM criterion
WHERE procedure_id = :procedure_id AND id IN (
    SELECT MAX(id) FROM criterion WHERE procedure_id = :procedure_id AND day <= :day GROUP BY name
);

-- name: criterion_history
-- The newest lines of a procedure.
SELECT id, name, standing, value, evidence, day, declared_by, declared_at FROM criterion
WHERE procedure_id = :procedure_id ORDER BY id DESC LIMIT :number;

-- name: criterion_before^
SELECT id, name, standing, value, evidence, day, declared_by, declared_at FROM criterion
WHERE procedure_id = :procedure_id AND name = :name AND id < :id ORDER BY id DESC LIMIT 1;

-- name: all_criteria_now
-- Of every procedure, for the table of all of them.
SELECT procedure_id, id, name, standing, value, evidence, day, declared_by, declared_at FROM criterion
WHERE id IN (SELECT MAX(id) FROM criterion GROUP BY procedure_id, name);
