-- Forms that were opened, and opinions that were sent, where a placement is closed: its button is still on some page.
-- Two numbers a day, kept for some weeks, and nothing of whoever it was.
CREATE TABLE closed_use (
    placement_id INTEGER NOT NULL REFERENCES placement (id),
    day TEXT NOT NULL,
    opened INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    PRIMARY KEY (placement_id, day)
) STRICT, WITHOUT ROWID;
