"""What the indicators would be if one share were another: sums alone, no forecast, nothing about causes. Pure.

Days are counted question by question. How satisfaction depends on having been helped is in none of these counts, so
no scenario says it: each moves what follows by arithmetic from the share that is moved, and leaves the rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from collector.indicators import MARKS, Indicator, indicators
from collector.schema import DESKS, MEANS

ENOUGH = 30
"""Answers below which a share is not offered: a few people are not a procedure."""

Kind = Literal["reach", "help", "need", "clarity", "bad", "medium"]
Group = Literal["", "desk", "channel", "delay"]
Counts = Mapping[str, float]

_RATED = tuple(f"satisfaction_{code}" for code in ("bad", "medium", "good"))
_CONTACT = frozenset({"contact_reachability", "contact_satisfaction", "contact"})


class Factor(Struct, frozen=True):
    """One share that a scenario moves: `hits` of `count` answers, of all or of one part (`where`, of a `group`)."""

    kind: Kind
    group: Group
    where: str
    hits: int
    count: int

    @property
    def code(self) -> str:
        return "-".join(filter(None, (self.kind, self.group, self.where)))

    @property
    def share(self) -> float:
        return self.hits / self.count


class Outcome(Struct, frozen=True):
    """The six indicators of a scenario; `unknown` names those that nothing stored allows to derive."""

    indicators: tuple[Indicator, ...]
    unknown: frozenset[str]


Parts = Mapping[tuple[Group, str], Mapping[str, int]]
"""The sums of parts of the reviews: by channel of their placement, by delay of their day."""


def factors(counts: Mapping[str, int], parts: Parts = {}) -> list[Factor]:  # noqa: B006 - never written
    """The shares that enough people stand behind, in the order of the questions."""
    found = [
        *(
            _answers("bad", counts, "", "", "satisfaction_bad"),
            _answers("medium", counts, "", "", "satisfaction_medium"),
        ),
        *(
            _answers(kind, part, group, where, f"satisfaction_{kind}")
            for kind in ("bad", "medium")
            for (group, where), part in parts.items()
        ),
        Factor("clarity", "", "", _sum(counts, _clarity(1, 2)), _sum(counts, _clarity(*MARKS))),
        Factor("need", "", "", counts["tried"] - counts["tried_none"], counts["tried"]),
        *(
            Factor(
                "reach", "desk", desk, counts[f"{desk}_reached"], counts[f"{desk}_reached"] + counts[f"{desk}_missed"]
            )
            for desk in DESKS
        ),
        *(
            Factor("help", "desk", desk, _sum(counts, _help(desk, 1, 2)), _sum(counts, _help(desk, *MARKS)))
            for desk in DESKS
        ),
    ]
    return [one for one in found if one.count >= ENOUGH]


def imagined(counts: Mapping[str, int], factor: Factor, share: float, parts: Parts = {}) -> Outcome:  # noqa: B006 - never written
    """The indicators with `factor` at `share`, the rest held as the function of its kind says."""
    moved: dict[str, float] = dict(counts)
    if factor.kind in {"bad", "medium"}:
        part = parts[factor.group, factor.where] if factor.group else counts
        unknown = _rate(moved, part, f"satisfaction_{factor.kind}", share)
    elif factor.kind == "clarity":
        known = _split(moved, _clarity(1, 2), _clarity(3, 4, 5), share)
        unknown = frozenset() if known else frozenset({"comprehension"})
    elif factor.kind == "help":
        known = _split(moved, _help(factor.where, 1, 2), _help(factor.where, 3, 4, 5), share)
        unknown = frozenset() if known else frozenset({"contact_satisfaction", "contact"})
    elif factor.kind == "need":
        unknown = _need(moved, share)
    else:
        unknown = _reach(moved, factor.where, share)
    return Outcome(tuple(_known(one, unknown) for one in indicators(moved)), unknown)


def alike(factor: Factor, every: Iterable[Factor]) -> list[Factor]:
    """The same share elsewhere: "as often as the counter"."""
    return [one for one in every if (one.kind, one.group) == (factor.kind, factor.group) and one.where != factor.where]


def _reach(moved: dict[str, float], desk: str, share: float) -> frozenset[str]:
    """As many attempts. Whoever is reached more is judged as this desk judges today."""
    before = moved[f"{desk}_reached"]
    _split(moved, (f"{desk}_reached",), (f"{desk}_missed",), share)
    after = moved[f"{desk}_reached"]
    if not before:
        return frozenset({"contact_satisfaction", "contact"}) if after else frozenset()
    for name in _help(desk, *MARKS):
        moved[name] *= after / before
    return frozenset()


def _need(moved: dict[str, float], share: float) -> frozenset[str]:
    """As many people. Those who need help try the same means, reach and judge them as today."""
    before = moved["tried"] - moved["tried_none"]
    after = share * moved["tried"]
    moved["tried_none"] = moved["tried"] - after
    if not before:
        return _CONTACT if after else frozenset()
    ways = [f"tried_{means}" for means in MEANS if means != "none"]
    desks = [f"{desk}_{end}" for desk in DESKS for end in ("reached", "missed")]
    for name in (*ways, *desks, *(name for desk in DESKS for name in _help(desk, *MARKS))):
        moved[name] *= after / before
    return frozenset()


def _rate(moved: dict[str, float], part: Counts, answer: str, share: float) -> frozenset[str]:
    """As many ratings. The other two answers keep their proportions."""
    inside = {name: float(part[name]) for name in _RATED}
    known = _split(inside, (answer,), tuple(name for name in _RATED if name != answer), share)
    for name in _RATED:
        moved[name] += inside[name] - part[name]
    return frozenset() if known else frozenset({"satisfaction"})


def _split(counts: dict[str, float], hits: Sequence[str], others: Sequence[str], share: float) -> bool:
    """Share out what two sides have together, each keeping its inner proportions. False where one has none to keep."""
    whole = sum(counts[name] for name in (*hits, *others))
    return all([_scale(counts, hits, share * whole), _scale(counts, others, whole - share * whole)])


def _scale(counts: dict[str, float], names: Sequence[str], wanted: float) -> bool:
    there = sum(counts[name] for name in names)
    if not there and wanted and len(names) > 1:
        return False
    for name in names:
        counts[name] = counts[name] * wanted / there if there else wanted / len(names)
    return True


def _known(one: Indicator, unknown: frozenset[str]) -> Indicator:
    return Indicator(one.name, one.scale, 0, None, None, None) if one.name in unknown else one


def _answers(kind: Literal["bad", "medium"], counts: Mapping[str, int], group: Group, where: str, name: str) -> Factor:
    return Factor(kind, group, where, counts[name], _sum(counts, _RATED))


def _sum(counts: Mapping[str, int], names: Iterable[str]) -> int:
    return sum(counts[name] for name in names)


def _clarity(*marks: int) -> tuple[str, ...]:
    return tuple(f"comprehension_{mark}" for mark in marks)


def _help(desk: str, *marks: int) -> tuple[str, ...]:
    return tuple(f"{desk}_help_{mark}" for mark in marks)
