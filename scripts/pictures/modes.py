"""Each way to show a form: a contact sheet of two themes by six languages."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from playwright.sync_api import Page

from collector.schema import Placement, Procedure, Target
from embed.assets import built
from embed.language import languages
from embed.snippets import snippets
from scripts.pictures.camera import COLLECTOR, HOST, Camera
from scripts.pictures.hosts import GROUPS, page
from scripts.pictures.sheets import Shot, sheet, shot

THEMES = ("light", "dark")
KEY = "carte-de-peche"
_WIDTH = 300
"""Of one picture on its sheet, in pixels."""


def take_modes(camera: Camera) -> None:
    for mode, take in _MODES.items():
        shots = [_one(camera, take, lang, theme) for theme in THEMES for lang in GROUPS]
        sheet(camera, f"mode-{mode}", shots, columns=len(GROUPS), width=_WIDTH)


def _one(camera: Camera, take: "Take", lang: str, theme: str) -> Shot:
    visit = take(camera, lang, theme)
    taken = shot(f"{languages()[lang].name}, {theme}", visit, whole=False)
    visit.context.close()
    return taken


Take = Callable[[Camera, str, str], Page]


def pasted(mode: str, lang: str) -> str:
    """What the admin shows to the owner of a site in that language."""
    placement = Placement(
        id=1,
        procedure_id=1,
        key=KEY,
        channel="web",
        form="satisfaction",
        label="",
        contact=False,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        closed_at=None,
    )
    procedure = Procedure(
        id=1,
        slug=KEY,
        title="",
        organisation_id=1,
        organisation="",
        ministry="",
        audiences=(),
        origins=(HOST,),
        state="open",
        created_at=placement.created_at,
    )
    found = snippets(Target(procedure, placement), COLLECTOR, built(), languages()[lang])
    return next(snippet.code for snippet in found if snippet.mode == mode)


def host(camera: Camera, lang: str, theme: str, code: str, **words: str) -> Page:
    """The owner's page. A bare iframe speaks the language of the browser, so the browser asks for the host's."""
    return camera.at(
        f"{HOST}/fin",
        served=page(lang, code, **words),
        color_scheme=theme,
        locale=lang,
    )


def _dialog(camera: Camera, lang: str, theme: str) -> Page:
    visit = host(camera, lang, theme, pasted("dialog", lang))
    visit.locator("je-donne-mon-avis button").first.click()
    return _come(visit)


def _inline(camera: Camera, lang: str, theme: str) -> Page:
    return _come(host(camera, lang, theme, pasted("inline", lang)))


def _corner(camera: Camera, lang: str, theme: str) -> Page:
    visit = host(camera, lang, theme, pasted("corner", lang))
    visit.locator("je-donne-mon-avis button").first.wait_for()
    return visit


def _iframe(camera: Camera, lang: str, theme: str) -> Page:
    return _come(host(camera, lang, theme, pasted("iframe", lang)))


def _link(camera: Camera, lang: str, theme: str) -> Page:
    return host(camera, lang, theme, pasted("link", lang))


def _image(camera: Camera, lang: str, theme: str) -> Page:
    """Both pictures of the theme, in the language that `lang` in their address asks for."""
    solid = pasted("image", lang).replace("solid-light.svg", f"solid-{theme}.svg?lang={lang}")
    return host(camera, lang, theme, f"<p>{solid}</p><p>{solid.replace('solid-', 'outline-')}</p>")


def _qr(camera: Camera, lang: str, theme: str) -> Page:
    code = f'<img class=qr alt="QR" src="{pasted("qr", lang)}">'
    return host(camera, lang, theme, code, text=GROUPS[lang].scan)


def _page(camera: Camera, lang: str, theme: str) -> Page:
    return camera.at(f"{COLLECTOR}/avis/{KEY}?lang={lang}", color_scheme=theme)


def _kiosk(camera: Camera, lang: str, theme: str) -> Page:
    """When nobody has touched the screen for a while, and it asks."""
    visit = camera.at("about:blank", color_scheme=theme)
    visit.clock.install()
    visit.goto(f"{pasted('kiosk', lang)}&lang={lang}")
    visit.locator("label").nth(2).click()
    visit.mouse.move(0, 0)
    saved(visit)
    visit.clock.fast_forward(46_000)
    visit.locator("[data-still]:not(:empty)").scroll_into_view_if_needed()
    return visit


def saved(visit: Page) -> None:
    """All that was answered is stored, and the page says so; every other sentence it has is about what is not yet."""
    visit.wait_for_function("""() => {
        const status = document.querySelector("[role=status]");
        return status.textContent === status.dataset.words.split("|")[1];
    }""")


def _come(visit: Page) -> Page:
    """The form has come, and its host has told it the theme."""
    visit.frame_locator("iframe").locator("label").first.wait_for()
    visit.wait_for_timeout(300)
    return visit


_MODES: Mapping[str, Take] = {
    "dialog": _dialog,
    "inline": _inline,
    "corner": _corner,
    "iframe": _iframe,
    "link": _link,
    "image": _image,
    "qr": _qr,
    "page": _page,
    "kiosk": _kiosk,
}
