-- A review that looks like a robot's is kept and does not count until somebody has looked at it.
-- `suspicion` is why (collector/suspicion.py) and stays when it is released. `aside` is NULL for what counts, 'suspect'
-- while it waits, 'confirmed' once a person has set it aside. `withdrawn`: it had counted, exports have to take it back.
ALTER TABLE review ADD COLUMN suspicion TEXT;
ALTER TABLE review ADD COLUMN aside TEXT CHECK (aside IN ('suspect', 'confirmed'));
ALTER TABLE review ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
CREATE INDEX review_suspected ON review (procedure_id, day, suspicion, aside, minute) WHERE suspicion IS NOT NULL;
