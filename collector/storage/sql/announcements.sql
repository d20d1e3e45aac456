-- What administrators tell accounts. See collector/storage/announcements.py.

-- name: announcements
SELECT announcement.*, organisation.name AS organisation
FROM announcement LEFT JOIN organisation ON organisation.id = announcement.organisation_id
ORDER BY announcement.id DESC LIMIT :number;

-- name: announcements_shown
-- To one account on a day, the most important first; to whom else it is said, is for the caller to tell.
SELECT announcement.*, organisation.name AS organisation
FROM announcement LEFT JOIN organisation ON organisation.id = announcement.organisation_id
WHERE ended_at IS NULL AND first_day <= :day AND last_day >= :day AND NOT EXISTS (
    SELECT 1 FROM announcement_dismissed WHERE announcement_id = announcement.id AND account_id = :account_id
) ORDER BY importance DESC, announcement.id DESC;

-- name: announcement_by_id^
SELECT announcement.*, organisation.name AS organisation
FROM announcement LEFT JOIN organisation ON organisation.id = announcement.organisation_id
WHERE announcement.id = :id;

-- name: insert_announcement^
INSERT INTO announcement (title, words, importance, organisation_id, first_day, last_day, created_by, created_at)
VALUES (:title, :words, :importance, :organisation_id, :first_day, :last_day, :by, :at) RETURNING id;

-- name: change_announcement!
UPDATE announcement SET title = :title, words = :words, importance = :importance, organisation_id = :organisation_id,
    first_day = :first_day, last_day = :last_day
WHERE id = :id;

-- name: show_announcement_again!
DELETE FROM announcement_dismissed WHERE announcement_id = :id;

-- name: end_announcement!
UPDATE announcement SET ended_at = :at WHERE id = :id AND ended_at IS NULL;

-- name: resume_announcement!
UPDATE announcement SET ended_at = NULL WHERE id = :id AND ended_at IS NOT NULL;

-- name: dismiss_announcement!
INSERT INTO announcement_dismissed (announcement_id, account_id) VALUES (:id, :account_id)
ON CONFLICT (announcement_id, account_id) DO NOTHING;

-- name: move_announcements!
UPDATE announcement SET organisation_id = :target WHERE organisation_id = :id;
