"""What a page may say of two figures."""

from admin.comparisons import against_the_rest, compared
from admin.ministries import ministry_of
from collector.indicators import indicators, total
from collector.suppression import COLUMNS, Figures

GOOD = {"satisfaction_good": 180, "satisfaction_bad": 20, "comprehension_5": 10}
WORSE = {"satisfaction_good": 120, "satisfaction_bad": 80, "comprehension_5": 4, "comprehension_1": 6}


def test_each_indicator_is_up_down_the_same_or_too_seldom_answered() -> None:
    for before, after, says in ((GOOD, WORSE, "down"), (WORSE, GOOD, "up"), (GOOD, GOOD, "same")):
        found = compared(*(indicators(total([counts])) for counts in (before, after)))
        assert found["satisfaction"].verdict == says
        assert found["comprehension"].verdict == "few", "ten answers are not thirty"
        assert found["autonomy"].verdict == "few"
        assert found["comprehension"].difference is None


def test_a_part_is_held_against_all_others_together() -> None:
    sums = {"web": GOOD, "email": GOOD, "counter": WORSE, "qr": {"satisfaction_good": 3}, "kiosk": {"reviews": 2}}
    found = against_the_rest({name: total([row]) for name, row in sums.items()}, "satisfaction")
    assert {name: one.verdict for name, one in found.items()} == {  # nobody at the kiosk answered this question
        "web": "up",
        "email": "up",
        "counter": "down",
        "qr": "few",
    }
    assert found["counter"].after.count == 200
    assert found["counter"].before.count == 403


def test_of_many_parts_that_do_not_differ_none_is_named_by_chance() -> None:
    # One of forty lies just beyond its own interval: alone it would be called different.
    sums = {f"p{n}": total([{"satisfaction_good": 50, "satisfaction_bad": 50}]) for n in range(40)}
    sums["odd"] = total([{"satisfaction_good": 61, "satisfaction_bad": 39}])
    found = against_the_rest(sums, "satisfaction")
    alone = found["odd"].difference
    assert alone is not None
    assert alone.stands
    assert {one.verdict for one in found.values()} == {"same"}


def told(good: int, bad: int, *hidden: str) -> Figures:
    """What the public sees of a procedure that so many people answered."""
    sums = {"satisfaction_good": good, "satisfaction_bad": bad}
    found = indicators(total([sums]))
    return Figures(good + bad, found, frozenset(hidden), {family: {} for family in COLUMNS} | {"satisfaction": sums})


def test_a_place_is_a_rank_and_from_how_many_it_is_told_apart() -> None:
    own = indicators(total([{"satisfaction_good": 80, "satisfaction_bad": 20}]))
    ministry = ministry_of("Mer", own, [told(100, 0), told(81, 19), told(79, 21), told(10, 90), told(0, 0)])
    place = ministry.places["satisfaction"]
    assert (place.rank, place.among) == (3, 5)
    assert (place.above, place.below) == (1, 1), "81 and 79 of 100 are no other figures than 80"
    assert (ministry.others, ministry.shown) == (5, 4)
    assert ministry.compared["satisfaction"].before.count == 400
    assert ministry.compared["satisfaction"].verdict == "up"
    assert "autonomy" not in ministry.places


def test_without_others_there_is_nothing_to_compare() -> None:
    own = indicators(total([{"satisfaction_good": 80}]))
    ministry = ministry_of("Mer", own, [])
    assert (ministry.others, ministry.shown) == (0, 0)
    assert ministry.places["satisfaction"].among == 1
    assert {one.verdict for one in ministry.compared.values()} == {"few"}
