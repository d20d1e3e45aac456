-- Where in the journey an opinion was given, in words that the owner allowed: shown to the citizen, stored with the review.

ALTER TABLE procedure ADD COLUMN contexts TEXT NOT NULL DEFAULT '[]';
ALTER TABLE review ADD COLUMN context TEXT;
