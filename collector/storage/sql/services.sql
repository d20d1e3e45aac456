-- Service accounts and their keys. See collector/storage/services.py.

-- name: insert_service^
INSERT INTO service_account (name, purpose, created_by, created_at)
VALUES (:name, :purpose, :by, :at) RETURNING id;

-- name: services
SELECT id, name, purpose, created_by, created_at FROM service_account ORDER BY name, id;

-- name: service^
SELECT id, name, purpose, created_by, created_at FROM service_account WHERE id = :id;

-- name: open_organisation_to_service!
INSERT INTO service_organisation (service_id, organisation_id, role) VALUES (:service_id, :id, :role)
ON CONFLICT (service_id, organisation_id) DO UPDATE SET role = excluded.role
WHERE service_organisation.role <> excluded.role;

-- name: open_procedure_to_service!
INSERT INTO service_procedure (service_id, procedure_id, role) VALUES (:service_id, :id, :role)
ON CONFLICT (service_id, procedure_id) DO UPDATE SET role = excluded.role
WHERE service_procedure.role <> excluded.role;

-- name: shut_organisation_to_service!
DELETE FROM service_organisation WHERE service_id = :service_id AND organisation_id = :id;

-- name: shut_procedure_to_service!
DELETE FROM service_procedure WHERE service_id = :service_id AND procedure_id = :id;

-- name: rights_of_service
SELECT 'organisation' AS kind, organisation.id, organisation.name, organisation.id AS organisation_id,
    service_organisation.role
FROM service_organisation JOIN organisation ON organisation.id = service_organisation.organisation_id
WHERE service_organisation.service_id = :service_id
UNION ALL
SELECT 'procedure', procedure.id, procedure.title, procedure.organisation_id, service_procedure.role
FROM service_procedure JOIN procedure ON procedure.id = service_procedure.procedure_id
WHERE service_procedure.service_id = :service_id
ORDER BY 1, 3, 2;

-- name: take_turn_for_key!
UPDATE service_account SET keys = keys + 1 WHERE id = :service_id;

-- name: live_keys^
SELECT COUNT(*) AS number FROM api_key
WHERE service_id = :service_id AND revoked_at IS NULL AND expires_at > :now;

-- name: insert_key!
INSERT INTO api_key (id, service_id, digest, created_by, created_at, expires_at)
VALUES (:id, :service_id, :digest, :by, :at, :expires_at);

-- name: keys_of_service
SELECT id, service_id, created_by, created_at, expires_at, used_at, revoked_at FROM api_key
WHERE service_id = :service_id ORDER BY created_at DESC, id LIMIT :number;

-- name: key_with_service^
SELECT api_key.id, api_key.service_id, api_key.created_by, api_key.created_at, api_key.expires_at, api_key.used_at,
    api_key.revoked_at, api_key.digest, service_account.name
FROM api_key JOIN service_account ON service_account.id = api_key.service_id WHERE api_key.id = :id;

-- name: revoke_key!
UPDATE api_key SET revoked_at = :at WHERE id = :id AND service_id = :service_id AND revoked_at IS NULL;

-- name: use_key_first!
UPDATE api_key SET used_at = :at WHERE id = :id AND used_at IS NULL;

-- name: touch_key!
UPDATE api_key SET used_at = :at WHERE id = :id AND used_at < :at;
