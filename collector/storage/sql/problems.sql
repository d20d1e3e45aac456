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
SELECT problem.id, problem.merged_into, review.page, review.browser, review.verbatim
FROM problem JOIN review ON review.seq = problem.leader
WHERE problem.procedure_id = :procedure_id AND problem.kind = :kind AND problem.last_minute >= :since
ORDER BY problem.last_minute DESC, problem.id DESC LIMIT :number;

-- name: insert_problem^
INSERT INTO problem (procedure_id, kind, leader, first_minute, last_minute)
VALUES (:procedure_id, :kind, :seq, :minute, :minute) RETURNING id;

-- name: insert_report!
INSERT INTO report (seq, problem_id, came_from) VALUES (:seq, :problem_id, :came_from);

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
UPDATE problem SET leader = CASE WHEN merged_into IS NULL
    THEN (SELECT MIN(report.seq) FROM report WHERE report.problem_id = problem.id)
    ELSE (SELECT MIN(report.seq) FROM report WHERE report.came_from = problem.id) END
WHERE leader = :seq;

-- name: problems
-- The latest met first: the page after (older than) a minute and a number.
SELECT problem.*, review.page, review.browser, review.verbatim, review.lang,
    (SELECT COUNT(*) FROM report WHERE report.problem_id = problem.id) AS reports
FROM problem JOIN review ON review.seq = problem.leader
WHERE problem.procedure_id = :procedure_id AND problem.merged_into IS NULL
    AND (problem.last_minute, problem.id) < (:before_minute, :before_id)
    AND (CAST(:status AS TEXT) IS NULL OR problem.status = :status)
    AND (:open = 0 OR problem.status IN ('new', 'confirmed', 'in_progress'))
    AND (CAST(:kind AS TEXT) IS NULL OR problem.kind = :kind)
    AND (CAST(:assignee AS TEXT) IS NULL OR problem.assignee = :assignee)
    AND (CAST(:page AS TEXT) IS NULL OR review.page = :page)
    AND (CAST(:browser AS TEXT) IS NULL OR review.browser = :browser)
ORDER BY problem.last_minute DESC, problem.id DESC LIMIT :number;

-- name: problems_in_order
-- The earliest met first, for a file: the page after (younger than) a minute and a number, of those met in a period.
SELECT problem.*, review.page, review.browser, review.verbatim, review.lang,
    (SELECT COUNT(*) FROM report WHERE report.problem_id = problem.id) AS reports
FROM problem JOIN review ON review.seq = problem.leader
WHERE problem.procedure_id = :procedure_id AND problem.merged_into IS NULL
    AND (problem.last_minute, problem.id) > (:after_minute, :after_id) AND problem.first_minute <= :last
ORDER BY problem.last_minute, problem.id LIMIT :number;

-- name: problem^
SELECT problem.*, review.page, review.browser, review.verbatim, review.lang,
    (SELECT COUNT(*) FROM report WHERE report.problem_id = problem.id) AS reports
FROM problem JOIN review ON review.seq = problem.leader
WHERE problem.procedure_id = :procedure_id AND problem.id = :id AND problem.merged_into IS NULL;

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
SELECT status, COUNT(*) AS problems FROM problem
WHERE procedure_id = :procedure_id AND leader IS NOT NULL AND merged_into IS NULL GROUP BY status;

-- name: fixed_lately
SELECT first_minute, fixed_minute FROM problem
WHERE procedure_id = :procedure_id AND status = 'fixed' AND last_minute >= :since AND merged_into IS NULL
ORDER BY last_minute DESC, id DESC LIMIT :number;

-- name: unanswered
-- By procedure, what nobody has looked at: suggestions can wait.
SELECT procedure_id, COUNT(*) AS problems, MIN(first_minute) AS first FROM problem
WHERE status = 'new' AND kind IN ('technical', 'situation') AND leader IS NOT NULL AND merged_into IS NULL
GROUP BY procedure_id;

-- name: problem_standing^
-- Also of one that is empty, or part of another.
SELECT id, kind, merged_into FROM problem WHERE procedure_id = :procedure_id AND id = :id;

-- name: problems_merged
SELECT problem.*, review.page, review.browser, review.verbatim, review.lang,
    (SELECT COUNT(*) FROM report WHERE report.came_from = problem.id) AS reports
FROM problem JOIN review ON review.seq = problem.leader
WHERE problem.merged_into = :id ORDER BY problem.id LIMIT :number;

-- name: count_reports^
-- Whether they are more than so many: no further than that is counted.
SELECT COUNT(*) AS reports FROM (SELECT seq FROM report WHERE problem_id = :problem_id LIMIT :number) AS counted;

-- name: move_report!
UPDATE report SET problem_id = :problem_id, came_from = NULL WHERE seq = :seq AND problem_id = :before;

-- name: review_of_report^
SELECT review.kind, review.minute FROM report JOIN review ON review.seq = report.seq
WHERE report.seq = :seq AND report.problem_id = :problem_id;

-- name: place_report!
INSERT INTO placed_report (seq, problem_id) VALUES (:seq, :problem_id)
ON CONFLICT (seq) DO UPDATE SET problem_id = excluded.problem_id;

-- name: placed_in^
SELECT problem.id, problem.merged_into FROM placed_report JOIN problem ON problem.id = placed_report.problem_id
WHERE placed_report.seq = :seq;

-- name: forget_place!
DELETE FROM placed_report WHERE seq = :seq;

-- name: merge_reports!
UPDATE report SET came_from = problem_id, problem_id = :whole WHERE problem_id = :id;

-- name: merge_problem!
UPDATE problem SET merged_into = :whole WHERE id = :id;

-- name: separate_reports!
UPDATE report SET problem_id = came_from, came_from = NULL WHERE came_from = :id;

-- name: separate_problem!
UPDATE problem SET merged_into = NULL WHERE id = :id;

-- name: tell_anew!
-- What a problem is told by, and when, once its reports are others. Reports arrive in the order of their minutes.
UPDATE problem SET
    leader = COALESCE((SELECT report.seq FROM report WHERE report.seq = problem.leader AND report.problem_id = problem.id),
        (SELECT MIN(report.seq) FROM report WHERE report.problem_id = problem.id)),
    first_minute = COALESCE((SELECT review.minute FROM review
        WHERE review.seq = (SELECT MIN(report.seq) FROM report WHERE report.problem_id = problem.id)), first_minute),
    last_minute = COALESCE((SELECT review.minute FROM review
        WHERE review.seq = (SELECT MAX(report.seq) FROM report WHERE report.problem_id = problem.id)), last_minute)
WHERE id = :id;

-- name: places_of_problem
-- Where the latest reports came from, most often first.
SELECT page, browser, COUNT(*) AS reports FROM (
    SELECT review.page, review.browser FROM report JOIN review ON review.seq = report.seq
    WHERE report.problem_id = :problem_id ORDER BY report.seq DESC LIMIT :number
) AS latest GROUP BY page, browser ORDER BY COUNT(*) DESC, page, browser;

-- name: managers
-- Whoever may deal with a procedure's problems.
SELECT email, name FROM account WHERE disabled_at IS NULL AND (
    administrator = 1
    OR id IN (SELECT account_id FROM account_procedure WHERE procedure_id = :procedure_id AND role = 'manager')
    OR id IN (SELECT account_id FROM account_organisation
        WHERE organisation_id = :organisation_id AND role = 'manager')
) ORDER BY name, email;
