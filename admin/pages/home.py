"""My procedures: what needs a look first, and is each of them getting better."""

from asyncio import to_thread
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from admin.attention import Alert, Change, Spike, changes, falling, named, silent, spiking, still_used, waiting
from admin.figures import sparkline
from admin.periods import Months, Period, recent_months, rolling_year
from admin.posted import asked
from admin.rendering import page
from admin.rights import AdminRequest
from admin.words import month_name
from collector.differences import Difference
from collector.indicators import ENOUGH, Indicator, indicators, total
from collector.schema import Clock, Procedure, day_of
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


@get(["/", ""], opt={"who": "signed-in"})
async def home(
    request: AdminRequest, storage: NamedDependency[Storage], clock: NamedDependency[Clock]
) -> Response[str]:
    form = asked(request)
    viewer = request.user
    mine = [one for one in await storage.catalogue.procedures() if viewer.may_read(one)]
    wanted = form["q"].strip().casefold()
    found = [one for one in mine if not wanted or wanted in f"{one.title} {one.organisation} {one.slug}".casefold()]
    number = form.page()
    shown = found[(number - 1) * MOST_LISTED : number * MOST_LISTED]
    today = date.fromisoformat(day_of(clock()))
    year, (before, after) = rolling_year(today), recent_months(today)
    ids = [one.id for one in mine]
    old, new = [await storage.overview.counts(ids, months.first, months.last) for months in (before, after)]
    # Beside the event loop, here and below: citizens must not wait while hundreds of procedures are looked at.
    compared = await to_thread(changes, old, new)
    stands = named(compared)
    # Who searches, or reads on, has seen what needs a look.
    alerts: list[Alert] = []
    if number == 1 and not wanted:
        alerts = await _alerts(storage, {one.id: one for one in mine}, (old, new), before, stands, clock())
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


async def _alerts(
    storage: Storage,
    mine: Mapping[int, Procedure],
    known: tuple[Sums, Sums],
    since: Months,
    stands: Mapping[Change, Difference],
    now: datetime,
) -> list[Alert]:
    today = date.fromisoformat(day_of(now))
    lately = await storage.overview.technical(mine, Spike.since(today).isoformat())
    volumes = await storage.overview.volumes(mine, (today - timedelta(days=REACH)).isoformat(), today.isoformat())
    placements = await storage.overview.placements()
    return [
        *spiking(mine, lately, known, since, today),
        *await to_thread(silent, mine, placements, volumes, today),
        *waiting(mine, await storage.problems.unanswered(), now),
        *still_used(mine, placements, await storage.closed.since((today - LATELY).isoformat())),
        *falling(mine, stands),
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
    suspects = await storage.suspects.waiting()
    return [
        _line(
            one,
            months.get(one.id, {}),
            year,
            suspects.get(one.id, 0),
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
