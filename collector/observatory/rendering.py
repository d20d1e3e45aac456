"""From values to the observatory's pages: their templates, their headers, what caches may keep, how errors read."""

import re
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

import structlog
from jinja2 import Environment, FunctionLoader, StrictUndefined
from litestar import Request, Response
from litestar.exceptions import HTTPException

from collector.criteria import CRITERIA
from collector.errors import AvisError, BadRequest, MethodNotAllowed, NotFound, StorageUnavailable
from collector.observatory import words
from collector.schema import day_of
from collector.web import HARDENED, has_already, packed

log = structlog.get_logger("avis.observatory")

ANYONE = {"who": "anyone"}
FOR_A_MINUTE = "public, max-age=60, stale-while-revalidate=600"
FOR_EVER = "public, max-age=31536000, immutable"
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PAGE = {**HARDENED, "Content-Language": "fr", "Content-Security-Policy": _POLICY, "X-Frame-Options": "DENY"}
FILE = {"X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*"}
"""Anybody's program may read the files."""


def page(request: Request[Any, Any, Any], name: str, *, keep: str = FOR_A_MINUTE, **context: Any) -> Response[bytes]:
    return kept(request, rendered(f"{name}.html", **context), "text/html", PAGE, keep)


def file(
    request: Request[Any, Any, Any], body: bytes, media_type: str, name: str, keep: str = FOR_A_MINUTE
) -> Response[bytes]:
    """Bytes to take away, under a name."""
    headers = {**FILE, "Content-Disposition": f'attachment; filename="{name}"'}
    return kept(request, body, media_type, headers, keep)


def kept(
    request: Request[Any, Any, Any], body: bytes, media_type: str, headers: dict[str, str], keep: str
) -> Response[bytes]:
    """What caches may keep and ask about. Compressed bytes are other bytes, so they have a tag of their own."""
    packs = "gzip" in request.headers.get("accept-encoding", "")
    tag = f'"{sha256(body).hexdigest()[:20]}{"-gzip" if packs else ""}"'
    headers = {**headers, "Cache-Control": keep, "ETag": tag}
    if has_already(request, tag):
        return Response(b"", status_code=304, headers={**headers, "Vary": "Accept-Encoding"})
    return packed(request, Response(body, media_type=media_type, headers=headers))


def refused(request: Request[Any, Any, Any], error: AvisError) -> Response[bytes]:
    """Our errors, as pages."""
    if error.status >= 500:
        log.error("page-failed", route=_route(request), cause=type(error.__cause__ or error).__name__)
    headers = {**PAGE, "Cache-Control": "no-store"}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    message = _AWAY if isinstance(error, StorageUnavailable) else error.message
    body = rendered("error.html", title=error.title, message=message)
    return Response(body, status_code=error.status, media_type="text/html", headers=headers)


def refused_by_litestar(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Litestar's own refusals, in our words."""
    kinds: dict[int, type[AvisError]] = {404: NotFound, 405: MethodNotAllowed}
    return refused(request, kinds.get(error.status_code, BadRequest if error.status_code < 500 else AvisError)())


def crashed(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """A mistake of ours: where it happened goes to the log, and nothing of it to the page."""
    log.error("page-crashed", route=_route(request), exc_info=error)
    return refused(request, AvisError())


def rendered(name: str, **context: Any) -> bytes:
    return _environment().get_template(name).render(**context).encode()


@cache
def style() -> tuple[str, bytes]:
    """The style sheet's name, which carries its hash and so never changes what it names, and its bytes."""
    content = (files("collector.observatory") / "templates" / "observatory.css").read_bytes()
    return f"observatoire.{sha256(content).hexdigest()[:12]}.css", content


_AWAY = "Les chiffres ne peuvent pas être lus en ce moment. Rien n'est perdu : réessayez dans un instant."


def _route(request: Request[Any, Any, Any]) -> str:
    """The route's pattern, as everywhere in the log."""
    return str(request.scope.get("path_template") or "unknown")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_source), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(
        style=f"/observatoire/style/{style()[0]}",
        indicators=words.INDICATORS,
        explained=words.EXPLAINED,
        levels=words.LEVELS,
        audiences=words.AUDIENCES,
        criteria={one.name: one.title for one in CRITERIA},
        quarter=words.quarter,
        rule=words.rule,
        share=words.share,
        signed=words.signed,
    )
    environment.filters.update(
        value=words.value,
        declared=words.declared,
        between=words.between,
        number=words.number,
        long_date=words.long_date,
        day=words.written_day,
        by_name=words.by_name,
        paris=day_of,
    )
    return environment


def _source(name: str) -> str:
    text = (files("collector.observatory") / "templates" / name).read_text("utf-8")
    # Templates are indented for us; two hundred and fifty lines of a table need none of it.
    return re.sub(r"\n\s*", "\n", text)
