"""What every surface of the service shares on HTTP: whose request it is, where it comes from, how errors read."""

from collections.abc import Iterable, Mapping
from gzip import compress
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton
from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar import Request, Response

from collector.errors import AvisError, members
from collector.privacy.visitors import MAPPED
from collector.settings import Settings

PROBLEM = "application/problem+json"
ONLY_OVER_TLS = "max-age=31536000"
"""Strict-Transport-Security, once browsers reach us over TLS."""

HARDENED: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""For every page. Each surface adds its own Content-Security-Policy."""


def headers_of(scope: Mapping[str, Any]) -> dict[bytes, bytes]:
    """The request's headers by lower-case name; of a repeated one, the last."""
    return dict(scope["headers"])


def client_address(scope: Mapping[str, Any], settings: Settings) -> str:
    """The address of whoever talks to the outermost of our own proxies.

    `X-Forwarded-For` is read from the right, and only as far as the hop before was a proxy we trust: everything
    further left is what the client wants us to believe.
    """
    client = scope.get("client")
    hops = [client[0] if client else "0.0.0.0"]  # noqa: S104 - a name for "no address", nothing is bound to it
    if settings.trusted_proxies:
        forwarded = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        hops = [*(hop for line in forwarded for hop in line.split(",")), *hops]
        while len(hops) > 1 and _address(hops[-1]) in settings.trusted_proxies:
            hops.pop()
    return _address(hops[-1]) or "0.0.0.0"  # noqa: S104


def own_origin(scope: Mapping[str, Any], settings: Settings) -> frozenset[str]:
    """The origins that are this service itself: the configured one, and the one this request was sent to."""
    host = headers_of(scope).get(b"host", b"").decode("latin-1")
    return frozenset({origin_of(settings.base_url), f"{scope['scheme']}://{host}"})


def is_scripted(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a POST lacks what every browser adds by itself. A program can add it too: this proves nothing alone."""
    return not (b"origin" in headers or b"sec-fetch-site" in headers)


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def is_same_site(request: Request[Any, Any, Any], settings: Settings) -> bool:
    """Whether a request that changes something was made by a page of ours (the whole CSRF defence, with SameSite).

    `Sec-Fetch-Site` where the browser sends it, else `Origin`; neither is sent by a form of another site in any
    browser of the last years, so their absence means a program, which carries no cookie by itself.
    """
    site = request.headers.get("sec-fetch-site")
    if site:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or origin in own_origin(request.scope, settings)


def has_already(request: Request[Any, Any, Any], tag: str) -> bool:
    """Whether the browser, or a cache before it, holds these very bytes (`If-None-Match`)."""
    asked = request.headers.get("if-none-match", "")
    return asked == "*" or tag in (part.strip().removeprefix("W/") for part in asked.split(","))


def packed(request: Request[Any, Any, Any], response: Response[bytes]) -> Response[bytes]:
    """Compressed where the browser can read it: the form is a third of its size. A proxy in front may do better."""
    response.headers["Vary"] = ", ".join(filter(None, (response.headers.get("Vary"), "Accept-Encoding")))
    if "gzip" in request.headers.get("accept-encoding", ""):
        response.headers["Content-Encoding"] = "gzip"
        # No secret shares the page with what a stranger chose, so its size says nothing worth guessing.
        response.content = compress(response.content, mtime=0)
    return response


def problem(error: AvisError) -> dict[str, Any]:
    """The RFC 9457 body of an error."""
    return {**members(error), "status": error.status}


def problem_headers(error: AvisError) -> dict[str, str]:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return headers


def problem_response(error: AvisError) -> Response[bytes]:
    return Response(
        msgspec.json.encode(problem(error)),
        status_code=error.status,
        media_type=PROBLEM,
        headers=problem_headers(error),
    )


async def send_json(
    send: Any, status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]], media_type: bytes = b"application/json"
) -> None:
    """Answer from a bare ASGI handler."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", media_type),
                (b"content-length", str(len(body)).encode()),
                *headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})


def _address(hop: str) -> str:
    """A plain address out of one hop (`1.2.3.4:567`, `[2001:db8::1]:443`); empty when it is none."""
    text = hop.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    # The C library's parser: `ipaddress` takes ten times as long, for each review.
    try:
        if ":" not in text:
            inet_pton(AF_INET, text)
            return text
        packed = inet_pton(AF_INET6, text.partition("%")[0])
    except (OSError, ValueError):
        return ""
    # A socket that listens on both families names IPv4 peers ::ffff:1.2.3.4; networks of proxies are written plainly.
    return inet_ntop(AF_INET, packed[12:]) if packed.startswith(MAPPED) else inet_ntop(AF_INET6, packed)
