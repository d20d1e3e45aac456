"""Publish no figure that too few people stand behind, not even by subtracting what was published at another time.

Whoever reads a public figure twice can subtract: twelve opinions now and thirteen later give the thirteenth away. So
the public does not see the sums as they stand. For each question a **step** is taken from time to time: the sums since
the first review, as they then are. What is published is always the difference of two steps, and a step is only taken
when its number of reviews is at least `least` away from every step before. Every difference of differences is then made
of whole steps, and behind each stand at least `least` reviews. Owners see everything at once; this is for the public.

Pure: `collector/storage/published.py` keeps the steps.
"""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from collector.indicators import MARKS, Indicator, indicators, total
from collector.schema import DESKS, ProcedureState

PUBLIC: frozenset[ProcedureState] = frozenset({"open", "closed"})
"""Which procedures the public sees at all."""

Family = Literal["satisfaction", "comprehension", "autonomy", "reached", "helped"]
"""Questions are answered by different people, so each has steps of its own."""

_SATISFACTION = tuple(f"satisfaction_{code}" for code in ("bad", "medium", "good"))
_COMPREHENSION = tuple(f"comprehension_{mark}" for mark in MARKS)
_MISSED = tuple(f"{desk}_missed" for desk in DESKS)
_HELP = tuple(f"{desk}_help_{mark}" for desk in DESKS for mark in MARKS)

COLUMNS: Mapping[Family, tuple[str, ...]] = {
    "satisfaction": _SATISFACTION,
    "comprehension": _COMPREHENSION,
    "autonomy": ("tried", "tried_none"),
    "reached": ("contacted", *(f"{desk}_reached" for desk in DESKS), *_MISSED),
    # The composite indicator counts who reached nobody as well: its sums must be of one moment.
    "helped": ("helped", *_HELP, *_MISSED),
}
"""The sums that a family's figures are made of."""

_BEHIND: Mapping[Family, tuple[str, ...]] = {
    "satisfaction": _SATISFACTION,
    "comprehension": _COMPREHENSION,
    "autonomy": ("tried",),
    "reached": ("contacted",),
    "helped": ("helped",),
}
FAMILY: Mapping[str, Family] = {
    "satisfaction": "satisfaction",
    "comprehension": "comprehension",
    "contact_reachability": "reached",
    "contact_satisfaction": "helped",
    "contact": "helped",
    "autonomy": "autonomy",
}


class Step(Struct, frozen=True):
    """The sums of a family since the first review, as the public was told on `day`.

    `told` is how many reviews stood behind each step of that day, this one last: a day keeps its last sums only.
    """

    family: Family
    day: str
    counts: Mapping[str, int]
    told: tuple[int, ...]


class Figures(Struct, frozen=True):
    """What may be published of a period. `suppressed` names the indicators that too few reviews stand behind.

    `sums` are what the others are made of, by family: differences of two steps, as safe as the figures themselves.
    """

    reviews: int | None
    indicators: tuple[Indicator, ...]
    suppressed: frozenset[str]
    sums: Mapping[Family, Mapping[str, int]]


def behind(family: Family, counts: Mapping[str, int]) -> int:
    """How many reviews stand behind these sums."""
    return sum(counts.get(name, 0) for name in _BEHIND[family])


def steps_due(
    last: Mapping[Family, Step],
    told: Mapping[Family, Collection[int]],
    sums: Iterable[tuple[str, Mapping[str, int]]],
    least: int,
) -> list[Step]:
    """The steps to take now: at most one for each family and day.

    `last` is each family's latest step, `told` how many reviews stood behind each of all its steps, and `sums` are the
    sums since the first review, as they stood at the end of each later day and, for today, as they stand.
    """
    latest = dict(last)
    heard = {family: sorted({0, *told.get(family, ())}) for family in COLUMNS}
    taken: dict[tuple[Family, str], Step] = {}
    for day, counts in sums:
        for family in _due(heard, counts, least):
            number = behind(family, counts)
            before = latest.get(family)
            if before and day < before.day:
                continue
            same_day = before.told if before and before.day == day else ()
            step = Step(family, day, {name: counts[name] for name in COLUMNS[family]}, (*same_day, number))
            latest[family] = taken[family, day] = step
            insort(heard[family], number)
    return list(taken.values())


def _due(heard: Mapping[Family, Sequence[int]], counts: Mapping[str, int], least: int) -> list[Family]:
    found = [family for family in COLUMNS if _is_far(behind(family, counts), heard[family], least)]
    # "Reached" and the composite of "helped" both tell how many reached nobody. If one of them moved without the other,
    # their difference would be those few who did so in between.
    if "helped" in found and "reached" not in found:
        found.remove("helped")
    return found


def _is_far(number: int, heard: Sequence[int], least: int) -> bool:
    """Whether a step to `number` is at least `least` reviews away from each before (`heard`, sorted) and from none.

    Beyond some thousands a step is a thousandth of all reviews, so that their number stays small.
    """
    far = max(least, number // 1000)
    place = bisect_left(heard, number)
    return all(abs(number - each) >= far for each in heard[max(0, place - 1) : place + 1])


def figures(now: Mapping[Family, Step], before: Mapping[Family, Step], sums: Mapping[str, int], least: int) -> Figures:
    """The figures of the time between two steps of each family.

    `sums` are the sums since the first review as they stand: they only tell "nobody" from "too few to say".
    """
    found: dict[str, Indicator] = {}
    few: set[Family] = set()
    whole: dict[Family, Mapping[str, int]] = {}
    for family, columns in COLUMNS.items():
        start = before[family].counts if family in before else {}
        end = now[family].counts if family in now else start
        moved = {name: end.get(name, 0) - start.get(name, 0) for name in columns}
        if behind(family, moved) < least:
            moved = {}
            if behind(family, sums) != behind(family, start):
                few.add(family)
        whole[family] = moved
        found.update(_indicators(family, moved))
    return Figures(
        reviews=None if "satisfaction" in few else found["satisfaction"].count,
        indicators=tuple(found[name] for name in FAMILY),
        suppressed=frozenset(name for name, family in FAMILY.items() if family in few),
        sums=whole,
    )


def differences(
    periods: Sequence[str], before: Mapping[Family, Step], last: Mapping[str, Mapping[Family, Step]], least: int
) -> dict[str, Figures]:
    """The figures of each of some periods in a row: from the last step before it to its own last step.

    As safe as any figure here, because it is a difference of two steps; where a family took none, it says nothing.
    """
    found: dict[str, Figures] = {}
    for period in periods:
        now = {**before, **last.get(period, {})}
        sums = {name: number for step in now.values() for name, number in step.counts.items()}
        found[period] = figures(now, before, sums, least)
        before = now
    return found


def pooled(several: Collection[Figures]) -> tuple[Indicator, ...]:
    """The indicators of several procedures as if they were one: sums of what is published of each, and nothing else."""
    found: dict[str, Indicator] = {}
    for family in COLUMNS:
        found.update(_indicators(family, total(each.sums[family] for each in several)))
    return tuple(found[name] for name in FAMILY)


def _indicators(family: Family, sums: Mapping[str, int]) -> dict[str, Indicator]:
    return {each.name: each for each in indicators(total([sums])) if FAMILY[each.name] == family}
