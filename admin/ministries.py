"""A procedure among the others of its ministry. Of those nothing is used but what the public may see. Pure."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from admin.comparisons import Compared, compared
from collector.differences import Difference, difference, standing
from collector.indicators import Indicator
from collector.suppression import Figures, pooled


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
            one.name: _place(
                one,
                [each for (which, _), each in found.items() if which == one.name],
                [apart[key] for key in named if key[0] == one.name],
            )
            for one in own
            if one.value is not None
        },
    )


def _place(own: Indicator, others: Sequence[Indicator], named: Sequence[Difference]) -> Place:
    better = sum(1 for each in others if (each.value or 0) > (own.value or 0))
    above = sum(1 for each in named if each.value > 0)
    return Place(better + 1, len(others) + 1, above, len(named) - above)
