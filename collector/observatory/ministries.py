"""`GET /observatoire/ministeres`: how many procedures reach the goal, by ministry and by the people they are for."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from collector.exports.formats import csv_file
from collector.indicators import ENOUGH, Indicator
from collector.observatory.files import FIGURES, flat, parts
from collector.observatory.rendering import ANYONE, file, page
from collector.observatory.words import AUDIENCES
from collector.observatory.year import Line, Year, Years
from collector.settings import Settings
from collector.suppression import pooled

COLUMNS = ("by", "name", "procedures", "shown", "reached", "reviews", *FIGURES)


class Group(Struct, frozen=True):
    """Some procedures: of how many satisfaction is `shown`, and of how many of these it is good.

    `figures` are of all their public reviews together, not means of their figures.
    """

    by: Literal["all", "ministry", "audience"]
    name: str
    procedures: int
    shown: int
    reached: int
    reviews: int
    figures: Mapping[str, Indicator]


@get("/observatoire/ministeres", opt=ANYONE)
async def show_ministries(
    request: Request[Any, Any, Any], years: NamedDependency[Years], settings: NamedDependency[Settings]
) -> Response[bytes]:
    year = await years.latest()
    everything, *groups = grouped(year)
    return page(
        request,
        "ministries",
        base_url=settings.base_url,
        year=year,
        everything=everything,
        tables={by: [one for one in groups if one.by == by] for by in ("ministry", "audience")},
        enough=ENOUGH,
    )


@get("/observatoire/ministeres.csv", opt=ANYONE, media_type="text/csv")
async def ministries_as_csv(request: Request[Any, Any, Any], years: NamedDependency[Years]) -> Response[bytes]:
    year = await years.latest()
    rows = [{**_about(one), **flat(one.figures)} for one in grouped(year)]
    return file(request, csv_file(rows, COLUMNS), "text/csv", f"ministeres-{year.last}.csv")


@get("/observatoire/ministeres.json", opt=ANYONE, media_type="application/json")
async def ministries_as_json(request: Request[Any, Any, Any], years: NamedDependency[Years]) -> Response[bytes]:
    year = await years.latest()
    groups = [
        {**_about(one), "indicators": {name: parts(figure) for name, figure in one.figures.items()}}
        for one in grouped(year)
    ]
    body = msgspec.json.encode({"from": str(year.first), "to": str(year.last), "enough": ENOUGH, "groups": groups})
    return file(request, body + b"\n", "application/json", f"ministeres-{year.last}.json")


def grouped(year: Year) -> list[Group]:
    """All procedures, then each ministry's, then those for each audience; a procedure for two is in both."""
    lines = year.lines
    return [
        _group("all", "", lines),
        *(
            _group("ministry", name, [one for one in lines if one.procedure.ministry == name])
            for name in year.ministries
        ),
        *(
            _group("audience", code, some)
            for code in AUDIENCES
            if (some := [one for one in lines if code in one.procedure.audiences])
        ),
    ]


def _group(by: Literal["all", "ministry", "audience"], name: str, lines: Sequence[Line]) -> Group:
    shown = [one.indicators["satisfaction"] for one in lines if one.is_shown]
    return Group(
        by=by,
        name=name,
        procedures=len(lines),
        shown=len(shown),
        reached=sum(one.level == "green" for one in shown),
        reviews=sum(one.reviews or 0 for one in lines),
        figures={
            one.name: one
            for one in pooled([line.figures for line in lines])
            if sum(line.behind(one.name) for line in lines) >= ENOUGH
        },
    )


def _about(one: Group) -> dict[str, Any]:
    return {name: getattr(one, name) for name in COLUMNS[:6]}
