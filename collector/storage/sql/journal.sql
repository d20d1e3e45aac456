-- The journal. See collector/storage/journal.py.

-- name: next_line^
-- The number of the next line, and the digest and seal of the one before; the head is held until the commit.
INSERT INTO journal_head (one, number, digest) VALUES (1, 1, '')
ON CONFLICT (one) DO UPDATE SET number = journal_head.number + 1
RETURNING number, digest, seal;

-- name: insert_line!
INSERT INTO journal (number, at, actor, act, subject, details, digest)
VALUES (:number, :at, :actor, :act, :subject, :details, :digest);

-- name: end_line!
UPDATE journal_head SET digest = :digest, seal = :seal;

-- name: end_lines!
UPDATE journal_head SET number = :number, digest = :digest, seal = :seal;

-- name: journal_head^
SELECT number, digest, seal FROM journal_head;

-- name: lines_after
SELECT * FROM journal WHERE number > :after ORDER BY number LIMIT :number;

-- name: last_forgotten^
-- What stands in the place of the lines that were removed.
SELECT details FROM journal WHERE act = 'journal.forget' ORDER BY number DESC LIMIT 1;

-- name: first_line_since^
SELECT number FROM journal WHERE at >= :since ORDER BY number LIMIT 1;

-- name: line^
SELECT number, digest FROM journal WHERE number = :number;

-- name: forget_lines!
DELETE FROM journal WHERE number <= :through;

-- name: last_lines
SELECT * FROM journal WHERE number <= :through ORDER BY number DESC LIMIT :number;

-- name: lines_before
SELECT * FROM journal
WHERE number < :before
    AND (CAST(:act AS TEXT) IS NULL OR act = :act)
    AND (CAST(:actor AS TEXT) IS NULL OR actor = :actor)
    -- Whether it has these words, the same on both databases whatever their letters, and without a wildcard.
    AND (CAST(:subject AS TEXT) IS NULL OR REPLACE(subject, CAST(:subject AS TEXT), '') <> subject)
    AND (CAST(:session AS TEXT) IS NULL OR REPLACE(details, CAST(:session AS TEXT), '') <> details)
    AND (CAST(:since AS TEXT) IS NULL OR at >= :since)
    AND (CAST(:until AS TEXT) IS NULL OR at < :until)
ORDER BY number DESC LIMIT :number;
