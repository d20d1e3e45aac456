"""What a citizen's browser asks for: the form, the loader, the pictures that lead to the form, and the demo.

The form needs no cookie, no session and no JavaScript: its page carries everything, and each post says it all again.
"""

from collections.abc import Mapping
from gzip import compress
from typing import Any
from uuid import UUID, uuid4

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from collector.errors import (
    AvisError,
    ForeignOrigin,
    InvalidAnswers,
    NotFound,
    PlacementClosed,
    ReviewClosed,
)
from collector.forms.answers import convert
from collector.intake import LONGEST_BODY, Intake
from collector.schema import Target
from collector.settings import Settings
from collector.storage import Storage
from collector.web import HARDENED, client_address, is_same_site
from embed import buttons, demo, form_page, notice, qr
from embed.assets import Assets, built, fingerprint, theme_of
from embed.form_page import FormState, Frame
from embed.language import Language, choose
from embed.posted import Values, answers, first, gather, host_path, identity
from embed.refusals import sentences
from embed.screens import THANKS, after, before, fields, screen_of, screens
from embed.snippets import form_url

ANYONE = {"who": "anyone"}

# The page holds an id that must be one person's alone, so no cache may keep it.
_PAGE = {**HARDENED, "Cache-Control": "no-store", "Vary": "Accept-Language", "X-Robots-Tag": "noindex"}
_FILE = {
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_FOR_EVER = "public, max-age=31536000, immutable"
# Long enough for a visit, short enough that a correction reaches every host the same day.
_FOR_A_WHILE = "public, max-age=600, stale-while-revalidate=86400"


class _View:
    """One request for the form: whose words, which frame. `embed=1` is the iframe's address."""

    def __init__(self, request: Request[Any, Any, Any], lang: str | None, embed: str | None, theme: str | None) -> None:
        self.request = request
        self.words = choose(lang, request.headers.get("accept-language"))
        self.embed = embed == "1"
        self.theme = theme_of(theme)

    def frame(self, target: Target) -> Frame:
        return Frame(embed=self.embed, theme=self.theme, hosts=target.procedure.origins)

    def page(
        self, target: Target, state: FormState, status: int = 200, retry_after: int | None = None
    ) -> Response[bytes]:
        frame = self.frame(target)
        headers = {"Content-Security-Policy": policy(built(), frame), **_PAGE, "Content-Language": self.words.code}
        if frame.embed:
            # Pages that isolate themselves (COEP) may embed the form too: it loads nothing from anywhere.
            headers |= {"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Resource-Policy": "cross-origin"}
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        body = form_page.render(target, self.words, state, frame, built()).encode()
        return _packed(self.request, Response(body, status_code=status, media_type="text/html", headers=headers))


def policy(assets: Assets, frame: Frame) -> str:
    """Exactly the page's own style and script, its own service, and as ancestors only who the owner allowed."""
    hosts = " ".join(("'self'", *frame.hosts)) if frame.embed else "'none'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {assets.script_source}",
            f"style-src {assets.style_source[frame.theme]}",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
            f"frame-ancestors {hosts}",
        )
    )


def _say(request: Request[Any, Any, Any], error: AvisError) -> Response[str]:
    """A refusal before there is a form to show it in."""
    words = choose(request.query_params.get("lang"), request.headers.get("accept-language"))
    headers = {
        "Content-Security-Policy": f"default-src 'none'; style-src {built().style_source['auto']}; base-uri 'none'",
        **_PAGE,
    }
    body = notice.render(words, words.messages.of(error.code), built())
    return Response(body, status_code=error.status, media_type="text/html", headers=headers)


@get("/avis/{key:str}", opt=ANYONE, exception_handlers={AvisError: _say}, media_type="text/html")
async def show_form(
    request: Request[Any, Any, Any],
    key: FromPath[str],
    intake: NamedDependency[Intake],
    lang: FromQuery[str | None] = None,
    embed: FromQuery[str | None] = None,
    theme: FromQuery[str | None] = None,
    page: FromQuery[str | None] = None,
) -> Response[bytes]:
    """The form, complete and alive. `page` is the path of the host's page, for whoever embeds it without our script."""
    target = await intake.target(key)
    if not target.is_open:
        raise PlacementClosed
    step = screens(target.placement.form)[0].name
    state = FormState(id=uuid4(), step=step, page=host_path(page), live=True)
    return _View(request, lang, embed, theme).page(target, state)


@post(
    "/avis/{key:str}",
    status_code=200,
    opt=ANYONE,
    exception_handlers={AvisError: _say},
    media_type="text/html",
    request_max_body_size=LONGEST_BODY,
)
async def answer_form(
    request: Request[Any, Any, Any],
    key: FromPath[str],
    intake: NamedDependency[Intake],
    settings: NamedDependency[Settings],
    lang: FromQuery[str | None] = None,
    embed: FromQuery[str | None] = None,
    theme: FromQuery[str | None] = None,
) -> Response[bytes]:
    """One step without JavaScript: all answers so far are stored, and the next screen is shown."""
    if not is_same_site(request, settings):
        raise ForeignOrigin
    target = await intake.target(key)
    view = _View(request, lang, embed, theme)
    posted = await request.form()
    values = gather((name, text) for name, text in posted.multi_items() if isinstance(text, str))
    form = target.placement.form
    is_back = "back" in values
    here = screen_of(form, first(values, "back" if is_back else "next"))
    state = FormState(id=identity(values), step=here.name, values=values, page=host_path(first(values, "page")))
    try:
        await intake.accept(
            id=state.id,
            target=target,
            lang=view.words.code,
            page=state.page,
            answers=convert(form, answers(fields(form), values)),
            address=client_address(request.scope, settings),
        )
    except InvalidAnswers as error:
        if not is_back:
            return view.page(target, _corrected(state, target, view.words, error), error.status)
    except AvisError as error:
        return view.page(target, _told(state, view.words, error), error.status, error.retry_after)
    step = before(form, here, values) if is_back else after(form, here, values)
    return view.page(target, _moved(state, step))


def _corrected(state: FormState, target: Target, words: Language, error: InvalidAnswers) -> FormState:
    """The same page with what is wrong beside each field; the screen is the one that holds the first of them."""
    errors = sentences(target.placement.form, error.errors, words)
    step = state.step if not errors else screen_of(target.placement.form, next(iter(errors))).name
    return FormState(id=state.id, step=step, values=state.values, page=state.page, errors=errors)


def _told(state: FormState, words: Language, error: AvisError) -> FormState:
    """The same page with what happened above it. A review that can no longer be completed makes place for a new one."""
    fresh: UUID = uuid4() if isinstance(error, ReviewClosed) else state.id
    message = words.messages.of(error.code)
    return FormState(id=fresh, step=state.step, values=state.values, page=state.page, message=message)


def _moved(state: FormState, step: str) -> FormState:
    values: Values = {} if step == THANKS else state.values
    return FormState(id=state.id, step=step, values=values, page=state.page)


@get("/widget/{name:str}", opt=ANYONE, sync_to_thread=False, media_type="text/javascript")
def serve_loader(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """The loader, under its moving name (`v1.js`) or pinned by its hash (`v1.{hash}.js`)."""
    assets = built()
    if name not in {"v1.js", f"v1.{assets.loader_hash}.js"}:
        raise NotFound
    keep = _FOR_A_WHILE if name == "v1.js" else _FOR_EVER
    return _file(request, assets.loader, "text/javascript", keep, assets.loader_hash)


@get("/qr/{name:str}", opt=ANYONE, media_type="image/svg+xml")
async def serve_qr(
    request: Request[Any, Any, Any],
    name: FromPath[str],
    intake: NamedDependency[Intake],
    settings: NamedDependency[Settings],
) -> Response[bytes]:
    """A QR code of the form's address, as `{key}.svg` or `{key}.png`."""
    key, _, kind = name.rpartition(".")
    if kind not in {"svg", "png"}:
        raise NotFound
    url = form_url(await intake.target(key), settings.base_url)
    if kind == "svg":
        return _file(request, qr.svg(url), "image/svg+xml", _FOR_A_WHILE)
    return _file(request, qr.png(url), "image/png", _FOR_A_WHILE)


@get("/bouton/{name:str}", opt=ANYONE, sync_to_thread=False, media_type="image/svg+xml")
def serve_button(
    request: Request[Any, Any, Any], name: FromPath[str], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """A picture of the button, as `{style}-{theme}.svg`. A mail's reader sends no language, so `lang` alone chooses."""
    style, _, theme = name.removesuffix(".svg").partition("-")
    if style not in buttons.STYLES or theme not in buttons.THEMES or not name.endswith(".svg"):
        raise NotFound
    return _file(request, buttons.svg(style, theme, choose(lang, None)).encode(), "image/svg+xml", _FOR_A_WHILE)


@get("/demo", opt=ANYONE, media_type="text/html")
async def show_demo(storage: NamedDependency[Storage]) -> Response[str]:
    """A fictitious procedure's last page that embeds the widget; only where demo data is."""
    key = await storage.catalogue.demo_key()
    if key is None:
        raise NotFound
    page = demo.render(key, await storage.catalogue.demo_key("malfunction"), built())
    return Response(page.body, media_type="text/html", headers={**_PAGE, "Content-Security-Policy": page.policy})


def _file(
    request: Request[Any, Any, Any], body: bytes, media_type: str, keep: str, name: str | None = None
) -> Response[bytes]:
    """Bytes that any site may show, with an ETag so that asking again costs nothing."""
    tag = f'"{name or fingerprint(body)}"'
    headers: Mapping[str, str] = {**_FILE, "Cache-Control": keep, "ETag": tag}
    asked = request.headers.get("if-none-match", "")
    if asked == "*" or tag in (part.strip().removeprefix("W/") for part in asked.split(",")):
        return Response(b"", status_code=304, headers=headers)
    return _packed(request, Response(body, media_type=media_type, headers=headers))


def _packed(request: Request[Any, Any, Any], response: Response[bytes]) -> Response[bytes]:
    """Compressed where the browser can read it: the form is a third of its size. A proxy in front may do better."""
    response.headers["Vary"] = ", ".join(filter(None, (response.headers.get("Vary"), "Accept-Encoding")))
    if "gzip" in request.headers.get("accept-encoding", ""):
        response.headers["Content-Encoding"] = "gzip"
        # No secret shares the page with what a stranger chose, so its size says nothing worth guessing.
        response.content = compress(response.content, mtime=0)
    return response


@get("/", opt=ANYONE, sync_to_thread=False)
def show_front() -> Redirect:
    """Nobody's form is at the bare address: whoever types it looks after one."""
    return Redirect("/admin")


@get("/favicon.ico", opt=ANYONE, sync_to_thread=False, status_code=204, include_in_schema=False)
def serve_no_icon() -> Response[None]:
    """Browsers ask for one beside a full page; "none" for a year spares everybody the next question."""
    return Response(None, headers={"Cache-Control": _FOR_EVER})


routes = [show_form, answer_form, serve_loader, serve_qr, serve_button, show_demo, show_front, serve_no_icon]
