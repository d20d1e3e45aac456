"""What a machine can find wrong on every page, and what it cannot: size, width, focus, the order of the keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.admin.conftest import Owner
from tests.browser.conftest import Collector

Axe = Callable[[Page], list[str]]

PAGES = {
    "accueil": "/admin",
    "accueil-trie": "/admin?tri=satisfaction&ordre=croissant&etat=open",
    "accueil-aucune": "/admin?q=introuvable&attention=1",
    "nouvelle": "/admin/nouvelle-demarche",
    "indicateurs": "/admin/demarches/passeport",
    "indicateurs-filtres": "/admin/demarches/passeport?period=90d&step=day&lang=fr&placement={key}&compare=year",
    "indicateurs-ministere": "/admin/demarches/passeport?compare=ministry",
    "indicateurs-aucun": "/admin/demarches/passeport?channel=kiosk",
    "dates": "/admin/demarches/passeport?period=days&from=2026-03-12&to=2026-03-01",
    "avis": "/admin/demarches/passeport/avis",
    "avis-aucun": "/admin/demarches/passeport/avis?from=2001-01-01&to=2001-01-02",
    "themes": "/admin/demarches/passeport/themes",
    "effacer": "/admin/demarches/passeport/avis/1/effacer",
    "signalements": "/admin/demarches/passeport/signalements",
    "webhooks": "/admin/demarches/passeport/webhooks",
    "alertes": "/admin/demarches/passeport/alertes",
    "ameliorations": "/admin/demarches/passeport/ameliorations",
    "scenarios": "/admin/demarches/passeport/scenarios",
    "exploitation": "/admin/demarches/passeport/exploitation",
    "criteres": "/admin/demarches/passeport/criteres",
    "a-verifier": "/admin/demarches/passeport/a-verifier",
    "rien-d-ecarte": "/admin/demarches/passeport/a-verifier?etat=confirmed",
    "emplacements": "/admin/demarches/passeport/emplacements",
    "emplacement": "/admin/demarches/passeport/emplacements/{key}",
    "formulaire": "/admin/demarches/passeport/formulaire",
    "exports": "/admin/demarches/passeport/exports",
    "reglages": "/admin/demarches/passeport/reglages",
    "administrations": "/admin/administrations",
    "administration": "/admin/administrations/1",
    "sante": "/admin/sante",
    "limites": "/admin/limites",
    "annonces": "/admin/annonces",
    "import": "/admin/import/demarches",
    "import-utilisateurs": "/admin/import/utilisateurs",
    "journal": "/admin/journal",
    "journal-controle": "/admin/journal/controle",
    "utilisateurs": "/admin/utilisateurs",
    "utilisateur": "/admin/utilisateurs/1",
    "cles": "/admin/comptes-de-service",
    "compte": "/admin/compte",
    "deux-etapes": "/admin/compte/deux-etapes",
    "mot-de-passe": "/admin/mot-de-passe",
    "mot-de-passe-oublie": "/admin/mot-de-passe-oublie",
    "erreur": "/admin/rien",
}

# 24 px is what WCAG 2.2 asks of every target; links inside a sentence are exempt. Our own rule for controls is 44.
SMALL = """[...document.querySelectorAll('button, .button, input:not([type=hidden], .out), select, textarea, summary')]
    .filter(e => e.checkVisibility())
    .map(e => [e, (e.closest('label.tick') || e).getBoundingClientRect()])
    .filter(([e, box]) => box.height < 43.5 || box.width < 43.5)
    .map(([e, box]) => `${e.outerHTML.slice(0, 80)} ${Math.round(box.width)}x${Math.round(box.height)}`)"""


def without_preview(page: Page) -> None:
    """The preview is the citizens' page, tested with them; axe is not in it and would wait for ever."""
    page.evaluate("document.querySelector('iframe')?.remove()")
    while len(page.frames) > 1:
        page.wait_for_timeout(20)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_without_violations(owner: Owner, service: Collector, axe: Axe, scheme: str) -> None:
    page = owner.open("/admin", color_scheme=scheme)
    found = {}
    for name, path in PAGES.items():
        page.goto(owner.url + path.format(key=service.key))
        without_preview(page)
        found[name] = axe(page)
    assert {name: broken for name, broken in found.items() if broken} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signing_in_and_forms_with_errors_are_without_violations(
    owner: Owner, browse: Callable[..., Page], axe: Axe, scheme: str
) -> None:
    page = browse(f"{owner.url}/admin", color_scheme=scheme)
    assert axe(page) == []
    page.locator("#email").fill("x@exemple.fr")
    page.locator("#password").fill("x")
    page.get_by_role("button", name="Se connecter").click()
    assert axe(page) == []
    page = owner.open("/admin/nouvelle-demarche", color_scheme=scheme, scripts=True)
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.get_by_role("button", name="Créer la démarche").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert axe(page) == []


@pytest.mark.parametrize("width", [320, 390, 1280, 2200])
def test_no_page_scrolls_sideways_and_every_control_can_be_hit(owner: Owner, service: Collector, width: int) -> None:
    page = owner.open("/admin", width=width)
    found = {}
    for name, path in PAGES.items():
        page.goto(owner.url + path.format(key=service.key))
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        small = page.evaluate(SMALL)
        if over > 0 or small:
            found[name] = (over, small)
    assert found == {}


def test_a_wave_is_read_one_by_one_and_judged_on_a_phone_without_javascript(owner: Owner, axe: Axe) -> None:
    page = owner.open("/admin/demarches/passeport/a-verifier", width=320, scripts=False)
    page.get_by_role("link", name="Voir ces avis un par un").click()
    address = page.url
    page.get_by_role("button", name="Compter cet avis").first.click()
    expect(page.get_by_role("status")).to_contain_text("compte maintenant dans les chiffres")
    expect(page.get_by_role("button", name="Compter cet avis")).to_have_count(1)
    page.get_by_role("link", name="Comptés après vérification").click()
    page.get_by_role("button", name="Remettre à vérifier").click()
    expect(page.get_by_role("status")).to_contain_text("de nouveau à vérifier")
    page = owner.open(address.removeprefix(owner.url), width=320)
    expect(page.get_by_role("button", name="Compter cet avis")).to_have_count(2)
    assert axe(page) == []
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_key_is_made_on_a_phone_without_javascript(owner: Owner, axe: Axe, scheme: str) -> None:
    page = owner.open("/admin/comptes-de-service", width=320, scripts=False, color_scheme=scheme)
    page.get_by_label("Nom", exact=True).fill("Tableau de bord")
    page.get_by_label("À quoi il sert").fill("Suivi mensuel, bureau des titres")
    page.get_by_label("Rôle", exact=True).select_option("manager")
    page.get_by_label("Sur", exact=True).select_option("procedure/passeport")
    page.get_by_role("button", name="Créer le compte de service").click()
    expect(page.get_by_role("status")).to_contain_text("Faites maintenant sa première clé")
    page.get_by_role("button", name="Faire la clé").click()
    key = page.locator("#key").inner_text()
    assert key.startswith("avis_")
    page = owner.open(page.url.removeprefix(owner.url).removesuffix("/cles"), width=320, color_scheme=scheme)
    page.get_by_role("button", name="Faire la clé").click()
    expect(page.get_by_role("heading", name="La clé est prête")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto(page.url.removesuffix("/cles"))
    page.get_by_role("button", name="Révoquer").first.click()
    expect(page.get_by_role("status")).to_contain_text("révoquée")
    page.goto(f"{owner.url}/admin/comptes-de-service")
    assert axe(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_announcement_is_written_and_put_away_on_a_phone_without_javascript(
    owner: Owner, axe: Axe, scheme: str
) -> None:
    page = owner.open("/admin/annonces", width=320, scripts=False, color_scheme=scheme)
    page.get_by_label("Titre").fill("Interruption lundi")
    page.get_by_label("Texte").fill("Une heure, voir https://exemple.fr/" + "travaux" * 20)
    page.get_by_label("Attention").check()
    page.get_by_role("button", name="Publier l’annonce").click()
    address = page.url.partition("?")[0].removeprefix(owner.url)
    told = page.get_by_role("region", name="Annonces").get_by_role("status")
    expect(told).to_contain_text("Attention : Interruption lundi")
    page = owner.open(address, width=320, color_scheme=scheme)
    assert axe(page) == []
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page = owner.open("/admin/compte", width=320, scripts=False)
    page.get_by_role("button", name="Masquer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")
    expect(page.get_by_role("region", name="Annonces")).to_have_count(0)


def test_the_keyboard_goes_from_the_skip_link_through_the_page_with_a_focus_that_shows(owner: Owner) -> None:
    page = owner.open("/admin")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Créer une démarche")).to_be_focused()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.heads, .search') !== null")


def test_in_forced_colours_levels_and_bars_still_show(owner: Owner) -> None:
    page = owner.open("/admin/demarches/passeport", forced_colors="active")
    badge = page.locator(".level").first
    assert badge.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"
    part, rail = (page.locator(f".spread {name}").first for name in (".part", ".rail"))
    colours = {one.evaluate("e => getComputedStyle(e).fill") for one in (part, rail)}
    assert len(colours) == 2


def test_a_page_without_charts_is_light(owner: Owner) -> None:
    page = owner.open("/admin")
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto(f"{owner.url}/admin/demarches/passeport/avis")
    page.wait_for_load_state("networkidle")
    assert sum(sizes) < 100_000
