"""How fast a key may ask (`AVIS_LIMIT_KEY`), and what each answer says of it: the IETF draft's RateLimit headers."""

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from collector.errors import TooManyRequests
from collector.limits import Left, Limits

_PACE = "api_pace"


async def keep_pace(scope: Scope, limits: Limits, key: str) -> None:
    """Raises TooManyRequests, which costs nothing but the wait."""
    left = await limits.use_key(key)
    scope["state"][_PACE] = left
    waits = [one.expires_in for one in left if one.left < 0]
    if waits:
        raise TooManyRequests(retry_after=max(waits))


async def tell_pace(message: Message, scope: Scope) -> None:
    """On every answer to a key, refusals too."""
    left: list[Left] = scope.get("state", {}).get(_PACE, [])
    if left and message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        headers["RateLimit-Policy"] = ", ".join(f'"{one.seconds}s";q={one.amount};w={one.seconds}' for one in left)
        headers["RateLimit"] = ", ".join(f'"{one.seconds}s";r={max(0, one.left)};t={one.expires_in}' for one in left)
