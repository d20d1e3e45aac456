"""`GET /api/v1/procedures`, and the reviews of one as they change: the page protocol of export links, with a key."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from collector.api.described import described
from collector.api.door import HEADERS
from collector.exports.links import Grant
from collector.exports.rows import PAGE, REVIEW_COLUMNS, page
from collector.schema import Audience, Clock, Procedure, ProcedureState
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.services import Access


class Readable(msgspec.Struct, frozen=True):
    """A procedure that the key may read, and the addresses to go on with."""

    slug: str
    title: str
    organisation: str
    ministry: str
    audiences: tuple[Audience, ...]
    state: ProcedureState
    reviews: str
    figures: str


class Procedures(msgspec.Struct, frozen=True):
    procedures: list[Readable]


class ReviewPage(msgspec.Struct, frozen=True):
    """`rows` have the columns of an NDJSON export, or are `{"id": …, "deleted": true}`. Ask again with `next`."""

    procedure: str
    columns: Sequence[str]
    after: int
    count: int
    next: int
    more: bool
    rows: list[dict[str, Any]]


@get("/", **described("key-holder"))
async def list_procedures(
    access: NamedDependency[Access], storage: NamedDependency[Storage], settings: NamedDependency[Settings]
) -> Response[Procedures]:
    """The procedures that this key may read."""
    met = [_readable(one, settings) for one in await storage.catalogue.procedures() if access.role_in(one)]
    return Response(Procedures(met), headers=HEADERS)


@get("/{slug:str}/reviews", **described("key-reader"))
async def read_reviews(
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
    after: Annotated[int, QueryParameter(ge=0, le=2**62, description="`next` of the page before; 0 to begin.")] = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE, description="At most so many rows.")] = PAGE,
) -> Response[ReviewPage]:
    """The reviews that came, changed or were removed after the cursor, in that order; ask with `next` for ever."""
    found = await page(whole(procedure), storage, after, clock(), limit)
    answer = ReviewPage(
        procedure.slug, REVIEW_COLUMNS, after, len(found.rows), found.next, more=found.more, rows=found.rows
    )
    return Response(answer, headers=HEADERS)


def whole(procedure: Procedure) -> Grant:
    """All reviews of a procedure, as an export link without dates would give them."""
    return Grant("", (procedure.slug,), "reviews", "ndjson", None, None, 0)


def _readable(procedure: Procedure, settings: Settings) -> Readable:
    address = f"{settings.base_url}/api/v1/procedures/{procedure.slug}"
    return Readable(
        slug=procedure.slug,
        title=procedure.title,
        organisation=procedure.organisation,
        ministry=procedure.ministry,
        audiences=procedure.audiences,
        state=procedure.state,
        reviews=f"{address}/reviews",
        figures=f"{address}/figures",
    )
