-- Editions of the observatory. No statement changes one. See collector/storage/editions.py.

-- name: editions
-- The latest first.
SELECT name, quarter, number, made_at, corrects, reason, digest, signature, signed_with, public_key FROM edition
ORDER BY quarter DESC, number DESC;

-- name: edition_named^
SELECT name, quarter, number, made_at, corrects, reason, digest, signature, signed_with, public_key, content FROM edition
WHERE name = :name;

-- name: latest_edition^
SELECT name, quarter, number, made_at, corrects, reason, digest, signature, signed_with, public_key, content FROM edition
ORDER BY quarter DESC, number DESC LIMIT 1;

-- name: edition_of_quarter^
SELECT name, quarter, number, made_at, corrects, reason, digest, signature, signed_with, public_key, content FROM edition
WHERE quarter = :quarter ORDER BY number DESC LIMIT 1;

-- name: edition_before^
-- The last edition of the last quarter before :quarter that has one.
SELECT name, quarter, number, made_at, corrects, reason, digest, signature, signed_with, public_key, content FROM edition
WHERE quarter < :quarter ORDER BY quarter DESC, number DESC LIMIT 1;

-- name: insert_edition!
INSERT INTO edition (
    name, quarter, number, made_at, corrects, reason, digest, content, signature, signed_with, public_key
)
VALUES (
    :name, :quarter, :number, :made_at, :corrects, :reason, :digest, :content, :signature, :signed_with, :public_key
);
