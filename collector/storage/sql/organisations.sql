-- Organisations: what they hold, another name, and two that become one. See collector/storage/organisations.py.

-- name: organisations_held
SELECT organisation.id, organisation.name, organisation.ministry, COALESCE(held.procedures, 0) AS procedures,
    COALESCE(given.people, 0) AS people
FROM organisation
LEFT JOIN (SELECT organisation_id, COUNT(*) AS procedures FROM procedure GROUP BY organisation_id) AS held
    ON held.organisation_id = organisation.id
LEFT JOIN (SELECT organisation_id, COUNT(*) AS people FROM account_organisation GROUP BY organisation_id) AS given
    ON given.organisation_id = organisation.id
ORDER BY organisation.ministry, organisation.name, organisation.id;

-- name: organisation_by_id^
SELECT id, name, ministry FROM organisation WHERE id = :id;

-- name: rights_over_two
-- Of people and of service accounts, over one organisation (`here`) and over another (`there`).
SELECT 'person' AS kind, account.id, account.name,
    MAX(CASE WHEN given.organisation_id = :id THEN given.role END) AS here,
    MAX(CASE WHEN given.organisation_id = :target THEN given.role END) AS there
FROM account_organisation AS given JOIN account ON account.id = given.account_id
WHERE given.organisation_id IN (:id, :target) GROUP BY account.id, account.name
UNION ALL
SELECT 'service', service_account.id, service_account.name,
    MAX(CASE WHEN given.organisation_id = :id THEN given.role END),
    MAX(CASE WHEN given.organisation_id = :target THEN given.role END)
FROM service_organisation AS given JOIN service_account ON service_account.id = given.service_id
WHERE given.organisation_id IN (:id, :target) GROUP BY service_account.id, service_account.name
ORDER BY 1, 3, 2;

-- name: rename_organisation!
UPDATE organisation SET name = :name, ministry = :ministry WHERE id = :id;

-- name: move_procedures!
UPDATE procedure SET organisation_id = :target WHERE organisation_id = :id;

-- name: copy_rights!
-- Of two rights of one account the stronger stays.
INSERT INTO account_organisation (account_id, organisation_id, role)
SELECT account_id, CAST(:target AS BIGINT), role FROM account_organisation WHERE organisation_id = :id
ON CONFLICT (account_id, organisation_id) DO UPDATE SET role = excluded.role WHERE excluded.role = 'manager';

-- name: drop_rights!
DELETE FROM account_organisation WHERE organisation_id = :id;

-- name: copy_service_rights!
INSERT INTO service_organisation (service_id, organisation_id, role)
SELECT service_id, CAST(:target AS BIGINT), role FROM service_organisation WHERE organisation_id = :id
ON CONFLICT (service_id, organisation_id) DO UPDATE SET role = excluded.role WHERE excluded.role = 'manager';

-- name: drop_service_rights!
DELETE FROM service_organisation WHERE organisation_id = :id;

-- name: drop_organisation!
DELETE FROM organisation WHERE id = :id;
