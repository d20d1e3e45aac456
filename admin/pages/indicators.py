"""The six indicators of a period, with what stands behind each."""

from datetime import date

from litestar import Response, get
from litestar.di import NamedDependency

from admin.figures import ENOUGH, desks, distributions, mark, points
from admin.periods import CHOICES, period_of
from admin.posted import asked
from admin.rendering import page
from admin.rights import AdminRequest
from admin.words import labels
from collector.indicators import indicators
from collector.schema import Clock, Procedure, day_of
from collector.storage import Storage


@get("/demarches/{slug:str}", opt={"who": "reader"})
async def show_indicators(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[str]:
    form = asked(request)
    period = period_of(form, date.fromisoformat(day_of(clock())))
    first, last = period.first.isoformat(), period.last.isoformat()
    counts = await storage.reviews.counts(procedure, first, last)
    by_day = await storage.reviews.counts_by_day(procedure, first, last)
    found = indicators(counts)
    charted = form["courbe"] if form["courbe"] in labels()["indicators"] else "satisfaction"
    return page(
        request,
        "indicators",
        status=422 if form.errors else 200,
        procedure=procedure,
        tab="indicateurs",
        form=form,
        period=period,
        choices=CHOICES,
        reviews=counts["reviews"],
        indicators=found,
        marks={one.name: mark(one) for one in found},
        charted=next(one for one in found if one.name == charted),
        points=points(period, by_day),
        improvements=[
            one for one in await storage.improvements.of(procedure) if period.first <= one.day <= period.last
        ],
        distributions=distributions(counts),
        desks=desks(counts),
        enough=ENOUGH,
    )
