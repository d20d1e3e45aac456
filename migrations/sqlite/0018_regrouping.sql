-- Problems regrouped by hand: one that was merged into another keeps its leader, so that what is alike follows it there.
ALTER TABLE problem ADD COLUMN merged_into INTEGER REFERENCES problem (id);
CREATE INDEX problem_by_whole ON problem (merged_into);
-- From which problem a report came along when that was merged: the way back.
ALTER TABLE report ADD COLUMN came_from INTEGER REFERENCES problem (id);
CREATE INDEX report_by_origin ON report (came_from, seq);
-- Where somebody put a report. Set aside and counted again, it goes there and not where sorting would have put it.
CREATE TABLE placed_report (
    seq INTEGER PRIMARY KEY,
    problem_id INTEGER NOT NULL REFERENCES problem (id)
) STRICT;
