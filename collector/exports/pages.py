"""`GET /exports/{token}/pages?after=N`: what a job asks again and again. Each answer is signed, with its question.

Whoever holds the link may read it: the token is the credential, so it is never logged and never sent on as a referrer.
"""

import asyncio
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from collector.errors import LinkForOneUse
from collector.exports.links import open_link
from collector.exports.places import names_of
from collector.exports.rows import columns, page
from collector.exports.signatures import DIRECTORY, DIRECTORY_TYPE, Exchange, signature_headers, signing_keys
from collector.schema import Clock
from collector.settings import Settings
from collector.storage import Storage
from collector.web import client_address

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


@get("/exports/{token:str}/pages", opt={"who": "link-holder"})
async def export_page(
    request: Request[Any, Any, Any],
    token: FromPath[str],
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
    after: Annotated[int, QueryParameter(ge=0, le=2**62, description="The cursor of the page before; 0 to begin.")] = 0,
) -> Response[bytes]:
    """The rows that changed after the cursor, with their count and the next cursor; signed by the newest key."""
    now = clock()
    address = client_address(request.scope, settings)
    grant = await open_link(token, storage, settings, now, address)
    if grant.once:
        await storage.links.add_use(grant.id, "refused", 0, "one-use", now)
        raise LinkForOneUse
    found = await page(grant, storage, after, now)
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
    places = names_of(grant.id, address, settings.secret_keys)
    await storage.links.add_use(grant.id, "page", len(found.rows), "sent", now, bytes=len(body), places=places)
    return await _signed(request, body, "application/json", settings, clock, every=False)


@get(DIRECTORY, opt={"who": "anyone"})
async def key_directory(
    request: Request[Any, Any, Any], settings: NamedDependency[Settings], clock: NamedDependency[Clock]
) -> Response[bytes]:
    """The public keys, newest first, signed by each of them: whoever trusts one of them can trust the newest."""
    keys = await asyncio.to_thread(signing_keys, settings.secret_keys)
    body = msgspec.json.encode({"keys": [key.public for key in keys]})
    return await _signed(request, body, DIRECTORY_TYPE, settings, clock, every=True)


async def _signed(
    request: Request[Any, Any, Any], body: bytes, media_type: str, settings: Settings, clock: Clock, *, every: bool
) -> Response[bytes]:
    # Deriving takes a moment once; a thread takes it, so that no citizen waits.
    keys = await asyncio.to_thread(signing_keys, settings.secret_keys)
    exchange = Exchange(
        status=200,
        body=body,
        media_type=media_type,
        # As the client asked for it: a proxy has taken the prefix of the public address away.
        path=urlsplit(settings.base_url).path + request.scope["path"],
        query=f"?{request.scope['query_string'].decode('latin-1')}",
    )
    signatures = signature_headers(keys if every else keys[:1], exchange, clock())
    return Response(body, media_type=media_type, headers={**HEADERS, **signatures})
