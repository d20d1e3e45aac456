"""What the citizens' routes share: whose they are, what caches may keep, and how bytes are sent."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response

from collector.web import HARDENED, has_already, packed
from embed.assets import fingerprint

ANYONE = {"who": "anyone"}

# A page may hold an id that must be one person's alone, so no cache may keep it.
PAGE = {**HARDENED, "Cache-Control": "no-store", "Vary": "Accept-Language", "X-Robots-Tag": "noindex"}
_FILE = {
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
FOR_EVER = "public, max-age=31536000, immutable"
# Long enough for a visit, short enough that a correction reaches every host the same day.
FOR_A_WHILE = "public, max-age=600, stale-while-revalidate=86400"


def file(
    request: Request[Any, Any, Any], body: bytes, media_type: str, keep: str, name: str | None = None
) -> Response[bytes]:
    """Bytes that any site may show, with an ETag so that asking again costs nothing."""
    tag = f'"{name or fingerprint(body)}"'
    headers: Mapping[str, str] = {**_FILE, "Cache-Control": keep, "ETag": tag}
    if has_already(request, tag):
        return Response(b"", status_code=304, headers=headers)
    return packed(request, Response(body, media_type=media_type, headers=headers))
