"""My procedures: what needs a look first, and is each of them getting better."""

from asyncio import to_thread
from collections.abc import Mapping
from datetime import date, timedelta

from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from admin.attention import Alert, Change, changes, falling, named, silent, still_used
from admin.figures import ENOUGH, sparkline
from admin.periods import Months, Period, recent_months, rolling_year
from admin.posted import asked
from admin.rendering import page
from admin.rights import AdminRequest
from admin.words import month_name
from collector.differences import Difference
from collector.indicators import Indicator, indicators, total
from collector.schema import Clock, Procedure, day_of
from collector.silence import REACH
from collector.storage import Storage

MOST_LISTED = 50
"""A page that is read; an administrator of 250 searches or turns it."""
MOST_ALERTS = 5
"""What is told at once; the rest unfolds."""
LATELY = timedelta(days=6)
"""A week with today: whoever forgot a button does so for longer."""


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


@get(["/", ""], opt={"who": "signed-in"})
async def home(
    request: AdminRequest, storage: NamedDependency[Storage], clock: NamedDependency[Clock]
) -> Response[str]:
    form = asked(request)
    viewer = request.user
    mine = [one for one in await storage.catalogue.procedures() if viewer.may_read(one)]
    wanted = form["q"].strip().casefold()
    found = [one for one in mine if not wanted or wanted in f"{one.title} {one.organisation} {one.slug}".casefold()]
    number = max(1, int(form["page"])) if form["page"].isdecimal() and len(form["page"]) < 6 else 1
    shown = found[(number - 1) * MOST_LISTED : number * MOST_LISTED]
    today = date.fromisoformat(day_of(clock()))
    year, (before, after) = rolling_year(today), recent_months(today)
    compared = await _compared(storage, mine, before, after)
    stands = named(compared)
    # Who searches, or reads on, has seen what needs a look.
    alerts = await _alerts(storage, mine, stands, today) if number == 1 and not wanted else []
    return page(
        request,
        "home",
        form=form,
        lines=await _lines(storage, shown, year, compared, stands),
        alerts=alerts[:MOST_ALERTS],
        more_alerts=alerts[MOST_ALERTS:],
        is_first=number == 1 and not wanted,
        before=before,
        after=after,
        mine=len(mine),
        found=len(found),
        number=number,
        more=number * MOST_LISTED < len(found),
        year=year,
        enough=ENOUGH,
    )


async def _compared(storage: Storage, mine: list[Procedure], before: Months, after: Months) -> dict[Change, Difference]:
    ids = [one.id for one in mine]
    old = await storage.overview.counts(ids, before.first, before.last)
    new = await storage.overview.counts(ids, after.first, after.last)
    return await to_thread(changes, old, new)


async def _alerts(
    storage: Storage, mine: list[Procedure], stands: Mapping[Change, Difference], today: date
) -> list[Alert]:
    procedures = {one.id: one for one in mine}
    first = (today - timedelta(days=REACH)).isoformat()
    volumes = await storage.overview.volumes(procedures, first, today.isoformat())
    placements = await storage.overview.placements()
    uses = await storage.closed.since((today - LATELY).isoformat())
    # Beside the event loop: citizens must not wait while hundreds of placements are looked at.
    return [
        *await to_thread(silent, procedures, placements, volumes, today),
        *still_used(procedures, placements, uses),
        *falling(procedures, stands),
    ]


async def _lines(
    storage: Storage,
    shown: list[Procedure],
    year: Period,
    compared: Mapping[Change, Difference],
    stands: Mapping[Change, Difference],
) -> list[Line]:
    ids = [one.id for one in shown]
    months = await storage.overview.satisfaction(ids, year.first.isoformat(), year.last.isoformat())
    waiting = await storage.suspects.waiting()
    return [
        _line(
            one,
            months.get(one.id, {}),
            year,
            waiting.get(one.id, 0),
            compared.get((one.id, "satisfaction")),
            stands=(one.id, "satisfaction") in stands,
        )
        for one in shown
    ]


def _line(
    procedure: Procedure,
    months: Mapping[str, Mapping[str, int]],
    year: Period,
    waiting: int,
    change: Difference | None,
    *,
    stands: bool,
) -> Line:
    values = {month: indicators(total([counts]))[0] for month, counts in months.items()}
    names = _months(year)
    sums = total(months.values())
    known = [(name, values[name]) for name in names if name in values and values[name].shown]
    spoken = ", ".join(f"{month_name(name)} : {one.shown}" for name, one in known)
    curve = sparkline([values[name].value if name in values else None for name in names])
    return Line(procedure, sums["reviews"], indicators(sums)[0], curve, spoken, waiting, change, stands)


def _months(period: Period) -> list[str]:
    first, last = (day.year * 12 + day.month - 1 for day in (period.first, period.last))
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(first, last + 1)]
