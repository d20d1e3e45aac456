"""What a route with a key says of itself: whom it is for, and how the description at `/schema` speaks of it."""

from collections.abc import Mapping
from typing import Any

from litestar.openapi.datastructures import ResponseSpec

from collector.api.door import Who
from collector.openapi import Problem
from collector.web import PROBLEM

_SECURITY = [{"key": list[str]()}]
"""The scheme of that name is in `collector.openapi`."""

_LET_IN = {
    401: "`key-required`, `key-invalid`, `key-expired`, `key-revoked`",
    429: "`too-many`: wrong keys, or requests, too often; come back after `Retry-After` seconds",
    503: "`storage-unavailable`: ask again after `Retry-After` seconds",
}
_ASKED = {400: "`bad-request`: a parameter is out of its bounds", 404: "`not-found`, or not this key's to read"}
_CHANGES = {403: "`key-reads-only`: the key has the role of a reader there"}
_SENDS = {413: "`too-large`: more than 256 KiB", 422: "`invalid-fields`: `errors` names each by its JSON path"}

_SEEN = {412: "`changed-meanwhile`: read it again", 428: "`match-required`: send the ETag that you saw as `If-Match`"}


def described(
    who: Who, *, sends: type | None = None, example: Mapping[str, Any] | None = None, seen: bool = False
) -> dict[str, Any]:
    """The arguments of a handler.

    `sends` is the shape of the JSON that it reads, with `collector.api.bodies`, and `example` one that the tests send;
    `seen`: it wants `If-Match`.
    """
    said = {
        **_LET_IN,
        **(_ASKED if who != "key-holder" else {}),
        **(_CHANGES if who == "key-manager" else {}),
        **(_SENDS if sends else {}),
        **(_SEEN if seen else {}),
    }
    return {
        "opt": {"who": who, "sends": sends, "example": example, "seen": seen},
        "tags": ["with-a-key"],
        "security": _SECURITY,
        "responses": {
            status: ResponseSpec(Problem, description=text, media_type=PROBLEM, generate_examples=False)
            for status, text in sorted(said.items())
        },
    }
