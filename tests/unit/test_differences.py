"""When a difference between two periods is called a change."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.differences import ENOUGH, Difference, difference, standing
from collector.indicators import Indicator, indicators, total

answers = st.tuples(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400)).filter(lambda three: sum(three) >= 1)


def satisfaction(bad: int, medium: int, good: int) -> Indicator:
    counts = {"satisfaction_bad": bad, "satisfaction_medium": medium, "satisfaction_good": good}
    return indicators(total([counts]))[0]


def compared(before: tuple[int, int, int], after: tuple[int, int, int], least: int = ENOUGH) -> Difference:
    found = difference(satisfaction(*before), satisfaction(*after), least)
    assert found is not None
    return found


def counted(sample: list[int]) -> tuple[int, int, int]:
    return sample.count(0), sample.count(1), sample.count(2)


def test_a_clear_fall_is_a_change_and_chance_is_not() -> None:
    fall = compared((20, 60, 320), (90, 100, 210))
    assert fall.stands
    assert fall.high < 0
    same = compared((20, 60, 320), (22, 57, 318))
    assert not same.stands
    assert same.low < 0 < same.high


def test_the_same_difference_needs_enough_answers() -> None:
    assert not compared((8, 8, 24), (12, 8, 20)).stands
    assert compared((800, 800, 2400), (1200, 800, 2000)).stands


@pytest.mark.parametrize(("before", "after"), [(0, 500), (500, 0), (ENOUGH - 1, 500), (500, ENOUGH - 1)])
def test_a_few_answers_are_not_compared(before: int, after: int) -> None:
    assert difference(satisfaction(0, 0, before), satisfaction(after, 0, 0)) is None


def test_a_certain_trifle_is_not_named() -> None:
    trifle = compared((100_000, 200_000, 700_000), (102_000, 200_000, 698_000))
    assert trifle.chance < 0.001
    assert not trifle.stands
    assert standing({"satisfaction": trifle}) == frozenset()


@given(answers, answers)
def test_a_difference_is_the_same_both_ways_and_lies_in_its_interval(
    before: tuple[int, int, int], after: tuple[int, int, int]
) -> None:
    there, back = compared(before, after, least=1), compared(after, before, least=1)
    assert there.low <= there.value <= there.high
    assert there.value == pytest.approx(-back.value)
    assert there.low == pytest.approx(-back.high)
    assert there.high == pytest.approx(-back.low)
    assert there.chance == pytest.approx(back.chance)
    # What stands is what the interval leaves no doubt about, and the other way round.
    assert (there.chance < 0.0499) <= (not there.low < 0 < there.high)


def test_an_interval_holds_the_truth_as_often_as_it_says() -> None:
    chance, held = random.Random(7), 0  # noqa: S311 - made-up people
    people = (3, 5, 12), (5, 5, 10)
    truth = (10 * 10 + 5 * 5) / 20 - (10 * 12 + 5 * 5) / 20
    for _ in range(1500):
        found = compared(
            counted(chance.choices((0, 1, 2), people[0], k=120)), counted(chance.choices((0, 1, 2), people[1], k=120))
        )
        held += found.low <= truth <= found.high
    assert 0.94 <= held / 1500 <= 0.975


def test_of_many_figures_that_did_not_change_hardly_any_is_called_changed() -> None:
    """An administrator's page: 250 procedures, none of which changed. One by one, a dozen would be called changed."""
    chance, found = random.Random(3), {}  # noqa: S311 - made-up people
    for n in range(250):
        found[n] = compared(
            counted(chance.choices((0, 1, 2), (2, 3, 5), k=200)), counted(chance.choices((0, 1, 2), (2, 3, 5), k=200))
        )
    assert sum(each.stands for each in found.values()) >= 6
    assert len(standing(found)) <= 1


def test_real_changes_among_many_are_still_found() -> None:
    still = {f"still-{n}": compared((20, 30, 50), (20, 31, 49)) for n in range(200)}
    fallen = {f"fallen-{n}": compared((20, 60, 320), (90, 100, 210)) for n in range(5)}
    assert standing({**still, **fallen}) == frozenset(fallen)
    assert standing({}) == frozenset()
