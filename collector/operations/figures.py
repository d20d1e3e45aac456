"""Daily numbers and what people say, side by side: how many of them answer, and what goes with a delay. Pure.

Reviews are met with the day on which they were given: nothing that is stored says which case a review is about.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from collector.differences import ENOUGH, Difference, difference, standing
from collector.indicators import Indicator, indicators, total
from collector.operations.days import HUNDREDTHS, WAYS, OperationsDay, Way

LIMITS = tuple(days * HUNDREDTHS for days in (1, 3, 7, 14, 30, 60))
"""Where a band of delay ends, that delay included."""

Counts = Mapping[str, int]


class Response(Struct, frozen=True):
    """Of `completed` cases of a time, `rated` left a rating. Days whose cases are not known are in neither."""

    completed: int
    rated: int
    online: int
    days: int

    @property
    def rate(self) -> float | None:
        """None below 30 cases. Above 1 where reviews come from elsewhere too: that is shown, and not cut."""
        return self.rated / self.completed if self.completed >= ENOUGH else None

    @property
    def share_online(self) -> float | None:
        return self.online / self.completed if self.completed >= ENOUGH else None


class Band(Struct, frozen=True):
    """The days whose delay was above `over` and at most `up_to` hundredths of a day (None: whatever is longer).

    `difference` is to the shortest band that has enough answers; `stands` judges all bands together.
    """

    number: int
    over: int
    up_to: int | None
    days: int
    completed: int
    satisfaction: Indicator
    difference: Difference | None = None
    stands: bool = False


class Channel(Struct, frozen=True):
    """`started` is None where a day does not say it: a sum of some days would mislead."""

    way: Way
    started: int | None
    completed: int


def response(days: Iterable[OperationsDay], by_day: Mapping[str, Counts]) -> Response:
    known = list(days)
    dates = {one.day for one in known}
    online = sum(one.completed for one in known if one.channel == "online")
    rated = sum(_rated(by_day[day]) for day in dates if day in by_day)
    return Response(sum(one.completed for one in known), rated, online, len(dates))


def delays(days: Iterable[OperationsDay]) -> dict[str, float]:
    """Of each day that tells any, the delay in hundredths: the mean of its channels' medians, each by its cases.

    The median of all cases cannot be had from medians; with one channel this is that median.
    """
    weights: dict[str, int] = {}
    sums: dict[str, int] = {}
    for one in days:
        if one.delay is not None and one.completed:
            weights[one.day] = weights.get(one.day, 0) + one.completed
            sums[one.day] = sums.get(one.day, 0) + one.delay * one.completed
    return {day: sums[day] / weight for day, weight in weights.items()}


def banded(days: Sequence[OperationsDay], by_day: Mapping[str, Counts]) -> dict[int, dict[str, int]]:
    """The sums of the reviews of the days of each band that has any day."""
    found: dict[int, list[Counts]] = {}
    for day, delay in delays(days).items():
        found.setdefault(_number(delay), []).append(by_day.get(day, {}))
    return {number: total(rows) for number, rows in sorted(found.items())}


def bands(days: Sequence[OperationsDay], by_day: Mapping[str, Counts]) -> list[Band]:
    """Satisfaction by delay, the shortest first."""
    known = delays(days)
    made = [
        _band(number, counts, [one for one in days if one.day in known and _number(known[one.day]) == number])
        for number, counts in banded(days, by_day).items()
    ]
    reference = next((one for one in made if one.satisfaction.count >= ENOUGH), None)
    if reference is None:
        return made
    compared = {
        one.number: gap
        for one in made
        if one is not reference and (gap := difference(reference.satisfaction, one.satisfaction))
    }
    certain = standing(compared)
    return [_compared(one, compared.get(one.number), stands=one.number in certain) for one in made]


def channels(days: Iterable[OperationsDay]) -> list[Channel]:
    """Those that had any row, in the order of `WAYS`."""
    by_way: dict[Way, list[OperationsDay]] = {}
    for one in days:
        by_way.setdefault(one.channel, []).append(one)
    return [_channel(way, by_way[way]) for way in WAYS if way in by_way]


def ends(number: int) -> tuple[int, int | None]:
    """What a band's delays are above, and what they reach."""
    return list(pairwise((0, *LIMITS, None)))[number]  # type: ignore[return-value]  # only the last one is None


def _band(number: int, counts: Counts, days: list[OperationsDay]) -> Band:
    over, up_to = ends(number)
    dates, completed = {one.day for one in days}, sum(one.completed for one in days)
    return Band(number, over, up_to, len(dates), completed, indicators(counts)[0])


def _compared(one: Band, gap: Difference | None, *, stands: bool) -> Band:
    return Band(one.number, one.over, one.up_to, one.days, one.completed, one.satisfaction, gap, stands)


def _channel(way: Way, days: list[OperationsDay]) -> Channel:
    started = [one.started for one in days if one.started is not None]
    return Channel(way, sum(started) if len(started) == len(days) else None, sum(one.completed for one in days))


def _number(delay: float) -> int:
    return next((n for n, limit in enumerate(LIMITS) if delay <= limit), len(LIMITS))


def _rated(counts: Counts) -> int:
    return counts["satisfaction_bad"] + counts["satisfaction_medium"] + counts["satisfaction_good"]
