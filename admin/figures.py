"""Counts and indicators as pages show them: points of a chart, rows of a table, marks of a small drawing. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import get_args

from msgspec import Struct

from admin.language import translated
from admin.periods import Period, buckets
from admin.words import label, month_name, short_date
from collector.indicators import THRESHOLDS, Indicator, indicators, total
from collector.schema import DESKS, MEANS, Kind

KINDS: tuple[Kind, ...] = get_args(Kind)


class Point(Struct, frozen=True):
    """One step of time with its six indicators."""

    name: str
    first: date
    last: date
    reviews: int
    answers: Mapping[str, int]
    indicators: Mapping[str, Indicator]


class Distribution(Struct, frozen=True):
    """How the answers to one question spread. `multiple`: an answer counts several times, shares exceed 100 %."""

    title: str
    head: str
    rows: tuple[tuple[str, int], ...]
    whole: int
    multiple: bool = False


class Help(Struct, frozen=True):
    """What became of one way to get help from the administration."""

    name: str
    tried: int
    reached: Indicator
    quality: Indicator


class Mark(Struct, frozen=True):
    """Where an indicator stands on its scale, in hundredths of its length, for the drawing of its interval."""

    value: float
    low: float
    high: float
    thresholds: tuple[float, ...]


def points(period: Period, sums: Sequence[Mapping[str, int]]) -> list[Point]:
    """`sums` are those of each step of the period, in their order."""
    return [_point(period, first, last, row) for (first, last), row in zip(buckets(period), sums, strict=True)]


def step_name(period: Period, first: date, last: date) -> str:
    """What a step of a period is called beside its neighbours."""
    # With its year where the same day comes twice.
    start, end = (short_date(day)[: None if period.days > 365 else 5] for day in (first, last))
    return {
        "day": start,
        "week": f"{start} – {end}",
        "month": month_name(first.isoformat()[:7]),
    }[period.step]


def _point(period: Period, first: date, last: date, counts: Mapping[str, int]) -> Point:
    name = step_name(period, first, last)
    answers = {code: counts[f"satisfaction_{code}"] for code in ("bad", "medium", "good")}
    return Point(name, first, last, counts["reviews"], answers, {one.name: one for one in indicators(counts)})


def mark(one: Indicator) -> Mark | None:
    if one.value is None or one.low is None or one.high is None:
        return None
    part = 100 / one.scale
    thresholds = tuple(part * threshold for threshold in sorted(THRESHOLDS.get(one.name, ())))
    return Mark(one.value * part, one.low * part, one.high * part, thresholds)


def distributions(counts: Mapping[str, int]) -> list[Distribution]:
    """What was answered to each question; what kind of problem was reported, where any was."""
    satisfaction = [(label("satisfaction", code), counts[f"satisfaction_{code}"]) for code in ("good", "medium", "bad")]
    clarity = [(label("clarity", str(mark)), counts[f"comprehension_{mark}"]) for mark in (5, 4, 3, 2, 1)]
    tried = [(label("means", means), counts[f"tried_{means}"]) for means in MEANS]
    helped = [
        (label("help", str(mark)), sum(counts[f"{desk}_help_{mark}"] for desk in DESKS)) for mark in (5, 4, 3, 2, 1)
    ]
    reports = [(label("kinds", kind), counts[f"kind_{kind}"]) for kind in KINDS]
    return [
        _distribution("De façon générale, comment ça s'est passé ?", "Réponse", satisfaction),
        _distribution("Clarté des informations et des instructions", "Note", clarity),
        _distribution("Moyens d'aide essayés (plusieurs choix)", "Moyen", tried, whole=counts["tried"]),
        _distribution("Qualité de l'aide obtenue", "Note", helped),
        *([_distribution("Nature des signalements", "Nature", reports)] if sum(n for _, n in reports) else []),
    ]


def _distribution(title: str, head: str, rows: Sequence[tuple[str, int]], *, whole: int | None = None) -> Distribution:
    """`whole` is given where each answer may hold several of the rows."""
    count = sum(number for _, number in rows) if whole is None else whole
    return Distribution(translated(title), translated(head), tuple(rows), count, multiple=whole is not None)


def helps(counts: Mapping[str, int]) -> list[Help]:
    """By contact means of the administration: how often it was tried, reached, and how good the help then was."""
    found = []
    for desk in DESKS:
        own = total([{name: number for name, number in counts.items() if name.startswith(f"{desk}_")}])
        by_name = {one.name: one for one in indicators(own)}
        reached, quality = by_name["contact_reachability"], by_name["contact_satisfaction"]
        found.append(Help(label("desks", desk), counts[f"tried_{desk}"], reached, quality))
    return found


def sparkline(values: Sequence[float | None], *, width: int = 120, height: int = 32, top: float = 10.0) -> list[str]:
    """Runs of points (`x,y x,y`) for SVG polylines; a step without answers interrupts the line, and is never 0."""
    step = width / max(1, len(values) - 1)
    runs: list[list[str]] = [[]]
    for n, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{n * step:.1f},{height - 2 - (height - 4) * value / top:.1f}")
    return [" ".join(run) for run in runs if run]
