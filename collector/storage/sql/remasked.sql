-- How far `avis remask` has come. See collector/storage/remasked.py.

-- name: remasking^
SELECT rules, seq, last, reviews, changed, findings, started_at, ended_at FROM remasking WHERE rules = :rules;

-- name: put_remasking!
INSERT INTO remasking (rules, seq, last, reviews, changed, findings, started_at, ended_at)
VALUES (:rules, :seq, :last, :reviews, :changed, :findings, :started_at, :ended_at)
ON CONFLICT (rules) DO UPDATE SET
    seq = excluded.seq, last = excluded.last, reviews = excluded.reviews, changed = excluded.changed,
    findings = excluded.findings, started_at = excluded.started_at, ended_at = excluded.ended_at;

-- name: reviews_with_text_after
-- In the order of arrival, over all procedures: what a run over everything masks again.
SELECT * FROM review
WHERE seq > :after AND seq <= :last
    AND (verbatim IS NOT NULL OR contact_tried_other IS NOT NULL OR page IS NOT NULL OR own_texts IS NOT NULL)
ORDER BY seq LIMIT :number;
