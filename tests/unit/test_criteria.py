"""Criteria that are declared: what a value is, what it is worth, and that what is shown never contradicts its level."""

import random

import pytest

from collector.criteria import BY_NAME, CRITERIA, Statement, level, number_of, share_text, shown
from collector.indicators import Level


def said(value: str) -> Statement:
    return Statement("declared", value, None, "2026-03-01")


@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("online", {"yes": "green", "partly": "yellow", "no": "red"}),
        ("franceconnect", {"yes": "green", "no": "red"}),
        ("smartphone", {"yes": "green", "no": "red"}),
        ("support", {"phone,email": "green", "phone": "yellow", "email,form": "yellow", "counter,chat": "green"}),
        ("support", {"none": "red", "robot,email,form,mail": "yellow"}),
        ("availability", {"99.9": "green", "99.89": "yellow", "98.5": "yellow", "98.49": "red", "100": "green"}),
        ("response_time", {"399": "green", "400": "yellow", "799": "yellow", "800": "red", "0": "green"}),
        ("accessibility", {"100": "green", "99.99": "yellow", "50": "yellow", "49.99": "red"}),
        ("once", {"0": "green", "1": "green", "2": "yellow", "4": "yellow", "5": "red"}),
        ("online_share", {"0": None, "100": None}),
    ],
)
def test_levels_begin_and_end_where_the_observatory_says(name: str, levels: dict[str, Level | None]) -> None:
    assert {value: level(name, said(value)) for value in levels} == levels


@pytest.mark.parametrize("standing", ["not_applicable", "not_declared"])
def test_what_is_not_declared_has_no_level(standing: str) -> None:
    for one in CRITERIA:
        assert level(one.name, Statement(standing)) is None  # type: ignore[arg-type]  # one of the two


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("availability", "99,90 %", "99.9"),
        ("availability", "99.95", "99.95"),
        ("availability", " 100 ", "100"),
        ("availability", "99,899", None),
        ("availability", "100,01", None),
        ("availability", "-1", None),
        ("availability", "", None),
        ("availability", "1e1", None),
        ("availability", "٩٩", None),
        ("response_time", "1 200 ms", "1200"),
        ("response_time", "399,5", None),
        ("response_time", "600001", None),
        ("once", "0", "0"),
        ("once", "007", "7"),
        ("online_share", "81,5%", "81.5"),
    ],
)
def test_a_number_is_read_as_people_write_it_and_kept_in_one_way(name: str, typed: str, kept: str | None) -> None:
    assert number_of(BY_NAME[name], typed) == kept


def test_a_value_that_is_shown_never_contradicts_its_level() -> None:
    """Whoever reads what is shown and applies the thresholds finds the level that stands beside it."""
    chance = random.Random(7)  # noqa: S311 - the same values each time
    for one in CRITERIA:
        for _ in range(500 if one.kind == "number" else 0):
            typed = f"{chance.uniform(0, min(one.most, 1000)):.{one.decimals}f}"
            kept = number_of(one, typed)
            assert kept is not None
            again = number_of(one, shown(one.name, kept))
            assert again == kept
            assert level(one.name, said(again)) == level(one.name, said(kept))


@pytest.mark.parametrize(("share", "text"), [(0.8199, "81.9"), (0.29, "29"), (1.0, "100"), (1.2, "100"), (0.0, "0")])
def test_a_share_is_cut_and_never_rounded_up(share: float, text: str) -> None:
    assert share_text(share) == text
    assert number_of(BY_NAME["online_share"], text) == text
