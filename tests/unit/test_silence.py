"""A placement that went silent is noticed; weekends, holidays, small numbers and new placements are no silence."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from math import exp

import pytest

from collector.silence import Silence, silence

TODAY = date(2026, 3, 12)
"""A Thursday."""
LONG_AGO = date(2020, 1, 1)
OFFICE = (1.2, 1.1, 1.0, 1.0, 0.9, 0.25, 0.2)
"""What a procedure of office people brings from Monday to Sunday, as a share of its mean working day."""


def poisson(chance: random.Random, mean: float) -> int:
    # By waiting times: exact, and quick enough for hundreds.
    if mean > 500:
        return max(0, round(chance.gauss(mean, mean**0.5)))
    number, left = 0, chance.random()
    while left > exp(-mean) and mean > 0:
        number, left = number + 1, left * chance.random()
    return number


def history(
    daily: float,
    *,
    seed: int = 1,
    week: Sequence[float] = OFFICE,
    variation: float = 0.2,
    end: date = TODAY,
    days: int = 140,
) -> dict[date, int]:
    """Days before `end` of a placement that nothing is wrong with: a week's pattern, good and bad days, chance."""
    chance = random.Random(seed)  # noqa: S311 - made-up histories
    found = {}
    for n in range(days, 0, -1):
        day = end - timedelta(days=n)
        mood = chance.gammavariate(1 / variation**2, variation**2) if variation else 1
        found[day] = poisson(chance, daily * week[day.weekday()] * mood)
    return {day: number for day, number in found.items() if number}


def dead(volumes: dict[date, int], since: date) -> dict[date, int]:
    return {day: number for day, number in volumes.items() if day < since}


def test_a_busy_placement_is_missed_after_one_working_day() -> None:
    found = silence(dead(history(100), TODAY - timedelta(days=1)), TODAY, LONG_AGO)
    assert found is not None
    assert (found.first, found.last, found.received) == (date(2026, 3, 11), date(2026, 3, 11), 0)
    assert 70 < found.expected < 130


@pytest.mark.parametrize(("daily", "days"), [(30, 1), (8, 2), (4, 4), (2, 9)])
def test_a_small_placement_is_missed_after_some_days_and_not_before(daily: float, days: int) -> None:
    """Whatever the chance of its history: as many days as make a dozen reviews, give or take."""
    told = []
    for seed in range(20):
        volumes = history(daily, seed=seed)
        after = next(
            n for n in range(1, 29) if silence(dead(volumes, TODAY - timedelta(days=n)), TODAY, LONG_AGO) is not None
        )
        told.append(after)
    assert sorted(told)[10] in range(days, days + 3)
    assert max(told) <= 3 * days + 3
    assert daily * min(told) > 6, "never on less evidence than half a dozen reviews"


def test_where_few_answer_silence_proves_nothing() -> None:
    for seed in range(20):
        volumes = history(0.15, seed=seed)
        assert silence(dead(volumes, TODAY - timedelta(days=21)), TODAY, LONG_AGO) is None


def test_a_weekend_is_not_a_silence() -> None:
    """On Monday morning, after a Saturday and a Sunday without anybody."""
    monday = date(2026, 3, 9)
    volumes = history(40, week=(1, 1, 1, 1, 1, 0, 0), end=monday)
    assert silence(volumes, monday, LONG_AGO) is None


def test_a_holiday_is_a_sunday() -> None:
    """Labour Day is a Friday in 2026, Ascension a Thursday: nobody works, nobody answers."""
    for holiday in (date(2026, 5, 1), date(2026, 5, 14)):
        volumes = history(80, week=(1, 1, 1, 1, 1, 0.1, 0.05), end=holiday + timedelta(days=1))
        volumes[holiday] = 2
        assert silence(volumes, holiday + timedelta(days=1), LONG_AGO) is None


def test_the_same_quiet_on_a_plain_friday_is_a_silence() -> None:
    friday = date(2026, 5, 22)
    volumes = history(80, week=(1, 1, 1, 1, 1, 0.1, 0.05), end=friday + timedelta(days=1))
    volumes[friday] = 2
    assert silence(volumes, friday + timedelta(days=1), LONG_AGO) is not None


def test_a_bad_week_is_no_dead_button() -> None:
    """Half of what is usual, for days: worth a look at the figures, and no alarm."""
    volumes = history(60)
    for n in range(1, 8):
        day = TODAY - timedelta(days=n)
        volumes[day] = volumes.get(day, 0) // 2
    assert silence(volumes, TODAY, LONG_AGO) is None


def test_a_trickle_is_a_silence() -> None:
    """One page of three still has the button."""
    volumes = history(60)
    for n in range(1, 4):
        volumes[TODAY - timedelta(days=n)] = 4
    found = silence(volumes, TODAY, LONG_AGO)
    assert found is not None
    assert found.received == 12


def test_a_new_placement_has_no_habit_yet() -> None:
    first = TODAY - timedelta(days=18)
    volumes = {day: number for day, number in history(50).items() if day >= first}
    assert silence(dead(volumes, TODAY - timedelta(days=2)), TODAY, first) is None


def test_one_of_two_months_has() -> None:
    first = TODAY - timedelta(days=60)
    volumes = {day: number for day, number in history(50).items() if day >= first}
    assert silence(dead(volumes, TODAY - timedelta(days=2)), TODAY, first) is not None


def test_who_never_had_a_review_is_not_silent() -> None:
    assert silence({}, TODAY, LONG_AGO) is None


def test_a_campaign_neither_hides_a_silence_nor_makes_the_usual_look_like_one() -> None:
    volumes = history(30)
    volumes[TODAY - timedelta(days=16)] = 2_000
    assert silence(volumes, TODAY, LONG_AGO) is None
    assert silence(dead(volumes, TODAY - timedelta(days=3)), TODAY, LONG_AGO) is not None


def test_a_placement_that_lives_of_campaigns_is_left_alone() -> None:
    """Letters go out on some days of a month: between two of them nobody has a reason to answer."""
    volumes = {TODAY - timedelta(days=n): 300 for n in (13, 14, 40, 41, 70, 71, 99, 100)}
    assert silence(volumes, TODAY, LONG_AGO) is None


def test_who_comes_back_is_no_longer_silent() -> None:
    volumes = dead(history(50), TODAY - timedelta(days=5))
    assert silence(volumes, TODAY, LONG_AGO) is not None
    assert silence({**volumes, TODAY: 30}, TODAY, LONG_AGO) is None, "already today"
    assert silence({**volumes, TODAY - timedelta(days=1): 45}, TODAY, LONG_AGO) is None, "or since yesterday"


def test_a_long_silence_is_told_for_weeks() -> None:
    volumes = history(20, days=200)
    for days in (2, 7, 14, 28, 40):
        found = silence(dead(volumes, TODAY - timedelta(days=days)), TODAY, LONG_AGO)
        assert found is not None, days
        assert found.first == max(TODAY - timedelta(days=days), TODAY - timedelta(days=28)), days


def test_two_hundred_healthy_days_of_thirty_placements_raise_no_alarm() -> None:
    """Small and large, steady and moody, each with its weekends: 6 000 looks."""
    alarms: list[tuple[float, Silence]] = []
    for n in range(30):
        daily = (0.3, 1, 3, 10, 30, 200)[n % 6]
        volumes = history(daily, seed=n, variation=(0.1, 0.3, 0.5)[n % 3], days=300)
        for back in range(200):
            today = TODAY - timedelta(days=back)
            found = silence({day: one for day, one in volumes.items() if day < today}, today, LONG_AGO)
            if found:
                alarms.append((daily, found))
    assert alarms == []
