"""The only composition root: settings in, ASGI application out."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from litestar import Litestar, Request, Response
from litestar.datastructures import MutableScopeHeaders
from litestar.di import Provide
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    PermissionDeniedException,
    ValidationException,
)
from litestar.types import ASGIApp, Message, Scope
from typing_extensions import override

import admin.routes
from admin.alerts.bell import Bell
from admin.rendering import refused_by_litestar
from collector import api, citizen, health, observatory
from collector.api.pace import tell_pace
from collector.errors import AvisError, BadRequest, Forbidden, MethodNotAllowed, NotFound, StorageUnavailable
from collector.exports import routes as exports
from collector.housekeeping import Housekeeping
from collector.indexing import Indexing
from collector.intake import Intake
from collector.limits import Limits
from collector.log import configure
from collector.observatory import rendering
from collector.observatory.year import Years
from collector.openapi import CONFIG
from collector.openid import Provider
from collector.receive import PATH, reviews_handler, reviews_route
from collector.retention import Retention
from collector.schema import Clock, utc_now
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.migrate import OutdatedSchema, migrate, missing
from collector.web import ONLY_OVER_TLS, problem_response
from embed.assets import built
from embed.language import languages

log = structlog.get_logger("avis")


def create_app(settings: Settings, clock: Clock = utc_now) -> Litestar:
    """The whole service. Nothing is opened before its start-up; `clock` says what time it is, for every part."""
    configure(settings)
    # Files that were not built or a language that lacks a word stop the start, not the first citizen.
    built()
    languages()
    storage = Storage(settings, clock)
    limits = Limits(settings, clock)
    intake = Intake(settings, storage, limits, clock)
    housekeeping = Housekeeping(storage, Retention(storage, settings, clock), clock)
    indexing = Indexing(storage)
    provider = Provider(settings, clock)
    years = Years(storage, clock)
    bell = Bell(storage, settings, clock)

    @asynccontextmanager
    async def running(_app: Litestar) -> AsyncIterator[None]:
        _up_to_date(settings)
        await storage.open()
        housekeeping.start()
        indexing.start()
        bell.start()
        # Of several processes one may die and be replaced: this is how that is seen.
        log.info("started", pid=os.getpid())
        try:
            yield
        finally:
            # The queue is drained here: everything that was acknowledged or will be is on disk before we leave.
            await bell.stop()
            await indexing.stop()
            await housekeeping.stop()
            await storage.close()
            await limits.close()

    post_review = reviews_handler(intake, settings)
    return _Collector(
        post_review,
        route_handlers=[
            reviews_route(post_review),
            *citizen.routes,
            *exports.routes,
            *observatory.routes,
            *api.routes,
            *health.routes,
            *admin.routes.routes,
        ],
        dependencies={
            "settings": Provide(lambda: settings, sync_to_thread=False),
            "storage": Provide(lambda: storage, sync_to_thread=False),
            "intake": Provide(lambda: intake, sync_to_thread=False),
            "limits": Provide(lambda: limits, sync_to_thread=False),
            "clock": Provide(lambda: clock, sync_to_thread=False),
            "provider": Provide(lambda: provider, sync_to_thread=False),
            "years": Provide(lambda: years, sync_to_thread=False),
        },
        lifespan=[running],
        exception_handlers={AvisError: _ours, HTTPException: _theirs, Exception: _unexpected},
        openapi_config=CONFIG,
        before_send=[tell_pace, *([_only_over_tls] if settings.secure else [])],
        logging_config=None,
        debug=False,
    )


class _Collector(Litestar):
    """Litestar, but for the hot route: its handler is called before the router and all that wraps it."""

    def __init__(self, post_review: ASGIApp, **named: Any) -> None:
        super().__init__(**named)
        self._post_review = post_review

    @override
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == PATH:
            await self._post_review(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


async def _only_over_tls(message: Message, _scope: Scope) -> None:
    if message["type"] == "http.response.start":
        MutableScopeHeaders.from_message(message)["Strict-Transport-Security"] = ONLY_OVER_TLS


def _up_to_date(settings: Settings) -> None:
    """The embedded database is migrated here; a shared one is its operators' decision.

    A worker that is replaced while that is away starts all the same, and answers 503 until it is back: `avis serve`
    has looked before it started any, and would end them all if a new one ended.
    """
    if settings.sqlite_path:
        migrate(settings)
        return
    try:
        names = missing(settings)
    except StorageUnavailable as error:
        log.error("database-away", cause=type(error.__cause__ or error).__name__)  # noqa: TRY400 - no fault of ours
        return
    if names:
        log.error("schema-outdated", migrations=names)
        raise OutdatedSchema


def _ours(request: Request[Any, Any, Any], error: AvisError) -> Response[bytes]:
    if error.status >= 500:
        log.error("request-failed", route=_route(request), cause=type(error.__cause__ or error).__name__)
    return problem_response(error)


def _theirs(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Litestar's own refusals, in our words: a page where people read pages, a problem for everybody else."""
    if request.scope["path"].startswith("/admin"):
        return refused_by_litestar(request, error)
    if request.scope["path"].startswith("/observatoire"):
        return rendering.refused_by_litestar(request, error)
    kinds: dict[type[HTTPException], type[AvisError]] = {
        NotFoundException: NotFound,
        MethodNotAllowedException: MethodNotAllowed,
        PermissionDeniedException: Forbidden,
        ValidationException: BadRequest,
    }
    for kind, ours in kinds.items():
        if isinstance(error, kind):
            return problem_response(ours())
    return problem_response(BadRequest() if error.status_code < 500 else AvisError())


def _unexpected(request: Request[Any, Any, Any], _error: Exception) -> Response[bytes]:
    log.exception("request-crashed", route=_route(request))  # noqa: LOG004 - Litestar calls this inside its except
    return problem_response(AvisError())


def _route(request: Request[Any, Any, Any]) -> str:
    """The route's pattern, never the path: paths hold keys and tokens."""
    template = request.scope.get("path_template")
    return str(template or "unknown")
