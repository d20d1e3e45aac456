"""Operations beside reviews, as an owner meets them in a browser."""

from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.admin.conftest import Owner
from tests.browser.conftest import Collector

BASE = "/admin/demarches/passeport/exploitation"
ROWS = "\n".join(f"{day:02}/01/2026;{way};;{90 + day};{day}" for day in range(1, 32) for way in ("online", "guichet"))
FILE = f"date;canal;commencées;achevées;délai\n{ROWS}"
YEAR = f"{BASE}?period=days&from=2026-01-01&to=2026-01-31"


def test_lines_are_pasted_corrected_and_taken_back_on_a_phone_without_javascript(
    owner: Owner, axe: Callable[[Page], list[str]]
) -> None:
    page = owner.open(BASE, width=320, scripts=False)
    page.get_by_label("ou ses lignes").fill(f"{FILE}\nhier;online;1;1;1")
    page.get_by_role("button", name="Importer", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Ligne 64, date : « hier » n'est pas une date")
    page = _with_scripts(owner, page, axe)
    page.get_by_label("ou ses lignes").fill(FILE)
    page.get_by_role("button", name="Importer", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Le fichier est importé")
    for scheme in ("light", "dark"):
        shown = owner.open(YEAR, width=320, color_scheme=scheme)
        expect(shown.locator(".chart svg")).to_be_visible()
        assert axe(shown) == []
        assert shown.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Annuler cet import").click()
    expect(page.get_by_role("heading", name="Aucune donnée d’exploitation")).to_be_visible()


def _with_scripts(owner: Owner, page: Page, axe: Callable[[Page], list[str]]) -> Page:
    """The same page where axe can run: it is a script."""
    again = owner.open(BASE, width=320)
    again.get_by_label("ou ses lignes").fill(page.get_by_label("ou ses lignes").input_value())
    again.get_by_role("button", name="Essayer sans enregistrer").click()
    expect(again.get_by_role("alert")).to_be_visible()
    assert axe(again) == []
    assert again.evaluate("document.documentElement.scrollWidth") <= 320
    return again


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_scenario_is_computed_on_a_phone(
    owner: Owner, service: Collector, axe: Callable[[Page], list[str]], scheme: str
) -> None:
    for _ in range(30):
        body = {"id": str(uuid4()), "key": service.key, "answers": {"satisfaction": "bad"}}
        assert httpx.post(f"{service.url}/api/v1/reviews", json=body).status_code == 201
    page = owner.open("/admin/demarches/passeport/scenarios", width=320, color_scheme=scheme)
    page.get_by_label("La part à changer").select_option("bad")
    page.get_by_label("Sa valeur").fill("12,5")
    page.get_by_role("button", name="Calculer").click()
    expect(page.get_by_role("heading", name="Réponses « Pas bien » : 12,5")).to_be_visible()
    assert "facteur=bad&part=12%2C5" in page.url, "the address can be shared"
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
