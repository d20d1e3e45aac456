"""From values to pages: the templates' environment, the headers of every page, and how errors read."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from urllib.parse import urlencode

import structlog
from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Request, Response
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from admin import tabs, words
from admin.language import spoken, translated
from admin.linking import linked
from admin.rights import AdminRequest, MustChangePassword, MustSetUpTwoSteps, sign_in_path
from admin.static import asset
from collector.errors import (
    AvisError,
    BadRequest,
    Forbidden,
    MethodNotAllowed,
    NotFound,
    SignInRequired,
    StorageUnavailable,
    TooLarge,
)
from collector.exports.formats import csv_lines
from collector.suppression import PUBLIC
from collector.web import HARDENED

log = structlog.get_logger("avis.admin")

HEADERS = {
    **HARDENED,
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
}


def page(
    request: Request[Any, Any, Any],
    name: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    cookies: list[Cookie] | None = None,
    **context: Any,
) -> Response[str]:
    """A template as a page of the admin."""
    html = (
        _environment()
        .get_template(f"{name}.html")
        .render(
            viewer=request.scope.get("user"),
            path=request.url.path,
            this_page=_here(request) if status < 400 else "/admin",
            done=words.labels()["done"].get(request.query_params.get("fait", "")),
            **context,
        )
    )
    return Response(
        html, status_code=status, media_type=MediaType.HTML, headers={**HEADERS, **(headers or {})}, cookies=cookies
    )


def download(content: bytes, name: str, media_type: str) -> Response[bytes]:
    return Response(
        content,
        media_type=media_type,
        headers={**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'},
    )


def spreadsheet(name: str, rows: Sequence[Sequence[Any]]) -> Response[bytes]:
    """Semicolons, decimal commas, and the mark by which it reads UTF-8: what a French spreadsheet opens by itself."""
    mark = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()
    return download(mark + csv_lines(rows, delimiter=";"), f"{name}.csv", "text/csv")


def rendered(name: str, **context: Any) -> str:
    """A template alone: a letter."""
    return _environment().get_template(f"{name}.html").render(**context)


def _here(request: Request[Any, Any, Any]) -> str:
    """Where this page can be asked for again."""
    if request.method != "GET":
        return "/admin"
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def go(
    path: str,
    done: str | None = None,
    cookies: list[Cookie] | None = None,
    *,
    anchor: str = "",
    **query: str,
) -> Redirect:
    """To another page after something was done, so that reloading it does nothing twice.

    `anchor` is where on that page somebody was.
    """
    if done:
        query["fait"] = done
    target = f"{path}?{urlencode(query)}" if query else path
    target += f"#{anchor}" if anchor else ""
    return Redirect(target, status_code=303, headers=HEADERS, cookies=cookies)


def refused(request: AdminRequest, error: AvisError) -> Response[Any]:
    """Our errors, as pages; who is not signed in goes to do so and comes back."""
    if isinstance(error, SignInRequired):
        return go_to_sign_in(request)
    if isinstance(error, MustChangePassword):
        return go("/admin/compte")
    if isinstance(error, MustSetUpTwoSteps):
        return go("/admin/compte/deux-etapes")
    if error.status >= 500:
        log.error("page-failed", route=_route(request), cause=type(error.__cause__ or error).__name__)
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    minutes = None if error.retry_after is None else max(1, -(-error.retry_after // 60))
    # Its own words speak to a citizen about an opinion.
    message = translated(_STORAGE_AWAY if isinstance(error, StorageUnavailable) else error.message)
    return page(request, "error", status=error.status, headers=headers, error=error, message=message, minutes=minutes)


def go_to_sign_in(request: AdminRequest) -> Redirect:
    return Redirect(sign_in_path(request), status_code=303, headers=HEADERS)


def refused_by_litestar(request: AdminRequest, error: HTTPException) -> Response[Any]:
    """Litestar's own refusals, in our words and never in theirs."""
    ours: dict[int, type[AvisError]] = {403: Forbidden, 404: NotFound, 405: MethodNotAllowed, 413: TooLarge}
    kind = ours.get(error.status_code, BadRequest if error.status_code < 500 else AvisError)
    return refused(request, kind(_IN_OUR_WORDS.get(kind)))


def crashed(request: AdminRequest, error: Exception) -> Response[Any]:
    """A mistake of ours: where it happened goes to the log, and nothing of it to the page."""
    log.error("page-crashed", route=_route(request), exc_info=error)
    return refused(request, AvisError("Un incident technique est survenu. Réessayez dans un instant."))


def _route(request: AdminRequest) -> str:
    """The route's pattern, never the path: paths hold keys."""
    return str(request.scope.get("path_template") or "unknown")


_STORAGE_AWAY = "La base de données ne répond pas. Rien n'est perdu : réessayez dans un instant."
_IN_OUR_WORDS: dict[type[AvisError], str] = {
    MethodNotAllowed: "Cette adresse ne répond pas à cette action. Revenez à l'accueil et recommencez.",
    TooLarge: "Ce que vous envoyez est trop volumineux pour cette page. Coupez le fichier en plusieurs, par année.",
}
"""Where the error's own words speak to a browser or to a citizen."""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("admin"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(_=translated, asset=asset, label=words.label, shown=words.shown, spoken=spoken)
    environment.filters.update(
        name_of=words.name_of,
        number=words.number,
        long_date=words.long_date,
        short_date=words.short_date,
        date_time=words.date_time,
        date_time_second=words.date_time_second,
        told=words.told,
        hour=words.hour,
        month_name=words.month_name,
        lasting=words.lasting,
        months=words.months,
        figure=words.figure,
        rank=words.rank,
        linked=linked,
    )
    environment.globals.update(plural=words.plural, worded=words.worded, percent=words.percent, high_end=words.high_end)
    environment.globals.update(groups_of=tabs.groups, pages_of=tabs.pages, public=PUBLIC)
    environment.globals.update(of_service=tabs.of_service)
    environment.globals.update(apart=words.apart, signed=words.signed)
    environment.globals.update(share_of=words.share, delay_band=words.delay_band)
    return environment
