"""Turn counts into indicators, by the exact formulas of the national service.

SQL counts, this computes: every figure here is a pure function of sums of `COUNTS`, so it is the same on every
database, can be recomputed from every single review, and is tested without either.

Source of the formulas: docs/methodology.md. A figure without answers is None, never 0.
"""

from collections.abc import Iterable, Mapping
from math import ceil, floor, sqrt
from typing import Literal

from msgspec import Struct

from collector.schema import DESKS, MEANS, Review

MARKS = (1, 2, 3, 4, 5)

COUNTS: tuple[str, ...] = (
    "reviews",
    *(f"satisfaction_{code}" for code in ("bad", "medium", "good")),
    *(f"comprehension_{mark}" for mark in MARKS),
    "tried",
    *(f"tried_{means}" for means in MEANS),
    *(f"{desk}_{reached}" for desk in DESKS for reached in ("reached", "missed")),
    *(f"{desk}_help_{mark}" for desk in DESKS for mark in MARKS),
    *(f"kind_{kind}" for kind in ("technical", "situation", "suggestion")),
    "verbatims",
    "contacted",
    "helped",
)
"""What a day is counted into: the columns of `day_count`, in their order.

A review may say of four desks whether it reached them: `contacted` and `helped` count the reviews that say so of any,
and how any helped.
"""

Z = 1.959963984540054
"""Two-sided 95 % quantile of the normal law."""

ENOUGH = 100
"""Reviews behind a figure, below which the observatory does not show it."""

THRESHOLDS: Mapping[str, tuple[float, float]] = {
    "satisfaction": (8.0, 5.0),
    "comprehension": (8.0, 5.0),
    "contact_satisfaction": (8.0, 5.0),
    "contact_reachability": (0.85, 0.70),
}
"""From where on a value is green, and from where on it is yellow."""

Level = Literal["green", "yellow", "red"]


class Indicator(Struct, frozen=True):
    """A figure with what stands behind it. `low`..`high` is a 95 % interval; all three are None when `count` is 0."""

    name: str
    scale: int
    count: int
    value: float | None
    low: float | None
    high: float | None

    @property
    def level(self) -> Level | None:
        return level(self.name, self.value)

    @property
    def shown(self) -> str | None:
        """The value as people read it; see `shown`."""
        return shown(self.value, self.scale)


def count_of(review: Review) -> dict[str, int]:
    """What one review adds to its day: only the counts that are not zero. What is set aside adds nothing."""
    if review.aside:
        return {}
    found = {"reviews": 1}
    if review.satisfaction:
        found[f"satisfaction_{review.satisfaction}"] = 1
    if review.comprehension:
        found[f"comprehension_{review.comprehension}"] = 1
    if review.contact_tried:
        found["tried"] = 1
        found.update((f"tried_{means}", 1) for means in review.contact_tried)
    for desk, reached in review.contact_reached.items():
        found[f"{desk}_reached" if reached else f"{desk}_missed"] = 1
    if review.contact_reached:
        found["contacted"] = 1
    for desk, mark in review.contact_satisfaction.items():
        found[f"{desk}_help_{mark}"] = 1
    if review.contact_satisfaction:
        found["helped"] = 1
    if review.kind:
        found[f"kind_{review.kind}"] = 1
    if review.verbatim:
        found["verbatims"] = 1
    return found


def total(rows: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The sum of several counts, with every name of COUNTS present."""
    sums = dict.fromkeys(COUNTS, 0)
    for row in rows:
        for name, number in row.items():
            sums[name] += number
    return sums


def indicators(counts: Mapping[str, float]) -> tuple[Indicator, ...]:
    """The six indicators of a period, in the order people read them. Counts are whole, but for those of a scenario."""
    satisfaction = _mean(
        "satisfaction",
        {0.0: counts["satisfaction_bad"], 5.0: counts["satisfaction_medium"], 10.0: counts["satisfaction_good"]},
    )
    comprehension = _mean("comprehension", {_points(mark): counts[f"comprehension_{mark}"] for mark in MARKS})
    reached = sum(counts[f"{desk}_reached"] for desk in DESKS)
    missed = sum(counts[f"{desk}_missed"] for desk in DESKS)
    helped = {_points(mark): sum(counts[f"{desk}_help_{mark}"] for desk in DESKS) for mark in MARKS}
    # The composite counts somebody who reached nobody as a help of 0 points.
    composite = {**helped, 0.0: helped[0.0] + missed}
    return (
        satisfaction,
        comprehension,
        _share("contact_reachability", reached, reached + missed, scale=1),
        _mean("contact_satisfaction", helped),
        _mean("contact", composite),
        _share("autonomy", counts["tried_none"], counts["tried"], scale=10),
    )


def reachability_by_desk(counts: Mapping[str, int]) -> dict[str, Indicator]:
    """How often each contact means of the administration was reached, of the times it was tried."""
    return {
        desk: _share("contact_reachability", counts[f"{desk}_reached"], both, scale=1)
        for desk in DESKS
        for both in (counts[f"{desk}_reached"] + counts[f"{desk}_missed"],)
    }


def level(name: str, value: float | None) -> Level | None:
    """The observatory's colour of a value; None without a value or for an indicator that has no thresholds."""
    thresholds = THRESHOLDS.get(name)
    if value is None or thresholds is None:
        return None
    green, yellow = thresholds
    return "green" if value >= green else "yellow" if value >= yellow else "red"


def shown(value: float | None, scale: int) -> str | None:
    """A value in French figures, cut and never rounded up: 7.96 reads "7,9", so that it cannot read 8 in yellow."""
    if value is None:
        return None
    # The tolerance keeps 0.29 * 100 (28.999…) from being cut to 28; it is far below one answer in a billion.
    if scale == 1:
        return f"{floor(value * 100 + 1e-9)} %"
    return f"{floor(value * 10 + 1e-9) / 10:.1f}".replace(".", ",")


def shown_high(value: float | None, scale: int) -> str | None:
    """The upper end of an interval: cut upwards, as the value and the lower end are cut downwards."""
    if value is None:
        return None
    if scale == 1:
        return f"{ceil(value * 100 - 1e-9)} %"
    return f"{ceil(value * 10 - 1e-9) / 10:.1f}".replace(".", ",")


def share(name: str, hits: int, count: int) -> Indicator:
    """A part of a whole, from 0 to 1, with its interval."""
    return _share(name, hits, count, scale=1)


def _points(mark: int) -> float:
    return (mark - 1) * 2.5


def _share(name: str, hits: float, count: float, *, scale: int) -> Indicator:
    mean = _mean(name, {0.0: count - hits, 1.0: hits}, top=1.0)
    if mean.value is None or mean.low is None or mean.high is None:
        return Indicator(name, scale, 0, None, None, None)
    return Indicator(name, scale, round(count), hits * scale / count, mean.low * scale, mean.high * scale)


def _mean(name: str, points: Mapping[float, float], top: float = 10.0) -> Indicator:
    """The mean of marks between 0 and `top`, with the Agresti–Coull interval carried over to bounded marks.

    Two pseudo-answers at each end (z²/2) keep the interval honest where the plain normal one collapses: three "very
    good" out of three is not certainty. On marks that are only 0 or `top` it is the Agresti–Coull interval itself.
    """
    count = sum(points.values())
    if round(count) == 0:
        return Indicator(name, int(top), 0, None, None, None)
    value = sum(point * number for point, number in points.items()) / count
    pseudo = Z * Z / 2
    weight = count + 2 * pseudo
    centre = (sum(point * number for point, number in points.items()) + pseudo * top) / weight
    spread = sum(number * (point - centre) ** 2 for point, number in points.items())
    spread += pseudo * (centre**2 + (top - centre) ** 2)
    half = Z * sqrt(spread / weight / weight)
    return Indicator(
        name, int(top), round(count), value, min(max(0.0, centre - half), value), max(min(top, centre + half), value)
    )
