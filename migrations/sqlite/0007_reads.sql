-- Reads that cost the same however much is stored: lists walk an index of their own order, years are sums of months,
-- and words are found in an index that forgets.

-- Lists, and files, go by day and then by arrival; nothing goes by arrival alone any more.
CREATE INDEX review_by_procedure_day ON review (procedure_id, day, seq);
DROP INDEX review_by_procedure;

-- The months of `day_count`, moved by the same transactions: always equal to a recount of it.
CREATE TABLE month_count (
    procedure_id INTEGER NOT NULL REFERENCES procedure (id),
    month TEXT NOT NULL,
    placement_id INTEGER NOT NULL REFERENCES placement (id),
    reviews INTEGER NOT NULL DEFAULT 0,
    satisfaction_bad INTEGER NOT NULL DEFAULT 0,
    satisfaction_medium INTEGER NOT NULL DEFAULT 0,
    satisfaction_good INTEGER NOT NULL DEFAULT 0,
    comprehension_1 INTEGER NOT NULL DEFAULT 0,
    comprehension_2 INTEGER NOT NULL DEFAULT 0,
    comprehension_3 INTEGER NOT NULL DEFAULT 0,
    comprehension_4 INTEGER NOT NULL DEFAULT 0,
    comprehension_5 INTEGER NOT NULL DEFAULT 0,
    tried INTEGER NOT NULL DEFAULT 0,
    tried_counter INTEGER NOT NULL DEFAULT 0,
    tried_phone INTEGER NOT NULL DEFAULT 0,
    tried_email INTEGER NOT NULL DEFAULT 0,
    tried_chat INTEGER NOT NULL DEFAULT 0,
    tried_relative INTEGER NOT NULL DEFAULT 0,
    tried_association INTEGER NOT NULL DEFAULT 0,
    tried_website INTEGER NOT NULL DEFAULT 0,
    tried_other INTEGER NOT NULL DEFAULT 0,
    tried_none INTEGER NOT NULL DEFAULT 0,
    counter_reached INTEGER NOT NULL DEFAULT 0,
    counter_missed INTEGER NOT NULL DEFAULT 0,
    phone_reached INTEGER NOT NULL DEFAULT 0,
    phone_missed INTEGER NOT NULL DEFAULT 0,
    email_reached INTEGER NOT NULL DEFAULT 0,
    email_missed INTEGER NOT NULL DEFAULT 0,
    chat_reached INTEGER NOT NULL DEFAULT 0,
    chat_missed INTEGER NOT NULL DEFAULT 0,
    counter_help_1 INTEGER NOT NULL DEFAULT 0,
    counter_help_2 INTEGER NOT NULL DEFAULT 0,
    counter_help_3 INTEGER NOT NULL DEFAULT 0,
    counter_help_4 INTEGER NOT NULL DEFAULT 0,
    counter_help_5 INTEGER NOT NULL DEFAULT 0,
    phone_help_1 INTEGER NOT NULL DEFAULT 0,
    phone_help_2 INTEGER NOT NULL DEFAULT 0,
    phone_help_3 INTEGER NOT NULL DEFAULT 0,
    phone_help_4 INTEGER NOT NULL DEFAULT 0,
    phone_help_5 INTEGER NOT NULL DEFAULT 0,
    email_help_1 INTEGER NOT NULL DEFAULT 0,
    email_help_2 INTEGER NOT NULL DEFAULT 0,
    email_help_3 INTEGER NOT NULL DEFAULT 0,
    email_help_4 INTEGER NOT NULL DEFAULT 0,
    email_help_5 INTEGER NOT NULL DEFAULT 0,
    chat_help_1 INTEGER NOT NULL DEFAULT 0,
    chat_help_2 INTEGER NOT NULL DEFAULT 0,
    chat_help_3 INTEGER NOT NULL DEFAULT 0,
    chat_help_4 INTEGER NOT NULL DEFAULT 0,
    chat_help_5 INTEGER NOT NULL DEFAULT 0,
    kind_technical INTEGER NOT NULL DEFAULT 0,
    kind_situation INTEGER NOT NULL DEFAULT 0,
    kind_suggestion INTEGER NOT NULL DEFAULT 0,
    verbatims INTEGER NOT NULL DEFAULT 0,
    contacted INTEGER NOT NULL DEFAULT 0,
    helped INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (procedure_id, month, placement_id)
) STRICT, WITHOUT ROWID;
INSERT INTO month_count (
    procedure_id, month, placement_id,
    reviews, satisfaction_bad, satisfaction_medium, satisfaction_good, comprehension_1, comprehension_2,
    comprehension_3, comprehension_4, comprehension_5, tried, tried_counter, tried_phone, tried_email,
    tried_chat, tried_relative, tried_association, tried_website, tried_other, tried_none, counter_reached,
    counter_missed, phone_reached, phone_missed, email_reached, email_missed, chat_reached, chat_missed,
    counter_help_1, counter_help_2, counter_help_3, counter_help_4, counter_help_5, phone_help_1, phone_help_2,
    phone_help_3, phone_help_4, phone_help_5, email_help_1, email_help_2, email_help_3, email_help_4,
    email_help_5, chat_help_1, chat_help_2, chat_help_3, chat_help_4, chat_help_5, kind_technical,
    kind_situation, kind_suggestion, verbatims, contacted, helped
)
SELECT procedure_id, SUBSTR(day, 1, 7), placement_id,
    SUM(reviews), SUM(satisfaction_bad), SUM(satisfaction_medium), SUM(satisfaction_good), SUM(comprehension_1),
    SUM(comprehension_2), SUM(comprehension_3), SUM(comprehension_4), SUM(comprehension_5), SUM(tried),
    SUM(tried_counter), SUM(tried_phone), SUM(tried_email), SUM(tried_chat), SUM(tried_relative),
    SUM(tried_association), SUM(tried_website), SUM(tried_other), SUM(tried_none), SUM(counter_reached),
    SUM(counter_missed), SUM(phone_reached), SUM(phone_missed), SUM(email_reached), SUM(email_missed),
    SUM(chat_reached), SUM(chat_missed), SUM(counter_help_1), SUM(counter_help_2), SUM(counter_help_3),
    SUM(counter_help_4), SUM(counter_help_5), SUM(phone_help_1), SUM(phone_help_2), SUM(phone_help_3),
    SUM(phone_help_4), SUM(phone_help_5), SUM(email_help_1), SUM(email_help_2), SUM(email_help_3),
    SUM(email_help_4), SUM(email_help_5), SUM(chat_help_1), SUM(chat_help_2), SUM(chat_help_3),
    SUM(chat_help_4), SUM(chat_help_5), SUM(kind_technical), SUM(kind_situation), SUM(kind_suggestion),
    SUM(verbatims), SUM(contacted), SUM(helped)
FROM day_count GROUP BY procedure_id, SUBSTR(day, 1, 7), placement_id;

-- Which reviews say a word: see collector/storage/search.py. Plain rows, because what is deleted from them is gone:
-- SQLite's FTS5 keeps deleted words before 3.42, PostgreSQL's GIN keeps every key that it ever met.
CREATE TABLE review_word (
    procedure_id INTEGER NOT NULL,
    word TEXT NOT NULL,
    day TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (procedure_id, word, day, seq)
) STRICT, WITHOUT ROWID;

-- The words of a procedure by their stem, each for as long as a review says it.
CREATE TABLE word (
    procedure_id INTEGER NOT NULL,
    word TEXT NOT NULL,
    stem TEXT NOT NULL,
    PRIMARY KEY (procedure_id, word)
) STRICT, WITHOUT ROWID;
CREATE INDEX word_by_stem ON word (procedure_id, stem, word);

-- One row: changes up to this one are indexed. What was there before is indexed from the first, in small steps.
CREATE TABLE indexing (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    change INTEGER NOT NULL
) STRICT;
