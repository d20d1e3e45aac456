-- Who does what only one may do.

-- name: take_lease!
-- One row when it was free, had expired, ends beyond reason or is the owner's already; none otherwise.
INSERT INTO lease (name, owner, expires) VALUES (:name, :owner, :expires)
ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires = excluded.expires
WHERE lease.owner = excluded.owner OR lease.expires <= :now OR lease.expires > :beyond;

-- name: give_lease_back!
DELETE FROM lease WHERE name = :name AND owner = :owner;
