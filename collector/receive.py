"""`POST /api/v1/reviews`: a bare ASGI handler, because it is the one hot route.

`collector.app` calls it before Litestar's router is entered, which costs a tenth of what everything here does.
"""

import msgspec
import structlog
from litestar import asgi
from litestar.handlers import ASGIRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from collector.errors import AvisError, MalformedJSON, MethodNotAllowed, TooLarge
from collector.forms.answers import decode
from collector.forms.envelope import parse
from collector.intake import LONGEST_BODY, Intake, Receipt
from collector.schema import Answers, Target
from collector.settings import Settings
from collector.web import (
    ONLY_OVER_TLS,
    PROBLEM,
    client_address,
    headers_of,
    is_scripted,
    own_origin,
    problem,
    problem_headers,
    send_json,
)
from embed.trial import kept

PATH = "/api/v1/reviews"

log = structlog.get_logger("avis.receive")


def reviews_handler(intake: Intake, settings: Settings) -> ASGIApp:
    """Answers for everything itself: nothing stands around it."""
    always = [(b"cache-control", b"no-store")]
    if settings.secure:
        always.append((b"strict-transport-security", ONLY_OVER_TLS.encode()))

    async def post_review(scope: Scope, receive: Receive, send: Send) -> None:
        shared: list[tuple[bytes, bytes]] = []
        try:
            if scope["method"] == "OPTIONS":  # type: ignore[typeddict-item]  # HTTP only: no websocket is routed here
                return await send_json(send, 204, b"", [*_PREFLIGHT, *always[1:]])
            receipt = await _receive_review(intake, settings, scope, receive, shared)
        except AvisError as error:
            return await _refuse(send, error, [*shared, *always[1:]])
        except Exception:
            log.exception("request-crashed", route=PATH)
            return await _refuse(send, AvisError(), [*shared, *always[1:]])
        status, body = (201, _CREATED) if receipt.created else (200, _ENRICHED)
        if receipt.tried:
            status, body = 200, msgspec.json.encode({"status": "trial", "kept": kept(receipt.tried, receipt.asked)})
        return await send_json(send, status, body, [*always, *shared])

    return post_review


def reviews_route(handler: ASGIApp) -> ASGIRouteHandler:
    """The same for Litestar, which describes it and finds it under other spellings of its path."""

    @asgi(PATH, copy_scope=False, opt={"who": "anyone"})
    async def post_review(scope: Scope, receive: Receive, send: Send) -> None:
        await handler(scope, receive, send)

    return post_review


async def _refuse(send: Send, error: AvisError, shared: list[tuple[bytes, bytes]]) -> None:
    """What a foreign page may read of an answer, it may read of a refusal: it has to say why, and when to retry."""
    headers = [(name.lower().encode(), value.encode()) for name, value in problem_headers(error).items()]
    if isinstance(error, MethodNotAllowed):
        headers.append((b"allow", b"POST, OPTIONS"))
    await send_json(send, error.status, msgspec.json.encode(problem(error)), [*headers, *shared], PROBLEM.encode())


async def _receive_review(
    intake: Intake, settings: Settings, scope: Scope, receive: Receive, shared: list[tuple[bytes, bytes]]
) -> Receipt:
    if scope["method"] != "POST":  # type: ignore[typeddict-item]  # HTTP only
        raise MethodNotAllowed
    sent = headers_of(scope)
    submission = parse(await _body(sent, receive))
    target = await intake.known_target(submission.key)
    foreign = _foreign(sent, scope, settings)
    if foreign is not None and foreign not in target.procedure.origins:
        # The owner may have added this site since we last looked.
        target = await intake.target(submission.key)
        if foreign not in target.procedure.origins:
            raise intake.foreign(target)
    if b"origin" in sent:
        shared += [
            (b"access-control-allow-origin", sent[b"origin"]),
            (b"access-control-expose-headers", b"Retry-After"),
            (b"vary", b"Origin"),
        ]
    return await intake.accept(
        id=submission.id,
        target=target,
        lang=submission.lang,
        page=submission.page,
        context=submission.context,
        answers=_answers(target, submission.answers),
        address=client_address(scope, settings),
        origin=foreign,
        scripted=is_scripted(sent),
    )


def _answers(target: Target, raw: msgspec.Raw) -> Answers:
    try:
        return decode(target.placement.form, raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise MalformedJSON from None


def _foreign(sent: dict[bytes, bytes], scope: Scope, settings: Settings) -> str | None:
    """The site that a browser says the request comes from, unless it is ours."""
    if b"origin" not in sent:
        return None
    origin = sent[b"origin"].decode("latin-1")
    return None if origin in own_origin(scope, settings) else origin


async def _body(headers: dict[bytes, bytes], receive: Receive) -> bytes:
    if int(headers.get(b"content-length", b"0") or b"0") > LONGEST_BODY:
        raise TooLarge
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise MalformedJSON
        body += message.get("body", b"")  # type: ignore[operator]  # an http.request message carries bytes
        if len(body) > LONGEST_BODY:
            raise TooLarge
        if not message.get("more_body"):
            return body


_CREATED = b'{"status":"created"}'
_ENRICHED = b'{"status":"enriched"}'
# A preflight cannot know the key, so it promises nothing: the POST itself is checked against the procedure's origins.
_PREFLIGHT = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"content-type"),
    (b"access-control-max-age", b"86400"),
]
