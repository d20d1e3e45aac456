-- Changing and removing stored reviews. See collector/storage/amend.py; it begins with `take_changes`.

-- name: delete_reviews*!
DELETE FROM review WHERE procedure_id = :procedure_id AND seq = :seq;

-- name: delete_contacts*!
DELETE FROM contact WHERE procedure_id = :procedure_id AND capability = :capability;

-- name: remember_gone*!
INSERT INTO review_gone (procedure_id, change, public_id, day) VALUES (:procedure_id, :change, :public_id, :day);
