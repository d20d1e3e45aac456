"""The public's words are those that owners read: two rooms, one name for one thing."""

from datetime import date

from admin.language import vocabulary
from collector.criteria import CONTACT_MEANS, CRITERIA
from collector.indicators import THRESHOLDS
from collector.observatory import words


def test_criteria_levels_and_audiences_are_called_as_in_the_admin() -> None:
    admin = vocabulary("fr")
    assert {one.name: one.title for one in CRITERIA} == admin["criteria"]
    assert dict(words.LEVELS) == admin["levels"]
    assert dict(words.AUDIENCES) == admin["audiences"]
    assert [words.declared(one) for one in (*CONTACT_MEANS, "none")] == list(admin["contact_means"].values())
    assert words.declared("phone,counter") == "Téléphone, Guichet"


def test_a_number_that_was_declared_stays_as_it_is() -> None:
    assert words.declared("99,95 %") == "99,95 %"


def test_where_levels_begin_is_said_from_the_thresholds_themselves() -> None:
    assert words.rule("satisfaction") == "bon à partir de 8, moyen à partir de 5"
    assert words.rule("contact_reachability") == "bon à partir de 85 %, moyen à partir de 70 %"
    assert all(words.rule(name) for name in THRESHOLDS)


def test_days_are_written_as_in_french() -> None:
    assert words.long_date(date(2026, 3, 1)) == "1er mars 2026"
    assert words.written_day("2026-08-23") == "23 août 2026"
