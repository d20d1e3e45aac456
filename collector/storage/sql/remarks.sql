-- Tags and notes of colleagues. See collector/storage/remarks.py.

-- name: known_tags
SELECT word FROM tag WHERE procedure_id = :procedure_id ORDER BY word LIMIT :number;

-- name: insert_tag!
INSERT INTO tag (procedure_id, word) VALUES (:procedure_id, :word) ON CONFLICT DO NOTHING;

-- name: tag_review!
INSERT INTO review_tag (procedure_id, word, day, seq) VALUES (:procedure_id, :word, :day, :seq) ON CONFLICT DO NOTHING;

-- name: untag_review!
DELETE FROM review_tag WHERE procedure_id = :procedure_id AND seq = :seq AND word = :word;

-- name: forget_tags*!
DELETE FROM review_tag WHERE procedure_id = :procedure_id AND seq = :seq;

-- name: drop_tags*!
-- Those that no review has any more.
DELETE FROM tag WHERE procedure_id = :procedure_id AND word = :word
    AND NOT EXISTS (SELECT 1 FROM review_tag WHERE procedure_id = :procedure_id AND word = :word);

-- name: reviews_tagged
-- As `reviews_before`, along the reviews that have a tag.
SELECT review.* FROM review_tag
JOIN review ON review.procedure_id = review_tag.procedure_id AND review.seq = review_tag.seq
WHERE review_tag.procedure_id = :procedure_id AND review_tag.word = :tag
    AND (review_tag.day, review_tag.seq) < (:before_day, :before_seq)
    AND (review_tag.day, review_tag.seq) >= (:floor_day, :floor_seq)
    -- include parts/asked.sql
ORDER BY review_tag.day DESC, review_tag.seq DESC LIMIT :number;

-- name: floor_tagged^
-- As `floor`, along the reviews that have a tag.
SELECT day, seq FROM review_tag
WHERE procedure_id = :procedure_id AND word = :tag
    AND (day, seq) < (:before_day, :before_seq) AND day >= :from_day
ORDER BY day DESC, seq DESC LIMIT 1 OFFSET :steps;

-- name: insert_note^
INSERT INTO note (procedure_id, seq, words, created_by, created_at)
VALUES (:procedure_id, :seq, :words, :by, :at) RETURNING id;

-- name: notes_of_review
-- Also those that were taken out and can still be put back.
SELECT id, words FROM note WHERE procedure_id = :procedure_id AND seq = :seq ORDER BY id;

-- name: notes_after
SELECT id, words FROM note WHERE id > :after ORDER BY id LIMIT :number;

-- name: rewrite_note!
-- Only as it was read.
UPDATE note SET words = :words WHERE id = :id AND words = :before;

-- name: count_notes^
SELECT COUNT(*) AS notes FROM note WHERE procedure_id = :procedure_id AND seq = :seq AND removed_at IS NULL;

-- name: remove_note!
UPDATE note SET removed_at = :at WHERE procedure_id = :procedure_id AND seq = :seq AND id = :id AND removed_at IS NULL;

-- name: restore_note!
UPDATE note SET removed_at = NULL
WHERE procedure_id = :procedure_id AND seq = :seq AND id = :id AND removed_at IS NOT NULL;

-- name: forget_removed_notes!
-- Those that nobody took back before another was taken out.
DELETE FROM note WHERE procedure_id = :procedure_id AND seq = :seq AND id <> :id AND removed_at IS NOT NULL;

-- name: forget_notes*!
DELETE FROM note WHERE procedure_id = :procedure_id AND seq = :seq;
