"""When is a difference between two periods a change, and not chance. Pure.

The interval of a difference is made from the intervals of its two ends (Newcombe's hybrid, "MOVER"): each end's own
interval is honest with few answers and near the ends of the scale, and so is what is made of them. Whoever compares
many figures at once finds some that differ by chance alone: `standing` says which differences of a whole page can be
called changes, so that of those it names one in twenty at most is none (Benjamini and Hochberg, 1995).
"""

from collections.abc import Iterable, Mapping
from math import erfc, hypot, sqrt
from typing import TypeVar

from msgspec import Struct

from collector.indicators import Indicator, Z

Name = TypeVar("Name")

ENOUGH = 30
"""Answers on each side, below which nothing is compared: a few people are not a procedure."""
LEAST = 0.01
"""The smallest change that is called one, as a share of the scale: with many answers every trifle is certain."""
DOUBT = 0.05


class Difference(Struct, frozen=True):
    """`value` is after less before, `low`..`high` its 95 % interval, in the indicator's own unit.

    `chance` is how often chance alone makes two periods differ so much when nothing has changed.
    """

    before: Indicator
    after: Indicator
    value: float
    low: float
    high: float
    chance: float

    @property
    def is_worth_naming(self) -> bool:
        return abs(self.value) >= LEAST * self.after.scale

    @property
    def stands(self) -> bool:
        """Whether it is a change, where it is the only one that is looked at."""
        return self.chance <= DOUBT and self.is_worth_naming


def difference(before: Indicator, after: Indicator, least: int = ENOUGH) -> Difference | None:
    """None where one of the two has too few answers to compare."""
    if min(before.count, after.count) < max(1, least):
        return None
    start, end = _ends(before), _ends(after)
    value = end[1] - start[1]
    down, up = hypot(end[1] - end[0], start[2] - start[1]), hypot(end[2] - end[1], start[1] - start[0])
    # The arm that reaches for "nothing has changed" says how far from it we are.
    arm = down if value > 0 else up
    return Difference(before, after, value, value - down, value + up, erfc(Z * abs(value) / arm / sqrt(2)))


def standing(found: Mapping[Name, Difference]) -> frozenset[Name]:
    """Which of several differences can be called changes when all of them are looked at together."""
    ordered = sorted(found, key=lambda name: found[name].chance)
    last = max((n for n, name in enumerate(ordered, 1) if found[name].chance <= DOUBT * n / len(ordered)), default=0)
    return frozenset(_named(ordered[:last], found))


def _named(names: Iterable[Name], found: Mapping[Name, Difference]) -> Iterable[Name]:
    return (name for name in names if found[name].is_worth_naming)


def _ends(one: Indicator) -> tuple[float, float, float]:
    if one.low is None or one.value is None or one.high is None:
        raise ValueError("An indicator with answers has a value and an interval.")
    return one.low, one.value, one.high
