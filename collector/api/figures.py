"""`GET /api/v1/procedures/{slug}/figures`: exact indicators of any days, for those who may read the reviews as well.

At an address of its own: what the public is told at `…/indicators` is the same for all, and may lie in caches.
"""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from collector.api.described import SECURITY, refusals
from collector.api.door import HEADERS, readable
from collector.api.procedures import whole
from collector.errors import BadRequest
from collector.exports.rows import INDICATOR_COLUMNS, indicator_rows, scope_of
from collector.schema import Clock, parse_day
from collector.storage import Storage
from collector.storage.services import Access


class Figures(msgspec.Struct, frozen=True):
    """`rows` have the columns of an export of indicators: one for each indicator."""

    procedure: str
    columns: Sequence[str]
    rows: list[dict[str, Any]]


@get(
    "/{slug:str}/figures",
    opt={"who": "key-holder"},
    tags=["with-a-key"],
    security=SECURITY,
    responses=refusals(of_a_procedure=True),
)
async def figures(
    slug: FromPath[str],
    access: NamedDependency[Access],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
    from_day: Annotated[str | None, QueryParameter(name="from", description="First day, YYYY-MM-DD, in Paris.")] = None,
    to_day: Annotated[str | None, QueryParameter(name="to", description="Last day; today without it.")] = None,
) -> Response[Figures]:
    """The indicators over some days, the last 365 without any: exact, whatever the number of reviews."""
    procedure = await readable(slug, access, storage)
    _check(from_day, to_day)
    grant = msgspec.structs.replace(whole(procedure), content="indicators", from_day=from_day, to_day=to_day)
    rows = await indicator_rows(grant, storage, await scope_of(grant, storage), clock())
    return Response(Figures(procedure.slug, INDICATOR_COLUMNS, rows), headers=HEADERS)


def _check(from_day: str | None, to_day: str | None) -> None:
    try:
        days = [parse_day(day).isoformat() == day for day in (from_day, to_day) if day is not None]
    except ValueError:
        days = [False]
    if not all(days):
        raise BadRequest("Les dates s'écrivent AAAA-MM-JJ.")
    if from_day and to_day and from_day > to_day:
        raise BadRequest("La date de début est après la date de fin.")
