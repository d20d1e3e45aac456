-- Rights over an organisation (all its procedures, those to come too) or over one procedure, each with its own role.
-- Administrators need none. Whoever managed or read some procedures goes on managing or reading them, and no others.
CREATE TABLE account_organisation (
    account_id BIGINT NOT NULL REFERENCES account (id),
    organisation_id BIGINT NOT NULL REFERENCES organisation (id),
    role TEXT NOT NULL CHECK (role IN ('manager', 'reader')),
    PRIMARY KEY (account_id, organisation_id)
);

ALTER TABLE account_procedure ADD COLUMN role TEXT NOT NULL DEFAULT 'reader' CHECK (role IN ('manager', 'reader'));
UPDATE account_procedure SET role = 'manager'
WHERE account_id IN (SELECT id FROM account WHERE role = 'manager');
DELETE FROM account_procedure WHERE account_id IN (SELECT id FROM account WHERE role = 'administrator');

ALTER TABLE account ADD COLUMN administrator INTEGER NOT NULL DEFAULT 0;
UPDATE account SET administrator = 1 WHERE role = 'administrator';
ALTER TABLE account DROP COLUMN role;
