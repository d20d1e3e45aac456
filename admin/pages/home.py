"""My procedures: is each of them getting better."""

from datetime import date

from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from admin.figures import ENOUGH, sparkline
from admin.periods import Period, rolling_year
from admin.posted import asked
from admin.rendering import page
from admin.rights import AdminRequest
from admin.words import month_name
from collector.indicators import Indicator, indicators, total
from collector.schema import Clock, Procedure, day_of
from collector.storage import Storage

# Each costs one small statement; an administrator of 250 searches or turns the page.
MOST_LISTED = 50


class Line(Struct, frozen=True):
    """One procedure of the list, over the rolling year."""

    procedure: Procedure
    reviews: int
    satisfaction: Indicator
    curve: list[str]
    spoken: str
    waiting: int


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
    year = rolling_year(date.fromisoformat(day_of(clock())))
    waiting = await storage.suspects.waiting()
    return page(
        request,
        "home",
        form=form,
        lines=[await _line(storage, procedure, year, waiting.get(procedure.id, 0)) for procedure in shown],
        mine=len(mine),
        found=len(found),
        number=number,
        more=number * MOST_LISTED < len(found),
        year=year,
        enough=ENOUGH,
    )


async def _line(storage: Storage, procedure: Procedure, year: Period, waiting: int) -> Line:
    months = await storage.reviews.satisfaction_by_month(procedure, year.first.isoformat(), year.last.isoformat())
    values = {month: indicators(total([counts]))[0] for month, counts in months.items()}
    names = _months(year)
    sums = total(months.values())
    known = [(name, values[name]) for name in names if name in values and values[name].shown]
    spoken = ", ".join(f"{month_name(name)} : {one.shown}" for name, one in known)
    curve = sparkline([values[name].value if name in values else None for name in names])
    return Line(procedure, sums["reviews"], indicators(sums)[0], curve, spoken, waiting)


def _months(period: Period) -> list[str]:
    first, last = (day.year * 12 + day.month - 1 for day in (period.first, period.last))
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(first, last + 1)]
