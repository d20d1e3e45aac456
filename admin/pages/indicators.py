"""The six indicators of a period, with what stands behind each and what they are held against."""

from litestar import Response, get
from litestar.di import NamedDependency

from admin.comparisons import AGAINST
from admin.figures import distributions, helps, mark
from admin.parts import KINDS
from admin.periods import CHOICES
from admin.posted import asked
from admin.rendering import page, spreadsheet
from admin.rights import AdminRequest
from admin.sheets import TABLES, sheet_of
from admin.views import view_of
from collector.differences import ENOUGH as ENOUGH_TO_COMPARE
from collector.errors import BadRequest
from collector.indicators import ENOUGH
from collector.schema import Clock, Procedure, date_of
from collector.storage import Storage


@get("/demarches/{slug:str}", opt={"who": "reader"})
async def show_indicators(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[str]:
    form = asked(request)
    view = await view_of(form, procedure, storage, date_of(clock()))
    return page(
        request,
        "indicators",
        status=422 if form.errors else 200,
        procedure=procedure,
        tab="indicateurs",
        form=form,
        view=view,
        period=view.period,
        choices=CHOICES,
        against=AGAINST,
        kinds=KINDS,
        reviews=view.counts["reviews"],
        indicators=view.indicators,
        marks={one.name: mark(one) for one in view.indicators},
        charted=view.charted,
        points=view.points,
        improvements=view.improvements,
        distributions=[*distributions(view.counts), *view.own],
        helps=helps(view.counts),
        enough=ENOUGH,
        enough_to_compare=ENOUGH_TO_COMPARE,
    )


@get("/demarches/{slug:str}/indicateurs.csv", opt={"who": "reader"})
async def figures_file(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[bytes]:
    """A table of the page."""
    form = asked(request)
    table = form.choice("table", TABLES)
    view = await view_of(form, procedure, storage, date_of(clock()))
    # The page shows everything where it cannot filter, and says so; a file has nowhere to say it.
    if form.errors or table is None:
        raise BadRequest("Cette adresse ne dit pas quel fichier. Revenez aux indicateurs et téléchargez-le de nouveau.")
    sheet = sheet_of(view, table)
    return spreadsheet(sheet.name, [sheet.head, *sheet.rows])
