"""One thing by itself: its ETag, `If-None-Match` for who has it already, `If-Match` for who is about to change it.

The tag is a digest of the answer's bytes, so it is strong: another tag is another answer.
"""

from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response

from collector.api.door import HEADERS
from collector.errors import ChangedMeanwhile, MatchRequired

Shown = TypeVar("Shown", bound=msgspec.Struct)


def one(request: Request[Any, Any, Any], thing: Shown, status: int = 200) -> Response[Shown]:
    """The thing, or 304 to a GET that names its tag."""
    body = msgspec.json.encode(thing)
    headers = {**HEADERS, "ETag": _tag(body)}
    content: Any = body
    if request.method == "GET" and _names(request.headers.get("if-none-match", ""), body, weak=True):
        content, status = b"", 304
    return Response(content, status_code=status, media_type="application/json", headers=headers)


def must_match(request: Request[Any, Any, Any], thing: msgspec.Struct) -> None:
    """Raises MatchRequired or ChangedMeanwhile: nobody changes what they have not seen."""
    asked = request.headers.get("if-match")
    if asked is None:
        raise MatchRequired
    if not _names(asked, msgspec.json.encode(thing), weak=False):
        raise ChangedMeanwhile


def _tag(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:32]}"'


def _names(header: str, body: bytes, *, weak: bool) -> bool:
    tags = [each.strip() for each in header.split(",")]
    return "*" in tags or _tag(body) in ([each.removeprefix("W/") for each in tags] if weak else tags)
