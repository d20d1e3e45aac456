"""`GET /exports/{token}` streams the whole file; `…/pages?after=N` is what a job asks again and again.

Whoever holds the link may read it: the token is the credential, so it is never logged and never sent on as a referrer.
"""

from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import datetime
from hashlib import sha256
from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from collector.exports.formats import MEDIA_TYPES, written
from collector.exports.lines import Lines
from collector.exports.links import Grant, open_link
from collector.exports.rows import columns, given, indicator_rows, page, scope_of
from collector.schema import Clock
from collector.settings import Settings
from collector.storage import Storage

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


@get("/exports/{token:str}", opt={"who": "link-holder"})
async def export_file(
    token: FromPath[str],
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Stream:
    """Everything that the link gives, as one file."""
    now = clock()
    grant = await open_link(token, storage, settings, now)
    use = await storage.links.begin_use(grant.id, "file", now)
    name = f"avis-{grant.content}-{now:%Y-%m-%d}.{grant.format}"
    sent = _Sent()
    return Stream(
        _bytes(grant, storage, sent, now),
        background=BackgroundTask(_journal, storage, use, sent),
        media_type=MEDIA_TYPES[grant.format],
        headers={**_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'},
    )


@get("/exports/{token:str}/pages", opt={"who": "link-holder"})
async def export_page(
    token: FromPath[str],
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
    after: Annotated[int, QueryParameter(ge=0, le=2**62, description="The cursor of the page before; 0 to begin.")] = 0,
) -> Response[bytes]:
    """The rows that changed after the cursor, with their count, the next cursor and a digest of these bytes."""
    now = clock()
    grant = await open_link(token, storage, settings, now)
    found = await page(grant, storage, after, now)
    await storage.links.add_use(grant.id, "page", len(found.rows), "sent", now)
    body = msgspec.json.encode(
        {
            "content": grant.content,
            "format": grant.format,
            "procedures": grant.procedures,
            "from_day": grant.from_day,
            "to_day": grant.to_day,
            "columns": columns(grant),
            "after": after,
            "count": len(found.rows),
            "next": found.next,
            "more": found.more,
            "rows": found.rows,
        }
    )
    return Response(body, media_type="application/json", headers={**_HEADERS, "Content-Digest": content_digest(body)})


def content_digest(body: bytes) -> str:
    """RFC 9530."""
    return f"sha-256=:{b64encode(sha256(body).digest()).decode()}:"


class _Sent(msgspec.Struct):
    """How far a file has come."""

    rows: int = 0
    outcome: str = "interrupted"


async def _bytes(grant: Grant, storage: Storage, sent: _Sent, now: datetime) -> AsyncIterator[bytes]:
    # First what is there, then whom it may belong to: a placement that is new meanwhile is not met.
    last = await storage.reviews.last_seq()
    scope = await scope_of(grant, storage)
    if grant.content == "indicators":
        rows = await indicator_rows(grant, storage, scope, now)
        yield written(rows, columns(grant), grant.format)
        sent.rows = len(rows)
    else:
        lines = Lines(grant.format, scope.placements)
        yield lines.head
        async for procedure, page in given(grant, storage, scope, last):
            yield lines.of(procedure, page)
            sent.rows += len(page)
    sent.outcome = "complete"


async def _journal(storage: Storage, use: int, sent: _Sent) -> None:
    """After the response and not at the end of `_bytes`, which is cancelled when the reader leaves."""
    await storage.links.end_use(use, sent.rows, sent.outcome)


routes = [export_file, export_page]
