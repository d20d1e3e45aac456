"""`GET /observatoire`: the table of all public procedures, and the same as files."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from collector.errors import NotFound
from collector.indicators import ENOUGH
from collector.observatory import files
from collector.observatory.rendering import ANYONE, FILE, FOR_EVER, file, kept, page, style
from collector.observatory.table import COLUMNS, FIGURES, arranged, asked
from collector.observatory.year import Years
from collector.schema import AUDIENCES
from collector.settings import Settings


@get("/observatoire", opt=ANYONE)
async def show_table(
    request: Request[Any, Any, Any],
    years: NamedDependency[Years],
    settings: NamedDependency[Settings],
) -> Response[bytes]:
    wanted = asked(request.query_params)
    year = await years.latest()
    lines = arranged(year.lines, wanted)
    return page(
        request,
        "table",
        base_url=settings.base_url,
        year=year,
        lines=lines,
        shown=sum(one.is_shown for one in lines),
        wanted=wanted,
        columns=COLUMNS,
        figures=FIGURES,
        publics=[one for one in AUDIENCES if any(one in line.procedure.audiences for line in year.lines)],
        ministries=year.ministries,
        enough=ENOUGH,
    )


@get("/observatoire.csv", opt=ANYONE, media_type="text/csv")
async def table_as_csv(
    request: Request[Any, Any, Any],
    years: NamedDependency[Years],
    settings: NamedDependency[Settings],
) -> Response[bytes]:
    """What the page shows under the same filters, in the same order."""
    year = await years.latest()
    lines = arranged(year.lines, asked(request.query_params))
    return file(request, files.as_csv(lines, settings.base_url), "text/csv", f"observatoire-{year.last}.csv")


@get("/observatoire.json", opt=ANYONE, media_type="application/json")
async def table_as_json(
    request: Request[Any, Any, Any],
    years: NamedDependency[Years],
    settings: NamedDependency[Settings],
) -> Response[bytes]:
    """The same for programs."""
    year = await years.latest()
    lines = arranged(year.lines, asked(request.query_params))
    body = files.as_json(year, lines, settings)
    return file(request, body, "application/json", f"observatoire-{year.last}.json")


@get("/observatoire/style/{name:str}", opt=ANYONE, sync_to_thread=False, media_type="text/css")
def serve_style(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    known, content = style()
    if name != known:
        raise NotFound
    return kept(request, content, "text/css", FILE, FOR_EVER)
