"""Declared criteria, as a manager meets them: on a phone, without JavaScript, with a mistake, taken back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.admin.conftest import Owner
from tests.browser.admin.test_accessibility import SMALL

BASE = "/admin/demarches/passeport/criteres"


def declare(page: Page, value: str) -> None:
    card = page.locator("#availability")
    card.get_by_text("Disponibilité", exact=True).first.wait_for()
    if not card.get_by_label("Valeur déclarée").is_visible():
        card.locator("summary").click()
    card.get_by_label("Déclaré", exact=True).check()
    card.get_by_label("Valeur déclarée").fill(value)
    card.get_by_label("Adresse de la preuve").fill("https://suivi.exemple.fr/")
    card.get_by_role("button", name="Enregistrer").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_criterion_is_declared_corrected_and_taken_back_on_a_phone(owner: Owner, *, scripts: bool) -> None:
    page = owner.open(BASE, width=320, scripts=scripts)
    declare(page, "99,899")
    expect(page.get_by_role("alert")).to_contain_text("avec 2 décimale(s) au plus")
    expect(page.locator("#availability").get_by_label("Valeur déclarée")).to_have_value("99,899")
    declare(page, "99,89")
    expect(page.get_by_role("status")).to_contain_text("La déclaration est enregistrée")
    expect(page.locator("#availability strong")).to_have_text("99,89 %")
    expect(page.locator("#availability .level")).to_have_text("Moyen")
    page.get_by_role("button", name="Annuler cette déclaration").click()
    expect(page.locator("#availability strong")).to_have_text("Non déclaré")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_open_forms_mistakes_and_the_history_are_without_violations(
    owner: Owner, axe: Callable[[Page], list[str]], scheme: str
) -> None:
    page = owner.open(BASE, width=320, color_scheme=scheme)
    declare(page, "beaucoup")
    expect(page.get_by_role("alert")).to_be_visible()
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
    assert axe(page) == []
    declare(page, "97" if scheme == "dark" else "96")
    expect(page.get_by_role("status")).to_be_visible()
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
    assert axe(page) == []
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
