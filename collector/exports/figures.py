"""Indicators by steps of time and by parts: from the counts of days, never from reviews.

A part is a procedure, one of its placements or channels, or several procedures together. Some steps are read at a
time, so memory grows neither with the period nor with the number of procedures.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from collector.exports.links import Grant
from collector.exports.scope import Cells, Scope
from collector.exports.steps import Days, name_of, steps
from collector.indicators import indicators, total
from collector.schema import By, Interval, Placement, Procedure, day_of, parse_day
from collector.storage import Storage
from collector.storage.sums import Part

AT_ONCE = 31
"""Steps that are read together: a month of days, of each placement of a procedure."""
Counted = tuple[Cells, Mapping[str, int]]
"""What a part is called, in columns, and what was counted of it."""


async def indicator_pages(grant: Grant, storage: Storage, scope: Scope, now: datetime) -> AsyncIterator[list[Cells]]:
    """Each step of each part; without reviews it has a row only where nothing is cut."""
    first, last = period_of(grant, now)
    is_cut = (grant.interval, grant.by) != ("whole", "procedure")
    for together in _together(scope, grant.by):
        cut = steps(first, last, grant.interval)
        while some := list(islice(cut, AT_ONCE)):
            yield [
                row
                for step, parts in zip(some, await _parts(storage, scope, together, some, grant.by), strict=True)
                for name, counts in parts
                if counts["reviews"] or not is_cut
                for row in _rows(name, step, counts, grant.interval)
            ]


async def indicator_rows(grant: Grant, storage: Storage, scope: Scope, now: datetime) -> list[Cells]:
    """All of them: for a grant that cuts nothing, or is of one procedure."""
    return [row async for rows in indicator_pages(grant, storage, scope, now) for row in rows]


def period_of(grant: Grant, now: datetime) -> Days:
    """The link's dates, by default the last 365 days."""
    last = parse_day(grant.to_day or day_of(now))
    return parse_day(grant.from_day) if grant.from_day else last - timedelta(days=364), last


def _rows(name: Cells, step: Days, counts: Mapping[str, int], interval: Interval) -> Iterator[Cells]:
    first, last = step
    period = {} if interval == "whole" else {"period": name_of(first, interval)}
    for one in indicators(counts):
        yield {
            **name,
            **period,
            "from_day": first.isoformat(),
            "to_day": last.isoformat(),
            "reviews": counts["reviews"],
            "indicator": one.name,
            "scale": one.scale,
            "count": one.count,
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "level": one.level,
        }


def _together(scope: Scope, by: By) -> Iterator[tuple[Cells, list[Procedure]]]:
    """Procedures that are counted together, and what they are called."""
    found: dict[tuple[str, ...], list[Procedure]] = defaultdict(list)
    for one in scope.procedures.values():
        for name in _names(one, by):
            found[name].append(one)
    columns = _COLUMNS.get(by, ("procedure",))
    for name, procedures in sorted(found.items(), key=lambda item: item[0]) if by in _COLUMNS else found.items():
        yield dict(zip(columns, name, strict=True)), procedures


_COLUMNS: Mapping[By, tuple[str, ...]] = {
    "audience": ("audience",),
    "organisation": ("organisation", "ministry"),
    "ministry": ("ministry",),
}


def _names(one: Procedure, by: By) -> list[tuple[str, ...]]:
    """A procedure for several audiences counts for each of them."""
    if by == "audience":
        return [(audience,) for audience in one.audiences]
    if by == "organisation":
        return [(one.organisation, one.ministry)]
    return [(one.ministry,)] if by == "ministry" else [(one.slug,)]


async def _parts(
    storage: Storage, scope: Scope, together: tuple[Cells, list[Procedure]], some: Sequence[Days], by: By
) -> list[list[Counted]]:
    """Of each step, its parts."""
    name, procedures = together
    if by in ("placement", "channel"):
        (procedure,) = procedures
        found = await storage.sums.by_step_and_placement(procedure, some)
        return [_placed(name, each, scope.placements, by) for each in found]
    each = [await _of_procedure(storage, one, some) for one in procedures]
    return [[(name, total(counts))] for counts in zip(*each, strict=True)]


async def _of_procedure(storage: Storage, procedure: Procedure, some: Sequence[Days]) -> list[dict[str, int]]:
    if len(some) > 1:
        return await storage.sums.by_step(procedure, some, Part())
    # One long step is summed from whole months.
    ((first, last),) = some
    return [await storage.reviews.counts(procedure, first.isoformat(), last.isoformat())]


def _placed(
    name: Cells, counted: Mapping[int, Mapping[str, int]], placements: Mapping[int, Placement], by: By
) -> list[Counted]:
    # A placement that is new since the scope was read is not met.
    known = [(placements[number], counts) for number, counts in sorted(counted.items()) if number in placements]
    if by == "placement":
        return [({**name, "placement": one.key, "channel": one.channel}, counts) for one, counts in known]
    channels: dict[str, list[Mapping[str, int]]] = defaultdict(list)
    for one, counts in known:
        channels[one.channel].append(counts)
    return [({**name, "channel": channel}, total(several)) for channel, several in sorted(channels.items())]
