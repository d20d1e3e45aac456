"""What people write about more than before, and what the displeased write about that others do not. Pure.

Words are counted by comment and by stem, and named only where the difference is no chance: the words that a page names
are chosen together, as `differences` does for figures, and each is in three comments at least.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from collector.differences import Difference, difference, standing
from collector.fulltext import stem, words
from collector.indicators import Indicator, indicators, share, total
from collector.storage.said import LEAST, Sums, Told
from collector.themes import Theme, themes

MOST = 8
"""Words of one list."""
Side = Literal["more", "less", "bad", "good"]
SIDES: tuple[Side, ...] = ("more", "less", "bad", "good")
Number = Callable[[Sums], int]


class Recurring(Struct, frozen=True):
    """A word by its stem: so many comments of a part say it, which share that is, and their share in the other part."""

    stem: str
    reviews: int
    part: Indicator
    other: Indicator


class Talked(Struct, frozen=True):
    """A theme in the comments of a period and of the one before; `change` only where there is one."""

    theme: Theme
    sums: Sums
    part: Indicator
    before: Indicator
    satisfaction: Indicator
    change: Difference | None
    words: tuple[str, ...]


class Themes(Struct, frozen=True):
    """A period, held against the one before. Themes that most comments are about come first."""

    comments: int
    comments_before: int
    talked: tuple[Talked, ...]
    words: Mapping[Side, tuple[Recurring, ...]]


def recurring(told: Told, months: Sequence[str], before: Sequence[str]) -> Themes:
    """`told` has the sums of both periods, month by month."""
    now, then = ({what: _sum(by_month, part) for what, by_month in told.items()} for part in (months, before))
    here, there = now.get(("all", ""), Sums()), then.get(("all", ""), Sums())
    stems = [said for kind, said in told if kind == "word"]
    over_time = {root: (now["word", root].reviews, then["word", root].reviews) for root in stems}
    by_answer = {root: (now["word", root].bad, now["word", root].good) for root in stems}
    return Themes(
        here.reviews,
        there.reviews,
        _talked(now, then, here.reviews, there.reviews),
        {
            **_sides(("more", "less"), over_time, here.reviews, there.reviews),
            **_sides(("bad", "good"), by_answer, here.bad, here.good),
        },
    )


def _sides(
    names: tuple[Side, Side], numbers: Mapping[str, tuple[int, int]], one: int, other: int
) -> dict[Side, tuple[Recurring, ...]]:
    """The words that are said more on one side, and those that are on the other; the surest first."""
    found = {
        root: apart
        for root, (here, there) in numbers.items()
        if max(here, there) >= LEAST and (apart := difference(share("word", there, other), share("word", here, one)))
    }
    sides: dict[Side, list[Recurring]] = {name: [] for name in names}
    for root in sorted(standing(found), key=lambda root: (found[root].chance, root)):
        apart, (here, there) = found[root], numbers[root]
        if apart.value > 0 and here >= LEAST:
            sides[names[0]].append(Recurring(root, here, apart.after, apart.before))
        elif apart.value < 0 and there >= LEAST:
            sides[names[1]].append(Recurring(root, there, apart.before, apart.after))
    return {name: tuple(listed[:MOST]) for name, listed in sides.items()}


_Sums = Mapping[tuple[str, str], Sums]


def _talked(now: _Sums, then: _Sums, comments: int, comments_before: int) -> tuple[Talked, ...]:
    parts = {
        code: (
            share("theme", then.get(("theme", code), Sums()).reviews, comments_before),
            share("theme", now.get(("theme", code), Sums()).reviews, comments),
        )
        for code in themes()
    }
    changes = {code: apart for code, (start, end) in parts.items() if (apart := difference(start, end))}
    stands = standing(changes)
    found = [
        Talked(
            theme,
            sums,
            part=parts[code][1],
            before=parts[code][0],
            satisfaction=_satisfaction(sums),
            change=changes[code] if code in stands else None,
            words=_said_most(theme, now),
        )
        for code, theme in themes().items()
        for sums in (now.get(("theme", code), Sums()),)
    ]
    return tuple(sorted(found, key=lambda one: -one.sums.reviews))


def _satisfaction(sums: Sums) -> Indicator:
    answers = {f"satisfaction_{name}": getattr(sums, name) for name in ("bad", "medium", "good")}
    return indicators(total([answers]))[0]


def _said_most(theme: Theme, now: _Sums) -> tuple[str, ...]:
    """The words that put most comments into this theme, as its list writes them; counted with all of their stem."""
    written: dict[str, str] = {}
    for word in f"{theme.words} {theme.exact}".split():
        written.setdefault(stem(words(word)[0]), word)
    numbers = {root: now.get(("word", root), Sums()).reviews for root in written}
    said = sorted((root for root in written if numbers[root] >= LEAST), key=lambda root: -numbers[root])
    return tuple(written[root] for root in said[:3])


def _sum(by_month: Mapping[str, Sums], months: Iterable[str]) -> Sums:
    return sum((by_month[month] for month in months if month in by_month), Sums())
