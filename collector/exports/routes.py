"""`GET /exports/{token}` streams the whole file; `…/pages?after=N` (pages.py) is what a job asks again and again.

Whoever holds the link may read it: the token is the credential, so it is never logged and never sent on as a referrer.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, get
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from collector.errors import LinkSpent
from collector.exports.columns import Column, columns_of
from collector.exports.dictionary import export_dictionary
from collector.exports.figures import indicator_pages
from collector.exports.files import ending, file_of, row_writer
from collector.exports.formats import MEDIA_TYPES
from collector.exports.lines import Lines
from collector.exports.links import Grant, open_link
from collector.exports.malfunctions import malfunction_pages
from collector.exports.pages import HEADERS, export_page, key_directory
from collector.exports.places import names_of
from collector.exports.rows import given
from collector.exports.scope import scope_of
from collector.schema import Clock
from collector.settings import Settings
from collector.storage import Storage
from collector.web import client_address


@get("/exports/{token:str}", opt={"who": "link-holder"})
async def export_file(
    request: Request[Any, Any, Any],
    token: FromPath[str],
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Stream:
    """Everything that the link gives, as one file."""
    now = clock()
    address = client_address(request.scope, settings)
    grant = await open_link(token, storage, settings, now, address)
    if grant.once and not await storage.links.spend(grant.id, now):
        await storage.links.add_use(grant.id, "refused", 0, "spent", now)
        raise LinkSpent
    places = names_of(grant.id, address, settings.secret_keys)
    use = await storage.links.begin_use(grant.id, "file", now, places)
    name = f"avis-{grant.content}-{now:%Y-%m-%d}.{ending(grant.format)}"
    sent = _Sent()
    return Stream(
        _bytes(grant, storage, sent, now),
        background=BackgroundTask(_journal, storage, grant.id, use, sent),
        media_type=MEDIA_TYPES[grant.format],
        headers={**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'},
    )


class _Sent(msgspec.Struct):
    """How far a file has come."""

    rows: int = 0
    bytes: int = 0
    outcome: str = "interrupted"


async def _bytes(grant: Grant, storage: Storage, sent: _Sent, now: datetime) -> AsyncIterator[bytes]:
    columns = columns_of(grant.content, grant.interval, grant.by)
    file = file_of(grant.format, grant.content, columns, _rows(grant, columns, storage, sent, now))
    # A reader who leaves ends what writes the file, now and not when it is next collected.
    async with aclosing(file):
        async for piece in file:
            yield piece
            sent.bytes += len(piece)
    sent.outcome = "complete"


async def _rows(
    grant: Grant, columns: Sequence[Column], storage: Storage, sent: _Sent, now: datetime
) -> AsyncIterator[Sequence[bytes]]:
    # First what is there, then whom it may belong to: a placement that is new meanwhile is not met.
    last = await storage.reviews.last_seq()
    scope = await scope_of(grant, storage)
    if grant.content == "reviews":
        lines = Lines(grant.format, scope.placements)
        async for procedure, found in given(grant, storage, scope, last):
            yield lines.of(procedure, found)
            sent.rows += len(found)
        return
    write = row_writer(grant.format, columns)
    problems = grant.content == "malfunctions"
    pages = malfunction_pages(grant, storage, scope) if problems else indicator_pages(grant, storage, scope, now)
    async for page in pages:
        yield [write(row) for row in page]
        sent.rows += len(page)


async def _journal(storage: Storage, link: str, use: int, sent: _Sent) -> None:
    """After the response and not at the end of `_bytes`, which is cancelled when the reader leaves."""
    await storage.links.end_use(link, use, sent.rows, sent.outcome, sent.bytes)


routes = [export_file, export_page, key_directory, export_dictionary]
