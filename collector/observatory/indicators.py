"""`GET /api/v1/procedures/{slug}/indicators`: the rolling year of a public procedure, for anybody to reuse.

There is one period and no parameter: ranges that overlap could be subtracted down to a single opinion.
"""

from datetime import date
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from collector.errors import BadRequest, NotFound
from collector.indicators import Indicator
from collector.observatory.year import rolling_year
from collector.schema import Clock, Procedure
from collector.settings import Settings
from collector.storage import Storage
from collector.suppression import PUBLIC, Figures

_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "public, max-age=60, stale-while-revalidate=600",
    "X-Content-Type-Options": "nosniff",
}


class PublicIndicator(msgspec.Struct, frozen=True):
    """A figure with the number of answers behind it; `suppressed` when too few reviews stand behind it to show it."""

    name: str
    scale: int
    count: int | None
    value: float | None
    low: float | None
    high: float | None
    level: str | None
    suppressed: bool


class PublicIndicators(msgspec.Struct, frozen=True):
    """`reviews` counts those that rated the procedure; `least` of them or more stand behind every figure."""

    procedure: str
    title: str
    from_day: str
    to_day: str
    least: int
    reviews: int | None
    suppressed: bool
    indicators: list[PublicIndicator]


@get("/api/v1/procedures/{slug:str}/indicators", opt={"who": "anyone"}, tags=["figures"])
async def public_indicators(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
    clock: NamedDependency[Clock],
) -> Response[PublicIndicators]:
    """The indicators of the last twelve months. Null and `suppressed` where too few reviews stand behind a figure."""
    if request.query_params:
        raise BadRequest(
            "Cette adresse n'accepte aucun paramètre : les chiffres publics portent sur les douze derniers mois. "
            "Pour une autre période, le porteur de la démarche crée un lien d'export."
        )
    procedure = None if "\0" in slug else await storage.catalogue.procedure(slug)
    if procedure is None or procedure.state not in PUBLIC:
        raise NotFound
    first, today = rolling_year(clock)
    found = await storage.published.figures(procedure, first, today)
    return Response(_public(procedure, (first, today), found, settings.small_number), headers=_HEADERS)


def _public(procedure: Procedure, period: tuple[date, date], found: Figures, least: int) -> PublicIndicators:
    return PublicIndicators(
        procedure=procedure.slug,
        title=procedure.title,
        from_day=period[0].isoformat(),
        to_day=period[1].isoformat(),
        least=least,
        reviews=found.reviews,
        suppressed=found.reviews is None,
        indicators=[_indicator(each, suppressed=each.name in found.suppressed) for each in found.indicators],
    )


def _indicator(figure: Indicator, *, suppressed: bool) -> PublicIndicator:
    return PublicIndicator(
        name=figure.name,
        scale=figure.scale,
        count=None if suppressed else figure.count,
        value=figure.value,
        low=figure.low,
        high=figure.high,
        level=figure.level,
        suppressed=suppressed,
    )
