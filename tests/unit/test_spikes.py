"""A spike of technical reports is seen as soon as it is one, and ordinary days are not taken for one."""

import random
from math import exp

import pytest

from collector.laws import at_least, at_most
from collector.spikes import is_spike


@pytest.mark.parametrize(
    ("lately", "known", "days", "told"),
    [
        # A quiet procedure: one report a month.
        (4, 6, 180, False),
        (5, 6, 180, True),
        # Nobody ever reported anything.
        (5, 0, 180, True),
        # Two a day.
        (8, 360, 180, False),
        (14, 360, 180, False),
        (30, 360, 180, True),
        # A large one, forty a day: twice its usual is a bad day.
        (160, 7200, 180, False),
        (420, 7200, 180, True),
        # A procedure of a week: too little is known.
        (5, 3, 7, False),
        (60, 3, 7, True),
    ],
)
def test_a_spike_is_far_more_than_usual(lately: int, known: int, days: int, told: bool) -> None:
    assert is_spike(lately, known, days) is told


def test_seven_months_of_ordinary_days_raise_one_alarm_at_most() -> None:
    """Of twenty procedures, from one report in ten days to twenty a day, more on Mondays, with good and bad days."""
    chance, alarms = random.Random(5), 0  # noqa: S311 - made-up days
    for n in range(20):
        daily = (0.1, 0.5, 2, 6, 20)[n % 5]
        counts = []
        for day in range(400):
            mean = daily * (1.5 if day % 7 == 0 else 0.4 if day % 7 > 4 else 1) * chance.gammavariate(6, 1 / 6)
            number, left = 0, chance.random()
            while left > exp(-mean):
                number, left = number + 1, left * chance.random()
            counts.append(number)
        alarms += sum(
            is_spike(sum(counts[day - 1 : day + 1]), sum(counts[day - 181 : day - 1]), 180) for day in range(182, 400)
        )
    assert alarms <= 1, "in 4 360 looks"


def test_the_law_is_the_negative_binomial_one() -> None:
    # size 1 is the geometric law: P(X <= n) = 1 - p^(n + 1), p = mean / (1 + mean).
    assert at_most(4, 3.0, 1.0) == pytest.approx(1 - 0.75**5)
    assert at_least(5, 3.0, 1.0) == pytest.approx(0.75**5)
    # A large size is nearly Poisson.
    assert at_most(0, 5.0, 1e9) == pytest.approx(exp(-5), rel=1e-6)
    assert at_least(0, 5.0, 2.0) == 1.0
