-- A program reads or manages, as people do. Whatever keys read already, they go on reading and no more.
ALTER TABLE service_organisation ADD COLUMN role TEXT NOT NULL DEFAULT 'reader' CHECK (role IN ('manager', 'reader'));
ALTER TABLE service_procedure ADD COLUMN role TEXT NOT NULL DEFAULT 'reader' CHECK (role IN ('manager', 'reader'));
