"""My procedures: what needs a look first, and is each of them getting better."""

from asyncio import to_thread
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from admin.attention import (
    LINK_NEWS,
    Alert,
    Change,
    Spike,
    changes,
    falling,
    named,
    silent,
    spiking,
    still_used,
    strange_links,
    waiting,
)
from admin.figures import sparkline
from admin.listing import Column, Listing
from admin.periods import Months, Period, recent_months, rolling_year
from admin.posted import asked
from admin.rendering import page
from admin.rights import AdminRequest
from admin.words import month_name
from collector.differences import Difference
from collector.indicators import ENOUGH, Indicator, indicators, total
from collector.schema import Clock, Procedure, date_of
from collector.silence import REACH
from collector.storage import Storage

MOST_LISTED = 50
"""A page that is read; an administrator of 250 searches or turns it."""
MOST_ALERTS = 5
"""What is told at once; the rest unfolds."""
LATELY = timedelta(days=6)
"""A week with today: whoever forgot a button does so for longer."""


Sums = Mapping[int, Mapping[str, int]]


class Line(Struct, frozen=True):
    """One procedure of the list, over the rolling year. `change` is of the last months, None if too few answered."""

    procedure: Procedure
    reviews: int
    satisfaction: Indicator
    curve: list[str]
    spoken: str
    waiting: int
    change: Difference | None
    stands: bool
    latest: date | None
    points: int
    """How many things need a look."""


class Seen(Struct, frozen=True):
    """What is known of all procedures of a viewer, by their number."""

    compared: Mapping[Change, Difference]
    stands: Mapping[Change, Difference]
    suspects: Mapping[int, int]
    latest: Mapping[int, date]
    points: Mapping[int, int]

    def direction(self, procedure: int) -> float | None:
        """Nought where no change stands, None where too few answered to tell."""
        change = (procedure, "satisfaction")
        return None if change not in self.compared else self.stands[change].value if change in self.stands else 0.0


@get(["/", ""], opt={"who": "signed-in"})
async def home(
    request: AdminRequest, storage: NamedDependency[Storage], clock: NamedDependency[Clock]
) -> Response[str]:
    form = asked(request)
    viewer = request.user
    mine = {one.id: one for one in await storage.catalogue.procedures() if viewer.may_read(one)}
    listing, number = Listing(form, mine.values()), form.page()
    today = date_of(clock())
    year, (before, after) = rolling_year(today), recent_months(today)
    old, new = [await storage.overview.counts(mine, months.first, months.last) for months in (before, after)]
    # Beside the event loop, here and below: citizens must not wait while hundreds of procedures are looked at.
    compared = await to_thread(changes, old, new)
    stands = named(compared)
    alerts = await _alerts(storage, mine, (old, new), before, stands, clock())
    suspects = await storage.suspects.waiting()
    points = Counter([*(one.procedure.id for one in alerts), *(suspects.keys() & mine.keys())])
    seen = Seen(compared, stands, suspects, await storage.overview.latest(), points)
    found = listing.kept(mine.values(), points)
    shown = listing.ordered(found, await _values(storage, listing.column, found, year, seen))
    turned = shown[(number - 1) * MOST_LISTED : number * MOST_LISTED]
    # Who searches, or reads on, has seen what needs a look.
    first = alerts if listing.is_as_first_shown else []
    return page(
        request,
        "home",
        status=422 if form.errors else 200,
        form=form,
        listing=listing,
        lines=await _lines(storage, turned, year, seen),
        alerts=first[:MOST_ALERTS],
        more_alerts=first[MOST_ALERTS:],
        before=before,
        after=after,
        mine=len(mine),
        found=len(found),
        number=number,
        more=number * MOST_LISTED < len(found),
        year=year,
        enough=ENOUGH,
    )


async def _values(
    storage: Storage, column: Column, found: list[Procedure], year: Period, seen: Seen
) -> Mapping[int, Any]:
    """What the list is sorted by."""
    if column in {"satisfaction", "avis"}:
        sums = {one: total(months.values()) for one, months in (await _months_of(storage, found, year)).items()}
        if column == "avis":
            return {one.id: sums[one.id]["reviews"] if one.id in sums else 0 for one in found}
        return {one: indicators(each)[0].value for one, each in sums.items()}
    if column == "evolution":
        return {one.id: seen.direction(one.id) for one in found}
    return seen.latest if column == "dernier" else {one.id: seen.points.get(one.id, 0) for one in found}


async def _alerts(
    storage: Storage,
    mine: Mapping[int, Procedure],
    known: tuple[Sums, Sums],
    since: Months,
    stands: Mapping[Change, Difference],
    now: datetime,
) -> list[Alert]:
    today = date_of(now)
    lately = await storage.overview.technical(mine, Spike.since(today).isoformat())
    volumes = await storage.overview.volumes(mine, (today - timedelta(days=REACH)).isoformat(), today.isoformat())
    placements = await storage.overview.placements()
    return [
        *spiking(mine, lately, known, since, today),
        *await to_thread(silent, mine, placements, volumes, today),
        *waiting(mine, await storage.problems.unanswered(), now),
        *still_used(mine, placements, await storage.closed.since((today - LATELY).isoformat())),
        *strange_links(mine, await storage.links.met_elsewhere(now - LINK_NEWS), now),
        *falling(mine, stands),
    ]


async def _lines(storage: Storage, shown: list[Procedure], year: Period, seen: Seen) -> list[Line]:
    months = await _months_of(storage, shown, year)
    return [_line(one, months.get(one.id, {}), year, seen) for one in shown]


async def _months_of(
    storage: Storage, procedures: list[Procedure], year: Period
) -> dict[int, dict[str, dict[str, int]]]:
    ids = [one.id for one in procedures]
    return await storage.overview.satisfaction(ids, year.first.isoformat(), year.last.isoformat())


def _line(procedure: Procedure, months: Mapping[str, Mapping[str, int]], year: Period, seen: Seen) -> Line:
    values = {month: indicators(total([counts]))[0] for month, counts in months.items()}
    names = _months(year)
    sums = total(months.values())
    known = [(name, values[name]) for name in names if name in values and values[name].shown]
    change = (procedure.id, "satisfaction")
    return Line(
        procedure=procedure,
        reviews=sums["reviews"],
        satisfaction=indicators(sums)[0],
        curve=sparkline([values[name].value if name in values else None for name in names]),
        spoken=", ".join(f"{month_name(name)} : {one.shown}" for name, one in known),
        waiting=seen.suspects.get(procedure.id, 0),
        change=seen.compared.get(change),
        stands=change in seen.stands,
        latest=seen.latest.get(procedure.id),
        points=seen.points.get(procedure.id, 0),
    )


def _months(period: Period) -> list[str]:
    first, last = (day.year * 12 + day.month - 1 for day in (period.first, period.last))
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(first, last + 1)]
