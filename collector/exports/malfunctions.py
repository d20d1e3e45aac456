"""Problems that citizens reported, with what became of them, in pages."""

from collections.abc import AsyncIterator
from datetime import datetime, time

from collector.exports.links import Grant
from collector.exports.rows import PAGE, given_at
from collector.exports.scope import Cells, Scope
from collector.schema import PARIS, minute_of, parse_day
from collector.storage import Storage
from collector.storage.problems import Problem
from collector.storage.reviews import LAST_DAY

MINUTES_OF_AN_HOUR = 60


async def malfunction_pages(grant: Grant, storage: Storage, scope: Scope) -> AsyncIterator[list[Cells]]:
    """Those of which a report came within the link's dates or before and after them; the earliest met first."""
    first = _minute(grant.from_day, time.min) if grant.from_day else 0
    last = _minute(grant.to_day or LAST_DAY, time.max)
    for procedure in scope.procedures.values():
        after = (first - 1, 2**62)
        while True:
            page = await storage.problems.in_order(procedure, after=after, last=last, number=PAGE)
            yield [_cells(procedure.slug, one) for one in page]
            if len(page) < PAGE:
                break
            after = (page[-1].last_minute, page[-1].id)


def _minute(day: str, at: time) -> int:
    """Of an end of a day in Paris."""
    return minute_of(datetime.combine(parse_day(day), at, PARIS))


def _cells(slug: str, one: Problem) -> Cells:
    return {
        "procedure": slug,
        "problem": one.id,
        "kind": one.kind,
        "status": one.status,
        "returned": one.returned,
        "reports": one.reports,
        "first_at": given_at(one.first_minute),
        "last_at": given_at(one.last_minute),
        "fixed_at": None if one.fixed_minute is None else given_at(one.fixed_minute),
        "hours_to_fix": None if one.fixed_minute is None else _hours(one.fixed_minute - one.first_minute),
        "page": one.page,
        "browser": one.browser,
        "lang": one.lang,
        "verbatim": one.verbatim,
    }


def _hours(minutes: int) -> float:
    return round(minutes / MINUTES_OF_AN_HOUR, 2)
