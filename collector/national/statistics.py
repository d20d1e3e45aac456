"""Counts as the national service's API tells them: by question and answer, and below a desk what it did. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal, get_args

from msgspec import Struct

from collector.national import words
from collector.schema import DESKS, FormName

Interval = Literal["day", "week", "month", "year", "none"]
INTERVALS: tuple[Interval, ...] = get_args(Interval)
Counts = Mapping[str, int]
Days = tuple[date, date]
ALL_TIME = "all_time"
INTENTIONS = ("very_bad", "bad", "medium", "good", "very_good")

OF_FORM: Mapping[FormName, tuple[str, ...]] = {
    "satisfaction": ("satisfaction", "comprehension", "contact_tried", "contact_reached", "contact_satisfaction"),
    "malfunction": ("bug_kind",),
}
FIELDS: tuple[str, ...] = tuple(field for fields in OF_FORM.values() for field in fields)


class Hit(Struct, frozen=True, omit_defaults=True):
    """How often an answer was given. `children` is of a desk: whether it was reached, and how it helped."""

    intention: str
    label: str
    count: int
    children: "list[Category] | None" = None


class Category(Struct, frozen=True):
    category: str
    label: str
    number_hits: list[Hit]


class Told(Struct, frozen=True):
    """One interval; `date` is when it begins."""

    date: str
    length_interval: Interval
    data: list[Category]


def categories(counts: Counts, fields: Sequence[str]) -> list[Category]:
    """What was answered to the questions of `fields`; an answer that nobody gave is not there."""
    hits = {
        "satisfaction": _satisfaction,
        "comprehension": _comprehension,
        "contact_tried": _tried,
        "contact_reached": lambda counts: _reached(counts, DESKS),
        "contact_satisfaction": lambda counts: _helped(counts, DESKS),
        "bug_kind": _kinds,
    }
    found = [_category(field, hits[field](counts)) for field in FIELDS if field in fields]
    return [one for one in found if one.number_hits]


def _category(field: str, hits: Iterator[Hit]) -> Category:
    label = words.question("kind" if field == "bug_kind" else field)
    return Category(field, label, [hit for hit in hits if hit.count])


def _satisfaction(counts: Counts) -> Iterator[Hit]:
    return (Hit(code, label, counts[f"satisfaction_{code}"]) for code, label in words.SATISFACTION.items())


def _comprehension(counts: Counts) -> Iterator[Hit]:
    return (Hit(INTENTIONS[mark - 1], label, counts[f"comprehension_{mark}"]) for mark, label in words.MARKS.items())


def _tried(counts: Counts) -> Iterator[Hit]:
    for means, label in words.MEANS.items():
        children = _of_desk(counts, means) if means in DESKS else []
        yield Hit("good" if means == "none" else "neutral", label, counts[f"tried_{means}"], children or None)


def _of_desk(counts: Counts, desk: str) -> list[Category]:
    below = (
        _category("contact_reached", _reached(counts, [desk])),
        _category("contact_satisfaction", _helped(counts, [desk])),
    )
    return [one for one in below if one.number_hits]


def _reached(counts: Counts, desks: Sequence[str]) -> Iterator[Hit]:
    yield Hit("good", words.REACHED[True], sum(counts[f"{desk}_reached"] for desk in desks))
    yield Hit("bad", words.REACHED[False], sum(counts[f"{desk}_missed"] for desk in desks))


def _helped(counts: Counts, desks: Sequence[str]) -> Iterator[Hit]:
    for mark, label in words.HELP.items():
        yield Hit(INTENTIONS[mark - 1], label, sum(counts[f"{desk}_help_{mark}"] for desk in desks))


def _kinds(counts: Counts) -> Iterator[Hit]:
    return (Hit("neutral", label, counts[f"kind_{kind}"]) for kind, label in words.KINDS.items())


def steps(first: date, last: date, interval: Interval) -> list[tuple[str, Days]]:
    """The intervals of a period by the name of their beginning, cut to the period; weeks begin on Monday."""
    if interval == "none":
        return [(ALL_TIME, (first, last))]
    found: list[tuple[str, Days]] = []
    start = _beginning(first, interval)
    while start <= last:
        following = _following(start, interval)
        days = (max(start, first), min(following - timedelta(days=1), last))
        found.append((f"{start.isoformat()}T00:00:00.000Z", days))
        start = following
    return found


def _beginning(day: date, interval: Interval) -> date:
    match interval:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)
        case _:
            return day


def _following(start: date, interval: Interval) -> date:
    match interval:
        case "week":
            return start + timedelta(days=7)
        case "month":
            return (start + timedelta(days=31)).replace(day=1)
        case "year":
            return start.replace(year=start.year + 1)
        case _:
            return start + timedelta(days=1)


def intervals(
    named: Sequence[tuple[str, Any]], rows: Sequence[Counts], fields: Sequence[str], length: Interval
) -> list[Told]:
    """Those in which somebody answered something."""
    told = (Told(name, length, categories(counts, fields)) for (name, _), counts in zip(named, rows, strict=True))
    return [one for one in told if one.data]
