"""A procedure among the others of its ministry. Of those nothing is used but what the public may see."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from admin.comparisons import Compared, compared
from admin.periods import rolling_year
from collector.differences import Difference, difference, standing
from collector.indicators import Indicator
from collector.schema import Procedure
from collector.storage import Storage
from collector.suppression import PUBLIC, Figures, pooled

HAIR = 1e-9
"""What arithmetic may add to a figure: who reads the same has the same rank."""


class Place(Struct, frozen=True):
    """Among how many a figure stands, at which rank, and from how many the statistics tell it apart."""

    rank: int
    among: int
    above: int
    below: int


class Ministry(Struct, frozen=True):
    """`others` is how many other procedures the public sees, `shown` how many of them have a figure to show."""

    name: str
    others: int
    shown: int
    compared: Mapping[str, Compared]
    places: Mapping[str, Place]


async def public_others(procedure: Procedure, storage: Storage, today: date) -> list[Figures]:
    """Always of the last twelve months, the only period of public figures: any other could be subtracted from them."""
    others = [
        one
        for one in await storage.catalogue.procedures()
        if one.ministry == procedure.ministry and one.id != procedure.id and one.state in PUBLIC
    ]
    public = await storage.published.several(others, rolling_year(today).first, today)
    return [public[one.id] for one in others]


def told(name: str, others: Sequence[Figures]) -> list[float]:
    """The values of one indicator that the public may see."""
    found = (one for figures in others for one in figures.indicators if one.name == name)
    return [one.value for one in found if one.value is not None]


def rank(value: float, others: Sequence[float]) -> int:
    """1 for the best."""
    return 1 + sum(other > value + HAIR for other in others)


def ministry_of(name: str, own: Sequence[Indicator], others: Sequence[Figures]) -> Ministry:
    found = {
        (one.name, n): each
        for n, figures in enumerate(others)
        for one, each in zip(own, figures.indicators, strict=True)
        if each.value is not None
    }
    mine = {one.name: one for one in own}
    apart = {key: one for key, each in found.items() if (one := difference(each, mine[key[0]]))}
    named = standing(apart)
    return Ministry(
        name=name,
        others=len(others),
        shown=len({n for _, n in found}),
        compared=compared(pooled(others), own),
        places={
            one.name: _place(one.value, told(one.name, others), [apart[key] for key in named if key[0] == one.name])
            for one in own
            if one.value is not None
        },
    )


def _place(value: float, others: Sequence[float], named: Sequence[Difference]) -> Place:
    above = sum(1 for each in named if each.value > 0)
    return Place(rank(value, others), len(others) + 1, above, len(named) - above)
