"""`GET /api/v1/procedures/{slug}/figures`: exact indicators of any days, for those who may read the reviews as well.

At an address of its own: what the public is told at `…/indicators` is the same for all, and may lie in caches.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from collector.api.days import FromDay, ToDay, check_days
from collector.api.described import described
from collector.api.door import HEADERS
from collector.api.procedures import whole
from collector.exports.figures import indicator_rows
from collector.exports.rows import INDICATOR_COLUMNS
from collector.exports.scope import scope_of
from collector.schema import Clock, Procedure
from collector.storage import Storage


class Figures(msgspec.Struct, frozen=True):
    """`rows` have the columns of an export of indicators: one for each indicator."""

    procedure: str
    columns: Sequence[str]
    rows: list[dict[str, Any]]


@get("/{slug:str}/figures", **described("key-reader"))
async def figures(
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
    from_day: FromDay = None,
    to_day: ToDay = None,
) -> Response[Figures]:
    """The indicators over some days, the last 365 without any: exact, whatever the number of reviews."""
    check_days(from_day, to_day)
    grant = msgspec.structs.replace(whole(procedure), content="indicators", from_day=from_day, to_day=to_day)
    rows = await indicator_rows(grant, storage, await scope_of(grant, storage), clock())
    return Response(Figures(procedure.slug, INDICATOR_COLUMNS, rows), headers=HEADERS)
