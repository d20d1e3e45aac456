"""Counts and indicators as pages show them: points of a chart, rows of a table, marks of a small drawing. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from admin.periods import Period, buckets
from admin.words import label, month_name, short_date
from collector.indicators import Indicator, indicators, total
from collector.schema import DESKS, MEANS

ENOUGH = 100
"""From this number of reviews on, the observatory shows a procedure's satisfaction."""


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


class Mark(Struct, frozen=True):
    """Where an indicator stands on its scale, in hundredths of its length, for the drawing of its interval."""

    value: float
    low: float
    high: float
    thresholds: tuple[float, ...]


def points(period: Period, by_day: Mapping[str, Mapping[str, int]]) -> list[Point]:
    return [_point(period, first, last, by_day) for first, last in buckets(period)]


def _point(period: Period, first: date, last: date, by_day: Mapping[str, Mapping[str, int]]) -> Point:
    low, high = first.isoformat(), last.isoformat()
    counts = total(row for day, row in by_day.items() if low <= day <= high)
    name = {
        "day": short_date(first)[:5],
        "week": f"{short_date(first)[:5]} – {short_date(last)[:5]}",
        "month": month_name(low[:7]),
    }[period.step]
    answers = {code: counts[f"satisfaction_{code}"] for code in ("bad", "medium", "good")}
    return Point(name, first, last, counts["reviews"], answers, {one.name: one for one in indicators(counts)})


def mark(one: Indicator) -> Mark | None:
    if one.value is None or one.low is None or one.high is None:
        return None
    thresholds: dict[str, tuple[float, ...]] = {"contact_reachability": (70, 85), "contact": (), "autonomy": ()}
    part = 100 / one.scale
    return Mark(one.value * part, one.low * part, one.high * part, thresholds.get(one.name, (50, 80)))


def distributions(counts: Mapping[str, int]) -> list[Distribution]:
    """What was answered to each question of the satisfaction form."""
    satisfaction = [(label("satisfaction", code), counts[f"satisfaction_{code}"]) for code in ("good", "medium", "bad")]
    clarity = [(label("clarity", str(mark)), counts[f"comprehension_{mark}"]) for mark in (5, 4, 3, 2, 1)]
    tried = [(label("means", means), counts[f"tried_{means}"]) for means in MEANS]
    helped = [
        (label("help", str(mark)), sum(counts[f"{desk}_help_{mark}"] for desk in DESKS)) for mark in (5, 4, 3, 2, 1)
    ]
    return [
        _distribution("De façon générale, comment ça s'est passé ?", "Réponse", satisfaction),
        _distribution("Clarté des informations et des instructions", "Note", clarity),
        Distribution("Moyens d'aide essayés (plusieurs choix)", "Moyen", tuple(tried), counts["tried"], multiple=True),
        _distribution("Qualité de l'aide obtenue", "Note", helped),
    ]


def _distribution(title: str, head: str, rows: Sequence[tuple[str, int]]) -> Distribution:
    return Distribution(title, head, tuple(rows), sum(number for _, number in rows))


def desks(counts: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """By contact means of the administration: how often it was tried, how often somebody was reached."""
    return [
        (label("desks", desk), counts[f"{desk}_reached"] + counts[f"{desk}_missed"], counts[f"{desk}_reached"])
        for desk in DESKS
    ]


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
