"""Quarters, and what an edition shows of a procedure: a figure with enough people, and changes that stand together."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from collector.criteria import Statement
from collector.editions import (
    FORMAT,
    Edition,
    EditionProcedure,
    compared,
    last_over,
    line_of,
    quarter_of,
    read,
    written,
)
from collector.indicators import total
from collector.schema import Procedure
from collector.suppression import COLUMNS, Family, Figures, Step, figures

PASSEPORT = Procedure(
    id=1,
    slug="passeport",
    title="Demander un passeport",
    organisation_id=1,
    organisation="Mairie d'Exemple",
    ministry="Ministère",
    audiences=("individuals",),
    origins=(),
    state="open",
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)


def rated(good: int, bad: int) -> Figures:
    counts = total([{"satisfaction_good": good, "satisfaction_bad": bad, "reviews": good + bad}])
    now: dict[Family, Step] = {family: Step(family, "2026-03-31", counts, ()) for family in COLUMNS}
    return figures(now, {}, counts, 10)


def line(found: Figures, slug: str = "passeport", **said: Statement) -> EditionProcedure:
    return line_of(msgspec.structs.replace(PASSEPORT, slug=slug), found, said)


def edition(*lines: EditionProcedure) -> Edition:
    return Edition(
        format=FORMAT,
        name="2026Q1",
        quarter="2026Q1",
        from_day="2025-04-01",
        to_day="2026-03-31",
        made_at="2026-04-02T08:00:00Z",
        made_by="https://avis.exemple.fr",
        methodology="1",
        least=100,
        small=10,
        corrects=None,
        reason=None,
        previous=None,
        procedures=lines,
    )


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026Q1", date(2025, 4, 1), date(2026, 3, 31)),
        ("2026q2", date(2025, 7, 1), date(2026, 6, 30)),
        ("2026Q3", date(2025, 10, 1), date(2026, 9, 30)),
        ("2028Q4", date(2028, 1, 1), date(2028, 12, 31)),
    ],
)
def test_a_quarter_ends_twelve_months(name: str, first: date, last: date) -> None:
    found = quarter_of(name)
    assert found
    assert (found.first, found.last, found.name) == (first, last, name.upper())


@pytest.mark.parametrize(
    ("today", "name"),
    [
        (date(2026, 1, 1), "2025Q4"),
        (date(2026, 3, 31), "2025Q4"),
        (date(2026, 4, 1), "2026Q1"),
        (date(2026, 12, 31), "2026Q3"),
    ],
)
def test_the_last_quarter_that_is_over_ended_before_today(today: date, name: str) -> None:
    assert last_over(today).name == name


@pytest.mark.parametrize("name", ["2026Q5", "2026Q0", "26Q1", "2026", "Q1", "2026Q1 bis", "2026T1", "٢٠٢٦Q1"])
def test_what_is_no_quarter_is_none(name: str) -> None:
    assert quarter_of(name) is None


@pytest.mark.parametrize(
    ("found", "state", "count", "value"),
    [
        (rated(0, 0), "none", 0, None),
        (rated(9, 0), "suppressed", None, None),
        (rated(99, 0), "few", 99, None),
        (rated(90, 10), "shown", 100, 9.0),
    ],
)
def test_a_figure_is_shown_from_a_hundred_reviews_on(
    found: Figures, state: str, count: int | None, value: float | None
) -> None:
    one = line(found).indicators[0]
    assert (one.name, one.state, one.count, one.value) == ("satisfaction", state, count, value)
    assert (one.level, one.shown) == (("green", "9,0") if value else (None, None))


def test_a_criterion_says_its_level_and_what_nobody_declared_says_so() -> None:
    said = Statement("declared", "99.89", "https://exemple.fr/suivi", "2026-03-01")
    found = {one.name: one for one in line(rated(0, 0), availability=said, once=Statement("not_applicable")).criteria}
    assert (found["availability"].shown, found["availability"].level) == ("99,89 %", "yellow")
    assert (found["once"].standing, found["once"].level) == ("not_applicable", None)
    assert (found["online"].standing, found["online"].value) == ("not_declared", None)


def test_changes_are_told_and_those_that_stand_are_chosen_together() -> None:
    before = edition(line(rated(500, 500), "a"), line(rated(500, 500), "b"), line(rated(60, 0), "c"))
    after = compared([line(rated(900, 100), "a"), line(rated(510, 490), "b"), line(rated(600, 0), "c")], before)
    changes = {one.slug: one.indicators[0].change for one in after}
    assert changes["a"]
    assert (changes["a"].value, changes["a"].stands) == (4.0, True)
    assert changes["a"].low < 4 < changes["a"].high
    assert changes["b"]
    assert not changes["b"].stands
    assert changes["c"] is None, "it was not shown before"
    assert all(one.indicators[0].change is None for one in compared(before.procedures, None))


def test_a_criterion_remembers_its_level_of_the_edition_before() -> None:
    old = edition(line(rated(0, 0), online=Statement("declared", "partly")))
    (new,) = compared([line(rated(0, 0), online=Statement("declared", "yes"))], old)
    found = {one.name: one for one in new.criteria}
    assert (found["online"].before, found["online"].level) == ("yellow", "green")
    assert found["smartphone"].before is None


def test_an_edition_is_read_back_as_it_was_written_always_in_the_same_bytes() -> None:
    one = edition(line(rated(90, 10)))
    content = written(one)
    assert read(content) == one
    assert written(read(content)) == content
    assert content.startswith(b'{"corrects":null,"format":"avis-edition/1","from_day"')
