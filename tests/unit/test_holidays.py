"""Days on which offices rest."""

from datetime import date

import pytest

from collector.holidays import is_holiday


@pytest.mark.parametrize(
    ("year", "easter_monday", "ascension", "whit_monday"),
    [
        (2024, (4, 1), (5, 9), (5, 20)),
        (2025, (4, 21), (5, 29), (6, 9)),
        (2026, (4, 6), (5, 14), (5, 25)),
        (2038, (4, 26), (6, 3), (6, 14)),
    ],
)
def test_the_moving_days_are_those_of_the_calendar(
    year: int, easter_monday: tuple[int, int], ascension: tuple[int, int], whit_monday: tuple[int, int]
) -> None:
    assert all(is_holiday(date(year, *day)) for day in (easter_monday, ascension, whit_monday))


def test_a_year_has_eleven_days_or_ten_when_two_fall_together() -> None:
    def number(year: int) -> int:
        first = date(year, 1, 1).toordinal()
        return sum(is_holiday(date.fromordinal(first + n)) for n in range(365))

    assert [number(year) for year in (2025, 2026, 2027)] == [11, 11, 11]
    # In 2008 Ascension fell on the first of May.
    assert number(2008) == 10


def test_a_plain_thursday_is_none() -> None:
    assert not is_holiday(date(2026, 3, 12))
