-- What the indicators of a link are cut by: a step of time, and whom they are of.
ALTER TABLE export_link ADD COLUMN interval TEXT NOT NULL DEFAULT 'whole';
ALTER TABLE export_link ADD COLUMN by TEXT NOT NULL DEFAULT 'procedure';
