-- What people asked to be told, what there is to tell, and the letters that do. See subscriptions.py,
-- alerts.py and letters.py in collector/storage.

-- name: subscription^
SELECT * FROM subscription WHERE account_id = :account_id AND procedure_id = :procedure_id;

-- name: subscription_by_id^
SELECT * FROM subscription WHERE id = :id;

-- name: subscriptions_of
SELECT * FROM subscription WHERE account_id = :account_id AND stopped_at IS NULL ORDER BY id;

-- name: active_subscriptions
SELECT subscription.* FROM subscription JOIN account ON account.id = subscription.account_id
WHERE subscription.stopped_at IS NULL AND account.disabled_at IS NULL ORDER BY subscription.id;

-- name: put_subscription!
-- Whoever changes what they asked for hears of what comes from now on.
INSERT INTO subscription (
    account_id, procedure_id, kinds, at_once, digest, threshold, least, words, words_after, next_digest, created_at
) VALUES (
    :account_id, :procedure_id, :kinds, :at_once, :digest, :threshold, :least, :words, :words_after, :next_digest, :at
) ON CONFLICT (account_id, procedure_id) DO UPDATE SET
    kinds = excluded.kinds, at_once = excluded.at_once, digest = excluded.digest, threshold = excluded.threshold,
    least = excluded.least, words = excluded.words, words_after = excluded.words_after,
    next_digest = excluded.next_digest, created_at = excluded.created_at, stopped_at = NULL;

-- name: stop_subscription!
UPDATE subscription SET stopped_at = :at WHERE id = :id AND stopped_at IS NULL;

-- name: resume_subscription!
UPDATE subscription SET stopped_at = NULL, words_after = :words_after, next_digest = :next_digest, created_at = :at
WHERE id = :id AND stopped_at IS NOT NULL;

-- name: forget_waiting_alerts!
UPDATE alert SET waiting = 0 WHERE subscription_id = :id AND waiting = 1;

-- name: move_words!
UPDATE subscription SET words_after = :after WHERE id = :id AND words_after < :after;

-- name: texts_changed
-- Along the changes of one procedure, all of them: so the next time begins where this one ended.
SELECT change, seq, public_id, CASE WHEN aside IS NULL THEN verbatim END AS verbatim FROM review
WHERE procedure_id = :procedure_id AND change > :after ORDER BY change LIMIT :number;

-- name: alarms
SELECT procedure_id, kind, about, since, seen FROM alarm;

-- name: put_alarm!
-- One row where it begins: it is new, or was not seen since `ended`.
INSERT INTO alarm (procedure_id, kind, about, since, seen) VALUES (:procedure_id, :kind, :about, :now, :now)
ON CONFLICT (procedure_id, kind, about) DO UPDATE SET since = excluded.since, seen = excluded.seen
WHERE alarm.seen <= :ended;

-- name: see_alarm!
UPDATE alarm SET seen = :now
WHERE procedure_id = :procedure_id AND kind = :kind AND about = :about AND seen < :now;

-- name: forget_alarms!
DELETE FROM alarm WHERE seen < :before;

-- name: told_until^
SELECT problem FROM told;

-- name: put_told!
INSERT INTO told (one, problem) VALUES (1, :problem) ON CONFLICT (one) DO UPDATE SET problem = excluded.problem;

-- name: last_problem^
SELECT COALESCE(MAX(id), 0) AS problem FROM problem;

-- name: problems_after
SELECT id, procedure_id, kind, first_minute, leader FROM problem WHERE id > :after ORDER BY id LIMIT :number;

-- name: insert_alert!
INSERT INTO alert (subscription_id, kind, about, details, at, waiting)
VALUES (:subscription_id, :kind, :about, :details, :at, :waiting)
ON CONFLICT (subscription_id, kind, about) DO NOTHING;

-- name: waiting_subscriptions
SELECT DISTINCT alert.subscription_id FROM alert JOIN subscription ON subscription.id = alert.subscription_id
WHERE alert.waiting = 1 AND subscription.stopped_at IS NULL AND subscription.letter_after <= :now;

-- name: insert_letter^
INSERT INTO letter (subscription_id, kind, about, created, next_try)
VALUES (:subscription_id, :kind, :about, :now, :now)
ON CONFLICT (subscription_id, kind, about) DO NOTHING RETURNING id;

-- name: enclose_alerts!
UPDATE alert SET waiting = 0, letter_id = :letter_id WHERE subscription_id = :subscription_id AND waiting = 1;

-- name: put_letter_after!
UPDATE subscription SET letter_after = :after WHERE id = :id AND letter_after <= :now;

-- name: move_digest!
-- One row for whoever is first to make the letter of this date.
UPDATE subscription SET next_digest = :next WHERE id = :id AND next_digest = :due AND stopped_at IS NULL;

-- name: letters_to_send
SELECT id, subscription_id, kind, about, created, tries FROM letter
WHERE sent IS NULL AND next_try <= :now ORDER BY next_try, id LIMIT :number;

-- name: claim_letter!
UPDATE letter SET tries = tries + 1, next_try = :next_try WHERE id = :id AND sent IS NULL AND tries = :tries;

-- name: end_letter!
UPDATE letter SET sent = :now WHERE id = :id AND sent IS NULL;

-- name: alerts_of_letter
SELECT kind, about, details, at FROM alert WHERE letter_id = :letter_id ORDER BY id LIMIT :number;

-- name: count_alerts_of_letter^
SELECT COUNT(*) AS alerts FROM alert WHERE letter_id = :letter_id;

-- name: alerts_between
SELECT kind, about, details, at FROM alert WHERE subscription_id = :subscription_id AND at >= :since AND at < :until
ORDER BY at, id LIMIT :number;

-- name: count_alerts_between^
SELECT COUNT(*) AS alerts FROM alert WHERE subscription_id = :subscription_id AND at >= :since AND at < :until;

-- name: forget_alerts!
DELETE FROM alert WHERE at < :before AND waiting = 0;

-- name: forget_letters!
DELETE FROM letter WHERE created < :before AND sent IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM alert WHERE alert.letter_id = letter.id);
