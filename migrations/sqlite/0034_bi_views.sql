-- For the tool with which a ministry draws its own figures: stable names, no text of anybody, and nothing but sums of
-- days. See docs/bi/README.md; the columns of the counts are those of collector/indicators.py.

CREATE VIEW bi_procedure AS
SELECT procedure.slug AS procedure, procedure.title, organisation.name AS organisation, organisation.ministry,
    procedure.audiences, procedure.state, procedure.created_at
FROM procedure JOIN organisation ON organisation.id = procedure.organisation_id;

CREATE VIEW bi_placement AS
SELECT procedure.slug AS procedure, placement.key AS placement, placement.channel, placement.form, placement.label,
    placement.created_at, placement.closed_at
FROM placement JOIN procedure ON procedure.id = placement.procedure_id;

CREATE VIEW bi_day AS
SELECT procedure.slug AS procedure, day_count.day, placement.key AS placement, placement.channel, placement.form,
    day_count.form_version, day_count.lang,
    day_count.reviews, day_count.satisfaction_bad, day_count.satisfaction_medium, day_count.satisfaction_good,
    day_count.comprehension_1, day_count.comprehension_2, day_count.comprehension_3, day_count.comprehension_4,
    day_count.comprehension_5, day_count.tried, day_count.tried_counter, day_count.tried_phone,
    day_count.tried_email, day_count.tried_chat, day_count.tried_relative, day_count.tried_association,
    day_count.tried_website, day_count.tried_other, day_count.tried_none, day_count.counter_reached,
    day_count.counter_missed, day_count.phone_reached, day_count.phone_missed, day_count.email_reached,
    day_count.email_missed, day_count.chat_reached, day_count.chat_missed, day_count.counter_help_1,
    day_count.counter_help_2, day_count.counter_help_3, day_count.counter_help_4, day_count.counter_help_5,
    day_count.phone_help_1, day_count.phone_help_2, day_count.phone_help_3, day_count.phone_help_4,
    day_count.phone_help_5, day_count.email_help_1, day_count.email_help_2, day_count.email_help_3,
    day_count.email_help_4, day_count.email_help_5, day_count.chat_help_1, day_count.chat_help_2,
    day_count.chat_help_3, day_count.chat_help_4, day_count.chat_help_5, day_count.kind_technical,
    day_count.kind_situation, day_count.kind_suggestion, day_count.verbatims, day_count.contacted,
    day_count.helped
FROM day_count JOIN procedure ON procedure.id = day_count.procedure_id
JOIN placement ON placement.id = day_count.placement_id;

-- The formulas of docs/methodology.md over each month; without answers there is no row.
CREATE VIEW bi_indicator AS
WITH month AS (
    SELECT procedure, SUBSTR(day, 1, 7) AS month, channel,
        SUM(reviews) AS reviews, SUM(satisfaction_bad) AS satisfaction_bad, SUM(satisfaction_medium) AS
        satisfaction_medium, SUM(satisfaction_good) AS satisfaction_good, SUM(comprehension_1) AS
        comprehension_1, SUM(comprehension_2) AS comprehension_2, SUM(comprehension_3) AS comprehension_3,
        SUM(comprehension_4) AS comprehension_4, SUM(comprehension_5) AS comprehension_5, SUM(tried) AS tried,
        SUM(tried_counter) AS tried_counter, SUM(tried_phone) AS tried_phone, SUM(tried_email) AS tried_email,
        SUM(tried_chat) AS tried_chat, SUM(tried_relative) AS tried_relative, SUM(tried_association) AS
        tried_association, SUM(tried_website) AS tried_website, SUM(tried_other) AS tried_other,
        SUM(tried_none) AS tried_none, SUM(counter_reached) AS counter_reached, SUM(counter_missed) AS
        counter_missed, SUM(phone_reached) AS phone_reached, SUM(phone_missed) AS phone_missed,
        SUM(email_reached) AS email_reached, SUM(email_missed) AS email_missed, SUM(chat_reached) AS
        chat_reached, SUM(chat_missed) AS chat_missed, SUM(counter_help_1) AS counter_help_1,
        SUM(counter_help_2) AS counter_help_2, SUM(counter_help_3) AS counter_help_3, SUM(counter_help_4) AS
        counter_help_4, SUM(counter_help_5) AS counter_help_5, SUM(phone_help_1) AS phone_help_1,
        SUM(phone_help_2) AS phone_help_2, SUM(phone_help_3) AS phone_help_3, SUM(phone_help_4) AS
        phone_help_4, SUM(phone_help_5) AS phone_help_5, SUM(email_help_1) AS email_help_1, SUM(email_help_2)
        AS email_help_2, SUM(email_help_3) AS email_help_3, SUM(email_help_4) AS email_help_4,
        SUM(email_help_5) AS email_help_5, SUM(chat_help_1) AS chat_help_1, SUM(chat_help_2) AS chat_help_2,
        SUM(chat_help_3) AS chat_help_3, SUM(chat_help_4) AS chat_help_4, SUM(chat_help_5) AS chat_help_5,
        SUM(kind_technical) AS kind_technical, SUM(kind_situation) AS kind_situation, SUM(kind_suggestion) AS
        kind_suggestion, SUM(verbatims) AS verbatims, SUM(contacted) AS contacted, SUM(helped) AS helped
    FROM bi_day GROUP BY procedure, SUBSTR(day, 1, 7), channel
), indicator AS (
    SELECT procedure, month, channel, 'satisfaction' AS indicator, 10 AS scale,
        satisfaction_bad + satisfaction_medium + satisfaction_good AS answers,
        5.0 * satisfaction_medium + 10.0 * satisfaction_good AS points
    FROM month
    UNION ALL
    SELECT procedure, month, channel, 'comprehension' AS indicator, 10 AS scale,
        comprehension_1 + comprehension_2 + comprehension_3 + comprehension_4 + comprehension_5 AS answers,
        2.5 * comprehension_2 + 5.0 * comprehension_3 + 7.5 * comprehension_4 + 10.0 * comprehension_5 AS
        points
    FROM month
    UNION ALL
    SELECT procedure, month, channel, 'contact_reachability' AS indicator, 1 AS scale,
        counter_reached + phone_reached + email_reached + chat_reached + counter_missed + phone_missed +
        email_missed + chat_missed AS answers,
        1.0 * (counter_reached + phone_reached + email_reached + chat_reached) AS points
    FROM month
    UNION ALL
    SELECT procedure, month, channel, 'contact_satisfaction' AS indicator, 10 AS scale,
        counter_help_1 + counter_help_2 + counter_help_3 + counter_help_4 + counter_help_5 + phone_help_1 +
        phone_help_2 + phone_help_3 + phone_help_4 + phone_help_5 + email_help_1 + email_help_2 + email_help_3
        + email_help_4 + email_help_5 + chat_help_1 + chat_help_2 + chat_help_3 + chat_help_4 + chat_help_5 AS
        answers,
        2.5 * (counter_help_2 + phone_help_2 + email_help_2 + chat_help_2) + 5.0 * (counter_help_3 +
        phone_help_3 + email_help_3 + chat_help_3) + 7.5 * (counter_help_4 + phone_help_4 + email_help_4 +
        chat_help_4) + 10.0 * (counter_help_5 + phone_help_5 + email_help_5 + chat_help_5) AS points
    FROM month
    UNION ALL
    SELECT procedure, month, channel, 'contact' AS indicator, 10 AS scale,
        counter_help_1 + counter_help_2 + counter_help_3 + counter_help_4 + counter_help_5 + phone_help_1 +
        phone_help_2 + phone_help_3 + phone_help_4 + phone_help_5 + email_help_1 + email_help_2 + email_help_3
        + email_help_4 + email_help_5 + chat_help_1 + chat_help_2 + chat_help_3 + chat_help_4 + chat_help_5 +
        counter_missed + phone_missed + email_missed + chat_missed AS answers,
        2.5 * (counter_help_2 + phone_help_2 + email_help_2 + chat_help_2) + 5.0 * (counter_help_3 +
        phone_help_3 + email_help_3 + chat_help_3) + 7.5 * (counter_help_4 + phone_help_4 + email_help_4 +
        chat_help_4) + 10.0 * (counter_help_5 + phone_help_5 + email_help_5 + chat_help_5) AS points
    FROM month
    UNION ALL
    SELECT procedure, month, channel, 'autonomy' AS indicator, 10 AS scale,
        tried AS answers,
        10.0 * tried_none AS points
    FROM month
)
SELECT procedure, month, channel, indicator, scale, answers, points, points / answers AS value FROM indicator
WHERE answers > 0;
