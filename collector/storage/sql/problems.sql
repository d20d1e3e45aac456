-- Malfunctions: reports sorted into problems, and what becomes of these. See collector/storage/problems.py.

-- name: sorted_until^
SELECT change FROM sorting;

-- name: put_sorted!
INSERT INTO sorting (one, change) VALUES (1, :change) ON CONFLICT (one) DO UPDATE SET change = excluded.change;

-- name: reports_to_sort
-- In the order of changes, of every procedure, along an index of reports alone.
SELECT change, procedure_id, seq, minute, kind, page, browser, verbatim, aside FROM review
WHERE kind IS NOT NULL AND change > :after ORDER BY change LIMIT :number;

-- name: problem_of_report^
SELECT problem_id FROM report WHERE seq = :seq;

-- name: leaders
-- What a new report may be alike to: the problems of late, whatever became of them.
SELECT problem.id, review.page, review.browser, review.verbatim
FROM problem JOIN review ON review.seq = problem.leader
WHERE problem.procedure_id = :procedure_id AND problem.kind = :kind AND problem.last_minute >= :since
ORDER BY problem.last_minute DESC, problem.id DESC LIMIT :number;

-- name: insert_problem^
INSERT INTO problem (procedure_id, kind, leader, first_minute, last_minute)
VALUES (:procedure_id, :kind, :seq, :minute, :minute) RETURNING id;

-- name: insert_report!
INSERT INTO report (seq, problem_id) VALUES (:seq, :problem_id);

-- name: meet_problem!
-- Another report of it. If it was fixed before that, it is back.
UPDATE problem SET
    leader = COALESCE(leader, :seq),
    last_minute = CASE WHEN last_minute > :minute THEN last_minute ELSE :minute END,
    first_minute = CASE WHEN first_minute < :minute THEN first_minute ELSE :minute END,
    returned = CASE WHEN status = 'fixed' AND :minute > fixed_minute THEN 1 ELSE returned END,
    version = CASE WHEN status = 'fixed' AND :minute > fixed_minute THEN version + 1 ELSE version END,
    status = CASE WHEN status = 'fixed' AND :minute > fixed_minute THEN 'new' ELSE status END
WHERE id = :problem_id;

-- name: forget_report!
DELETE FROM report WHERE seq = :seq;

-- name: lead_again!
-- A problem whose first report is gone is told by the next one; without any it is shown to nobody.
UPDATE problem SET leader = (SELECT MIN(report.seq) FROM report WHERE report.problem_id = problem.id)
WHERE leader = :seq;

-- name: problems
-- The latest met first: the page after (older than) a minute and a number.
SELECT problem.*, review.page, review.browser, review.verbatim, review.lang,
    (SELECT COUNT(*) FROM report WHERE report.problem_id = problem.id) AS reports
FROM problem JOIN review ON review.seq = problem.leader
WHERE problem.procedure_id = :procedure_id
    AND (problem.last_minute, problem.id) < (:before_minute, :before_id)
    AND (CAST(:status AS TEXT) IS NULL OR problem.status = :status)
    AND (:open = 0 OR problem.status IN ('new', 'confirmed', 'in_progress'))
    AND (CAST(:kind AS TEXT) IS NULL OR problem.kind = :kind)
    AND (CAST(:assignee AS TEXT) IS NULL OR problem.assignee = :assignee)
ORDER BY problem.last_minute DESC, problem.id DESC LIMIT :number;

-- name: problem^
SELECT problem.*, review.page, review.browser, review.verbatim, review.lang,
    (SELECT COUNT(*) FROM report WHERE report.problem_id = problem.id) AS reports
FROM problem JOIN review ON review.seq = problem.leader
WHERE problem.procedure_id = :procedure_id AND problem.id = :id;

-- name: reports_of_problem
-- The latest first: the page after (older than) :before.
SELECT review.* FROM report JOIN review ON review.seq = report.seq
WHERE report.problem_id = :problem_id AND report.seq < :before ORDER BY report.seq DESC LIMIT :number;

-- name: change_problem!
-- Only as somebody saw it: whoever saw an earlier version is told.
UPDATE problem SET before_status = status, before_assignee = assignee, status = :status, assignee = :assignee,
    version = version + 1, changed_at = :at, changed_by = :by,
    returned = CASE WHEN :status = 'new' THEN returned ELSE 0 END,
    fixed_minute = CASE WHEN :status <> 'fixed' THEN NULL WHEN status = 'fixed' THEN fixed_minute ELSE :minute END
WHERE procedure_id = :procedure_id AND id = :id AND version = :version;

-- name: problems_by_status
SELECT status, COUNT(*) AS problems FROM problem WHERE procedure_id = :procedure_id AND leader IS NOT NULL
GROUP BY status;

-- name: fixed_lately
SELECT first_minute, fixed_minute FROM problem
WHERE procedure_id = :procedure_id AND status = 'fixed' AND last_minute >= :since
ORDER BY last_minute DESC, id DESC LIMIT :number;

-- name: unanswered
-- By procedure, what nobody has looked at: suggestions can wait.
SELECT procedure_id, COUNT(*) AS problems, MIN(first_minute) AS first FROM problem
WHERE status = 'new' AND kind IN ('technical', 'situation') AND leader IS NOT NULL GROUP BY procedure_id;

-- name: managers
-- Whoever may deal with a procedure's problems.
SELECT email, name FROM account WHERE disabled_at IS NULL AND (
    administrator = 1
    OR id IN (SELECT account_id FROM account_procedure WHERE procedure_id = :procedure_id AND role = 'manager')
    OR id IN (SELECT account_id FROM account_organisation
        WHERE organisation_id = :organisation_id AND role = 'manager')
) ORDER BY name, email;
