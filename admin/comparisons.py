"""Figures held against other figures, and what can be said of it: up, down, no established change, too few. Pure."""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from collector.differences import Difference, difference, standing
from collector.indicators import Indicator, indicators, total

Against = Literal["before", "year", "ministry"]
AGAINST: tuple[Against, ...] = ("before", "year", "ministry")
Verdict = Literal["up", "down", "same", "few"]


class Compared(Struct, frozen=True):
    """One figure beside another. `difference` is None where one of the two has too few answers to compare."""

    name: str
    before: Indicator
    after: Indicator
    difference: Difference | None
    verdict: Verdict


def compared(before: Sequence[Indicator], after: Sequence[Indicator]) -> dict[str, Compared]:
    """The indicators of two periods, by name. A difference is named only if it stands among all of them."""
    return judged({one.name: (old, one) for old, one in zip(before, after, strict=True)})


def judged(pairs: Mapping[str, tuple[Indicator, Indicator]]) -> dict[str, Compared]:
    """Which differences stand when all of these are looked at together. Each pair: before, then after."""
    found = {name: difference(*pair) for name, pair in pairs.items()}
    named = standing({name: one for name, one in found.items() if one})
    return {
        name: Compared(name, before, after, found[name], _verdict(found[name], stands=name in named))
        for name, (before, after) in pairs.items()
    }


def against_the_rest(sums: Mapping[str, Mapping[str, int]], name: str) -> dict[str, Compared]:
    """Each part that answered against all others together: people who answered in one are in no other."""
    rest = {part: total(row for other, row in sums.items() if other != part) for part in sums}
    pairs = {part: (_of(rest[part], name), _of(row, name)) for part, row in sums.items()}
    return judged({part: pair for part, pair in pairs.items() if pair[1].count})


def _of(counts: Mapping[str, int], name: str) -> Indicator:
    return next(one for one in indicators(counts) if one.name == name)


def _verdict(found: Difference | None, *, stands: bool) -> Verdict:
    if found is None:
        return "few"
    return "same" if not stands else "up" if found.value > 0 else "down"
