"""An age is written as people say it, and is counted in calendar months where they say months."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.ages import Age, parse_age


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("24 months", Age(months=24)),
        ("1 month", Age(months=1)),
        ("2 years", Age(months=24)),
        ("730d", Age(days=730)),
        ("730 days", Age(days=730)),
        ("104 weeks", Age(days=728)),
        (" 24 Mois ", Age(months=24)),
        ("2 ans", Age(months=24)),
        ("90 jours", Age(days=90)),
    ],
)
def test_an_age_is_a_number_and_a_unit(text: str, age: Age) -> None:
    assert parse_age(text) == age


@pytest.mark.parametrize("text", ["", "24", "months", "0d", "-3 days", "24 m", "1.5 years", "24 months 3 days", "²d"])
def test_anything_else_is_no_age(text: str) -> None:
    with pytest.raises(ValueError, match="n'est pas une durée de conservation"):
        parse_age(text)


@pytest.mark.parametrize("text", ["36526d", "1201 months", "101 years", "999999 weeks"])
def test_an_age_has_a_century_at_most(text: str) -> None:
    with pytest.raises(ValueError, match="conservation"):
        parse_age(text)


@pytest.mark.parametrize(
    ("age", "today", "first"),
    [
        ("24 months", date(2026, 3, 12), date(2024, 3, 12)),
        ("1 month", date(2026, 3, 31), date(2026, 2, 28)),
        ("1 month", date(2024, 3, 31), date(2024, 2, 29)),
        ("1 year", date(2024, 2, 29), date(2023, 2, 28)),
        ("3 months", date(2026, 1, 15), date(2025, 10, 15)),
        ("1d", date(2026, 3, 29), date(2026, 3, 28)),
        ("100 years", date(99, 1, 1), date.min),
    ],
)
def test_the_first_day_that_is_kept(age: str, today: date, first: date) -> None:
    assert parse_age(age).first_kept(today) == first


@given(st.dates(date(1970, 1, 1)), st.dates(date(1970, 1, 1)), st.integers(1, 600), st.integers(0, 60))
def test_what_was_forgotten_once_is_not_remembered_later(one: date, other: date, months: int, days: int) -> None:
    age = Age(months, days)
    assert (one <= other) <= (age.first_kept(one) <= age.first_kept(other))
