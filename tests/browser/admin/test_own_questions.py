"""Own questions in the editor, with a keyboard, without scripts, on a phone; and asked of a citizen at the end."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.admin.conftest import Owner
from tests.browser.conftest import Collector

PATH = "/admin/demarches/passeport/formulaire"
Axe = Callable[[Page], list[str]]


def fill_in(page: Page) -> None:
    page.get_by_role("button", name="Un seul choix").click()
    one = page.get_by_role("group", name="Question 1")
    one.get_by_label("Votre question").fill("Où l'avez-vous retiré ?")
    one.get_by_label("Réponse 1").fill("Mairie")
    one.get_by_label("Réponse 2").fill("Poste")
    one.get_by_role("button", name="Ajouter une réponse").click()
    one.get_by_label("Réponse 3").fill("Autre")
    one.get_by_role("button", name="Monter la réponse 3").click()
    page.get_by_role("button", name="Note de 1 à 5").click()
    two = page.get_by_role("group", name="Question 2")
    two.get_by_label("Votre question").fill("Le délai vous convient-il ?")
    two.get_by_label("Ce que veut dire 1").fill("Trop long")
    two.get_by_label("Ce que veut dire 5").fill("Très bien")
    two.get_by_role("button", name="Monter la question 2").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_questions_are_written_moved_and_saved(owner: Owner, scripts: bool) -> None:
    page = owner.open(PATH, scripts=scripts)
    page.get_by_label("Introduction").fill("Deux minutes.")
    fill_in(page)
    expect(page.get_by_label("Introduction")).to_have_value("Deux minutes.")
    first = page.get_by_role("group", name="Question 1 : Note de 1 à 5")
    expect(first.get_by_label("Votre question")).to_have_value("Le délai vous convient-il ?")
    second = page.get_by_role("group", name="Question 2 : Un seul choix")
    expect(second.get_by_label("Réponse 2")).to_have_value("Autre")
    # The return key saves, as in any form: it moves nothing.
    second.get_by_label("Votre question").press("Enter")
    draft = page.locator("#brouillon")
    expect(draft.locator("ol li")).to_have_text(
        [
            "Le délai vous convient-il ? Note de 1 à 5 · question_1 · 1 Trop long ; 5 Très bien",
            "Où l'avez-vous retiré ? Un seul choix · question_2 · a Mairie ; b Autre ; c Poste",
        ]
    )
    page.get_by_role("button", name="Abandonner ce brouillon").click()
    expect(page.get_by_role("group", name="Question 1")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_editor_is_without_violations_and_fits_a_phone(owner: Owner, axe: Axe, width: int) -> None:
    page = owner.open(PATH, width=width)
    fill_in(page)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = """[...document.querySelectorAll("#questions button, #questions input:not([type=hidden])")]
      .filter((one) => one.getBoundingClientRect().height < 24).length"""
    assert page.evaluate(small) == 0


def test_what_an_owner_asks_is_answered_and_read(owner: Owner, service: Collector, axe: Axe) -> None:
    page = owner.open(PATH)
    fill_in(page)
    page.get_by_role("button", name="Enregistrer le brouillon et ces questions").click()
    page.get_by_role("button", name="Publier ce brouillon").click()
    expect(page.get_by_role("status")).to_contain_text("La nouvelle version est affichée")
    page.goto(service.form())
    page.locator("label:has([name=satisfaction][value=good])").click()
    for _ in range(2):
        page.locator("button[name=next]:visible").click()
    page.get_by_role("group", name="Où l'avez-vous retiré ?").get_by_label("Poste").check()
    page.get_by_label("1 Trop long").check()
    page.locator("button[name=next]:visible").click()
    service.until(own_answers='{"question_1":1,"question_2":"c"}')
    page.goto(f"{owner.url}/admin/demarches/passeport/avis")
    newest = page.locator("ol.reviews > li").first
    expect(newest.get_by_text("Où l'avez-vous retiré ?")).to_be_visible()
    expect(newest.get_by_text("Poste")).to_be_visible()
    page.goto(f"{owner.url}/admin/demarches/passeport")
    table = page.get_by_role("table", name="Où l'avez-vous retiré ? 1 réponse")
    expect(table.get_by_role("row", name="Poste")).to_contain_text("1")
    assert axe(page) == []
