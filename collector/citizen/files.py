"""Files that lead to the form: the scripts, the pictures, the demo."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from collector.citizen.answers import ANYONE, FOR_A_WHILE, FOR_EVER, PAGE, file
from collector.errors import NotFound, UnknownScript
from collector.intake import Intake
from collector.settings import Settings
from collector.storage import Storage
from collector.web import HARDENED, packed
from embed import buttons, demo, privacy_page, qr
from embed.assets import built
from embed.language import choose
from embed.snippets import form_url


@get("/widget/{name:str}", opt=ANYONE, sync_to_thread=False, media_type="text/javascript")
def serve_loader(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """The scripts under their moving names, and each one that was ever released under the name that pages pin."""
    assets = built()
    moving = {"v1.js": assets.loader, "v1-extra.js": assets.extra}
    if name in moving:
        return file(request, moving[name], "text/javascript", FOR_A_WHILE)
    body = assets.scripts.get(name)
    if body is None:
        raise UnknownScript
    return file(request, body, "text/javascript", FOR_EVER, name)


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
        return file(request, qr.svg(url), "image/svg+xml", FOR_A_WHILE)
    return file(request, qr.png(url), "image/png", FOR_A_WHILE)


@get("/bouton/{name:str}", opt=ANYONE, sync_to_thread=False, media_type="image/svg+xml")
def serve_button(
    request: Request[Any, Any, Any], name: FromPath[str], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """A picture of the button, as `{style}-{theme}.svg`. A mail's reader sends no language, so `lang` alone chooses."""
    style, _, theme = name.removesuffix(".svg").partition("-")
    if style not in buttons.STYLES or theme not in buttons.THEMES or not name.endswith(".svg"):
        raise NotFound
    return file(request, buttons.svg(style, theme, choose(lang, None)).encode(), "image/svg+xml", FOR_A_WHILE)


@get("/demo", opt=ANYONE, media_type="text/html")
async def show_demo(storage: NamedDependency[Storage]) -> Response[str]:
    """A fictitious procedure's last page that embeds the widget; only where demo data is."""
    key = await storage.catalogue.demo_key()
    if key is None:
        raise NotFound
    page = demo.render(key, await storage.catalogue.demo_key("malfunction"), built())
    return Response(page.body, media_type="text/html", headers={**PAGE, "Content-Security-Policy": page.policy})


@get("/vie-privee", opt=ANYONE, media_type="text/html", sync_to_thread=False)
def show_privacy(
    request: Request[Any, Any, Any], settings: NamedDependency[Settings], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """What becomes of an opinion, in plain words."""
    version = privacy_page.version_of(choose(lang, request.headers.get("accept-language")))
    page = privacy_page.render(version, settings, built())
    headers = {
        **HARDENED,
        "Cache-Control": FOR_A_WHILE,
        "Content-Language": page.lang,
        "Content-Security-Policy": page.policy,
        "Vary": "Accept-Language",
    }
    return packed(request, Response(page.body.encode(), media_type="text/html", headers=headers))


@get("/", opt=ANYONE, sync_to_thread=False)
def show_front() -> Redirect:
    """Nobody's form is at the bare address: whoever types it looks after one."""
    return Redirect("/admin")


@get("/favicon.ico", opt=ANYONE, sync_to_thread=False, status_code=204, include_in_schema=False)
def serve_no_icon() -> Response[None]:
    """Browsers ask for one beside a full page; "none" for a year spares everybody the next question."""
    return Response(None, headers={"Cache-Control": FOR_EVER})
