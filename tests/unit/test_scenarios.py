"""Scenarios: without a change they are the figures as they are; a change moves only what follows from it, one way."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.indicators import COUNTS, Indicator, count_of, indicators, total
from collector.scenarios import Factor, Outcome, Parts, alike, factors, imagined
from collector.schema import DESKS
from tests.unit.test_indicators import review

SHARES = st.floats(0, 1)

MOVED_BY = {
    "bad": {"satisfaction"},
    "medium": {"satisfaction"},
    "clarity": {"comprehension"},
    "help": {"contact_satisfaction", "contact"},
    "reach": {"contact_reachability", "contact_satisfaction", "contact"},
    "need": {"autonomy", "contact_reachability", "contact_satisfaction", "contact"},
}


@st.composite
def counted(draw: st.DrawFn) -> dict[str, int]:
    """Sums as reviews can make them: whoever marks the help of a desk reached it."""
    numbers = st.integers(0, 60)
    found = {name: draw(numbers) for name in COUNTS}
    for desk in DESKS:
        found[f"{desk}_reached"] += sum(found[f"{desk}_help_{mark}"] for mark in range(1, 6))
    found["tried_none"] = min(found["tried_none"], found["tried"])
    return found


@st.composite
def scenes(draw: st.DrawFn) -> tuple[dict[str, int], Parts, Factor]:
    """A procedure's sums, with a part of its ratings, and one share of them."""
    counts = draw(counted())
    part = {name: draw(st.integers(0, counts[name])) if name.startswith("satisfaction") else 0 for name in COUNTS}
    parts: Parts = {("channel", "web"): part}
    known = factors({**counts, "tried": counts["tried"] + 30}, parts)
    factor = draw(st.sampled_from(known))
    return {**counts, "tried": counts["tried"] + 30}, parts, factor


def values(outcome: Outcome) -> dict[str, float | None]:
    return {one.name: one.value for one in outcome.indicators}


@given(scenes())
def test_a_share_moved_to_where_it_is_changes_nothing(scene: tuple[dict[str, int], Parts, Factor]) -> None:
    counts, parts, factor = scene
    there = imagined(counts, factor, factor.share, parts)
    assert there.unknown == frozenset()
    for one, now in zip(there.indicators, indicators(counts), strict=True):
        assert one.value == pytest.approx(now.value)
        assert one.low == pytest.approx(now.low)
        assert one.high == pytest.approx(now.high)
        assert one.count == now.count


@given(scenes(), SHARES)
def test_every_figure_stays_on_its_scale_within_its_interval(
    scene: tuple[dict[str, int], Parts, Factor], share: float
) -> None:
    counts, parts, factor = scene
    for one in imagined(counts, factor, share, parts).indicators:
        if one.value is not None:
            assert one.low is not None
            assert one.high is not None
            assert -1e-9 <= one.low <= one.value + 1e-9
            assert one.value <= one.high + 1e-9 <= one.scale + 2e-9


@given(scenes(), SHARES)
def test_what_does_not_follow_from_the_share_stays_as_it_is(
    scene: tuple[dict[str, int], Parts, Factor], share: float
) -> None:
    counts, parts, factor = scene
    now = {one.name: one for one in indicators(counts)}
    for one in imagined(counts, factor, share, parts).indicators:
        if one.name not in MOVED_BY[factor.kind]:
            assert one == now[one.name]


@given(scenes(), st.lists(SHARES, min_size=2, max_size=5))
def test_a_share_that_grows_moves_each_figure_one_way(
    scene: tuple[dict[str, int], Parts, Factor], shares: list[float]
) -> None:
    counts, parts, factor = scene
    steps = [values(imagined(counts, factor, share, parts)) for share in sorted(shares)]
    for name in steps[0]:
        known = [value for step in steps if (value := step[name]) is not None]
        moves = [after - before for before, after in pairwise(known) if abs(after - before) > 1e-9]
        assert all(move > 0 for move in moves) or all(move < 0 for move in moves), (factor, name, known)


@given(scenes(), SHARES, SHARES)
def test_what_is_bad_makes_worse_and_what_is_good_makes_better(
    scene: tuple[dict[str, int], Parts, Factor], one: float, other: float
) -> None:
    counts, parts, factor = scene
    low, high = (values(imagined(counts, factor, share, parts)) for share in sorted((one, other)))
    name = {"bad": "satisfaction", "clarity": "comprehension", "help": "contact", "need": "autonomy"}.get(factor.kind)
    ends = (low[name], high[name]) if name else (None, None)
    if ends[0] is not None and ends[1] is not None:
        assert ends[1] <= ends[0] + 1e-9
    if factor.kind == "reach":
        assert (high["contact_reachability"] or 0) >= (low["contact_reachability"] or 0) - 1e-9


def sums(**given_counts: int) -> dict[str, int]:
    return {**dict.fromkeys(COUNTS, 0), **given_counts}


def one_of(outcome: Outcome, name: str) -> Indicator:
    return next(one for one in outcome.indicators if one.name == name)


def test_the_telephone_reached_as_often_as_the_counter() -> None:
    """By hand: 100 calls, 40 answered and all marked 5; 100 visits, 80 met and all marked 3."""
    counts = sums(
        phone_reached=40, phone_missed=60, phone_help_5=40, counter_reached=80, counter_missed=20, counter_help_3=80
    )
    every = {one.code: one for one in factors(counts)}
    phone, counter = every["reach-desk-phone"], every["reach-desk-counter"]
    assert alike(phone, every.values()) == [counter]
    found = imagined(counts, phone, counter.share)
    assert one_of(found, "contact_reachability").value == pytest.approx(160 / 200)
    assert one_of(found, "contact_satisfaction").value == pytest.approx((80 * 10 + 80 * 5) / 160)
    assert one_of(found, "contact").value == pytest.approx((80 * 10 + 80 * 5) / 200)
    assert one_of(found, "contact_reachability").count == 200, "as many attempts"


def test_half_as_many_who_say_bad_share_themselves_out_like_the_others() -> None:
    counts = sums(satisfaction_bad=40, satisfaction_medium=20, satisfaction_good=40)
    found = imagined(counts, factors(counts)[0], 0.2)
    assert one_of(found, "satisfaction").value == pytest.approx((80 / 3 * 5 + 160 / 3 * 10) / 100)


def test_a_part_of_the_ratings_moves_the_whole_by_its_weight() -> None:
    counts = sums(satisfaction_bad=50, satisfaction_good=150)
    parts: Parts = {("channel", "web"): sums(satisfaction_bad=50, satisfaction_good=50)}
    factor = next(one for one in factors(counts, parts) if one.code == "bad-channel-web")
    assert one_of(imagined(counts, factor, 0, parts), "satisfaction").value == pytest.approx(10)
    assert one_of(imagined(counts, factor, 1, parts), "satisfaction").value == pytest.approx(5)


def test_what_nobody_ever_said_is_unknown_and_not_invented() -> None:
    never_reached = sums(phone_missed=50, counter_reached=30, counter_help_4=30)
    found = imagined(never_reached, Factor("reach", "desk", "phone", 0, 50), 0.5)
    assert found.unknown == {"contact_satisfaction", "contact"}
    assert one_of(found, "contact").value is None
    assert one_of(found, "contact_reachability").value == pytest.approx(55 / 80)
    all_good = sums(comprehension_5=40)
    assert imagined(all_good, Factor("clarity", "", "", 0, 40), 0.5).unknown == {"comprehension"}
    all_bad = sums(satisfaction_bad=40)
    assert imagined(all_bad, Factor("bad", "", "", 40, 40), 0.5).unknown == {"satisfaction"}
    no_need = sums(tried=40, tried_none=40)
    found = imagined(no_need, Factor("need", "", "", 0, 40), 0.5)
    assert one_of(found, "autonomy").value == pytest.approx(5)
    assert found.unknown == {"contact_reachability", "contact_satisfaction", "contact"}
    all_poor = sums(phone_reached=40, phone_help_1=40)
    assert imagined(all_poor, Factor("help", "desk", "phone", 40, 40), 0.5).unknown == {
        "contact_satisfaction",
        "contact",
    }


def test_a_share_of_a_few_answers_is_not_offered() -> None:
    assert factors(sums(satisfaction_bad=29)) == []
    assert {one.code for one in factors(sums(satisfaction_bad=30))} == {"bad", "medium"}
    assert factors(total([count_of(review())])) == []
