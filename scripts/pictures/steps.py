"""Every step of both forms in French, on a phone and on a desk, and what can happen on the way."""

from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Page

from scripts.pictures.camera import COLLECTOR, HOST, Camera
from scripts.pictures.hosts import page
from scripts.pictures.modes import KEY, THEMES, pasted, saved
from scripts.pictures.sheets import Shot, sheet, shot

MALFUNCTION = "un-probleme"
CLOSED = "terminee"
_PHONE, _DESK = 390, 1000


def take_steps(camera: Camera) -> None:
    for theme in THEMES:
        sheet(camera, f"steps-phone-{theme}", [*_satisfaction(camera, _PHONE, theme)], columns=7, width=260)
        sheet(camera, f"steps-desk-{theme}", [*_satisfaction(camera, _DESK, theme)], columns=4, width=440)
    for name, width, each in (("phone", _PHONE, 260), ("desk", _DESK, 440)):
        shots = [taken for theme in THEMES for taken in _malfunction(camera, width, theme)]
        sheet(camera, f"malfunction-{name}", shots, columns=3, width=each)


def take_states(camera: Camera) -> None:
    shots = [taken for theme in THEMES for taken in _states(camera, theme)]
    sheet(camera, "states", shots, columns=len(shots) // 2, width=260)
    forced = [
        taken
        for theme in THEMES
        for taken in (*_satisfaction(camera, _PHONE, theme, forced_colors="active"), _empty(camera, theme, "active"))
    ]
    sheet(camera, "forced-colours", forced, columns=len(forced) // 2, width=220)


def _satisfaction(camera: Camera, width: int, theme: str, **options: str) -> Iterator[Shot]:
    """Somebody who tried several ways to get help meets every step."""
    visit = _form(camera, KEY, width, theme, **options)
    yield shot(f"1 satisfaction, {theme}", visit)
    visit.locator("label:has([value=good])").click()
    visit.get_by_label("Très clair").check()
    yield _step("2 comprehension", theme, visit)
    for way in ("Au guichet", "Par téléphone", "Autres, précisez"):
        visit.get_by_label(way).check()
    visit.get_by_label("Quels autres types").fill("Ma voisine, qui connaît bien le site")
    yield _step("3 contact_tried", theme, visit)
    for desk, reached in (("Au guichet", "Oui"), ("Par téléphone", "Non")):
        visit.get_by_role("group", name=desk).get_by_label(reached).check()
    yield _step("4 contact_reached", theme, visit)
    visit.get_by_role("group", name="Au guichet").get_by_label("4").check()
    yield _step("5 contact_satisfaction", theme, visit)
    visit.get_by_label("Souhaitez-vous").fill("Simple et rapide, merci.\nLe plan des parcours manque.")
    yield _step("6 verbatim", theme, visit)
    visit.get_by_role("heading", name="Merci").wait_for()
    yield shot(f"7 thanks, {theme}", visit)
    visit.context.close()


def _step(name: str, theme: str, visit: Page) -> Shot:
    """What the citizen sees before going on: all that was answered until then is stored."""
    saved(visit)
    taken = shot(f"{name}, {theme}", visit)
    _next(visit)
    return taken


def _malfunction(camera: Camera, width: int, theme: str) -> Iterator[Shot]:
    visit = _form(camera, MALFUNCTION, width, theme, query="&page=/carte/etape-2")
    yield shot(f"1 nothing said yet, {theme}", visit)
    visit.get_by_label("Je rencontre un problème technique").check()
    visit.get_by_label("Pouvez-vous nous en dire plus").fill("Le bouton « Payer » ne répond pas.")
    visit.get_by_label("Votre adresse électronique").fill("alice@exemple.fr")
    yield shot(f"2 ready to be sent, {theme}", visit)
    _next(visit)
    visit.get_by_role("heading", name="Merci").wait_for()
    yield shot(f"3 thanks, {theme}", visit)
    visit.context.close()


def _states(camera: Camera, theme: str) -> Iterator[Shot]:
    """What can go wrong, and what the citizen is then told."""
    yield _empty(camera, theme)
    for name, take in _STATES.items():
        visit = take(camera, theme)
        yield shot(f"{name}, {theme}", visit, whole=False)
        visit.context.close()


def _empty(camera: Camera, theme: str, forced: str = "none") -> Shot:
    visit = _form(camera, MALFUNCTION, _PHONE, theme, forced_colors=forced)
    _next(visit)
    visit.get_by_text("Choisissez une réponse").wait_for()
    taken = shot(f"nothing answered, {theme}", visit, whole=False)
    visit.context.close()
    return taken


def _without_script(camera: Camera, theme: str) -> Page:
    visit = _form(camera, MALFUNCTION, _PHONE, theme, scripts=False)
    _next(visit)
    return visit


def _at_the_comment(camera: Camera, theme: str) -> Page:
    visit = _form(camera, KEY, _PHONE, theme)
    visit.locator("label:has([value=good])").click()
    saved(visit)
    _next(visit)
    _next(visit)
    return visit


def _too_long(camera: Camera, theme: str) -> Page:
    visit = _at_the_comment(camera, theme)
    visit.get_by_label("Souhaitez-vous").fill("Trop long…\n\n" * 500)
    _next(visit)
    return visit


def _offline(camera: Camera, theme: str) -> Page:
    visit = _at_the_comment(camera, theme)
    visit.context.set_offline(True)
    visit.get_by_label("Souhaitez-vous").fill("Écrit dans le train, sous un tunnel.")
    _next(visit)
    visit.get_by_role("status").get_by_text("gardée ici").wait_for()
    return visit


def _not_allowed(camera: Camera, theme: str) -> Page:
    """On a site that is not among the procedure's."""
    foreign = f"{HOST.replace('www', 'autre')}/fin"
    visit = camera.at(foreign, served=page("fr", pasted("dialog", "fr")), width=_PHONE, height=600, color_scheme=theme)
    visit.locator("je-donne-mon-avis button").first.click()
    visit.frame_locator("iframe").get_by_role("link").first.wait_for()
    return visit


def _closed(camera: Camera, theme: str) -> Page:
    return _form(camera, CLOSED, _PHONE, theme)


def _unknown(camera: Camera, theme: str) -> Page:
    return _form(camera, "inconnue", _PHONE, theme)


_STATES: dict[str, Callable[[Camera, str], Page]] = {
    "nothing answered, without JavaScript": _without_script,
    "5 500 characters": _too_long,
    "offline": _offline,
    "a site that is not allowed": _not_allowed,
    "closed": _closed,
    "no such key": _unknown,
}


def _form(camera: Camera, key: str, width: int, theme: str, query: str = "", **options: Any) -> Page:
    address = f"{COLLECTOR}/avis/{key}?lang=fr{query}"
    return camera.at(address, width=width, height=600, color_scheme=theme, **options)


def _next(visit: Page) -> None:
    visit.locator("[name=next]:visible").click()
