-- The write path. See collector/storage/intake.py for the order.

-- name: take_changes^
-- Take :number change numbers; from here to the commit this transaction is the only writer.
UPDATE progress SET change = change + :number RETURNING change, directory;

-- name: touch!
-- Only a write shows that a disk is full or read-only, and SQLite writes no page that stays the same: so a number is
-- spent that no review will carry.
UPDATE progress SET change = change + 1;

-- name: put_contacts*!
INSERT INTO contact (procedure_id, capability, sealed, delete_after)
VALUES (:procedure_id, :capability, :sealed, :delete_after)
ON CONFLICT (procedure_id, capability) DO UPDATE SET sealed = excluded.sealed;

-- name: visitor_salt^
SELECT salt FROM visitor_salt WHERE day = :day;

-- name: put_visitor_salt!
INSERT INTO visitor_salt (day, salt) VALUES (:day, :salt) ON CONFLICT (day) DO NOTHING;

-- name: forget_visitors!
DELETE FROM visitor_salt WHERE day < :day;

-- name: forget_limits!
DELETE FROM limit_count WHERE expires <= :now;

-- name: forget_contacts!
DELETE FROM contact WHERE delete_after < :day;
