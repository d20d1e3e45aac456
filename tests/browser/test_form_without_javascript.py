"""The same form with scripts off: plain posts, step by step, without a cookie."""

import json

from playwright.sync_api import Page, expect

from tests.browser.conftest import Collector, Visit


def go_on(page: Page) -> None:
    page.locator("button[name=next]").click()


def test_the_whole_journey_works_and_the_first_answer_is_stored_at_once(service: Collector, visit: Visit) -> None:
    before = len(service.reviews())
    page = visit(service.form(), scripts=False)
    page.get_by_label("Moyen").check()
    go_on(page)
    assert service.last(after=before)["satisfaction"] == "medium"
    assert page.title().startswith("Étape 2 sur 4")
    page.get_by_label("Très clair").check()
    go_on(page)
    page.get_by_label("Par téléphone avec l'administration").check()
    page.get_by_label("Autres, précisez").check()
    page.get_by_label("Quels autres types d'aide").fill("Ma mairie")
    go_on(page)
    expect(page.get_by_role("group", name="Au guichet")).to_have_count(0)
    page.get_by_role("group", name="Par téléphone").get_by_label("Oui").check()
    go_on(page)
    page.get_by_label("4 Bonne").check()
    go_on(page)
    page.get_by_label("Souhaitez-vous nous en dire plus ?").fill("Deux lignes\nsans script")
    go_on(page)
    expect(page.get_by_role("heading", name="Merci")).to_be_visible()

    stored = service.until(verbatim="Deux lignes\nsans script")
    assert len(service.reviews()) == before + 1
    assert (stored["satisfaction"], stored["comprehension"]) == ("medium", 5)
    assert json.loads(stored["contact_tried"]) == ["phone", "other"]
    assert json.loads(stored["contact_reached"]) == {"phone": True}
    assert json.loads(stored["contact_satisfaction"]) == {"phone": 4}
    assert stored["contact_tried_other"] == "Ma mairie"


def test_going_back_loses_nothing_not_even_what_was_just_typed(service: Collector, visit: Visit) -> None:
    page = visit(service.form(), scripts=False)
    page.get_by_label("Pas bien").check()
    go_on(page)
    go_on(page)
    page.get_by_label("Je n'ai pas eu besoin d'aide").check()
    go_on(page)
    page.get_by_label("Souhaitez-vous nous en dire plus ?").fill("À finir")
    page.get_by_role("button", name="Revenir").click()
    expect(page.get_by_label("Je n'ai pas eu besoin d'aide")).to_be_checked()
    page.get_by_role("button", name="Revenir").click()
    page.get_by_role("button", name="Revenir").click()
    expect(page.get_by_label("Pas bien")).to_be_checked()
    go_on(page)
    go_on(page)
    go_on(page)
    expect(page.get_by_label("Souhaitez-vous nous en dire plus ?")).to_have_value("À finir")


def test_a_missing_answer_is_said_above_and_beside_the_field(service: Collector, visit: Visit) -> None:
    before = len(service.reviews())
    page = visit(service.form(), scripts=False)
    go_on(page)
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Choisissez une réponse.")
    expect(page.get_by_label("Moyen")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Moyen")).to_have_accessible_description("Choisissez une réponse.")
    assert len(service.reviews()) == before


def test_a_text_too_long_comes_back_whole_to_be_shortened(service: Collector, visit: Visit) -> None:
    page = visit(service.form(), scripts=False)
    page.get_by_label("Très bien").check()
    go_on(page)
    go_on(page)
    go_on(page)
    text = page.get_by_label("Souhaitez-vous nous en dire plus ?")
    text.fill("é" * 5001)
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("5000 caractères au plus")
    expect(text).to_have_value("é" * 5001)
    text.fill("é" * 5000)
    go_on(page)
    expect(page.get_by_role("heading", name="Merci")).to_be_visible()


def test_a_closed_placement_says_so_and_keeps_the_text(service: Collector, visit: Visit) -> None:
    made = service.run("placement", "add", "--procedure", "passeport", "--form", "malfunction", "--label", "à fermer")
    page = visit(f"{service.url}/avis/{made['key']}", scripts=False)
    page.get_by_label("J'ai une suggestion").check()
    page.get_by_label("Pouvez-vous nous en dire plus ?").fill("Ma longue suggestion")
    service.run("placement", "close", made["key"])
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("ne recueille plus d'avis")
    expect(page.get_by_label("Pouvez-vous nous en dire plus ?")).to_have_value("Ma longue suggestion")
    expect(page.get_by_role("button", name="Envoyer à nouveau")).to_be_visible()
    assert page.goto(f"{service.url}/avis/{made['key']}").status == 410  # type: ignore[union-attr]  # it answers
    expect(page.get_by_text("ne recueille plus d'avis")).to_be_visible()


def test_an_unknown_key_is_worded(service: Collector, visit: Visit) -> None:
    page = visit("about:blank", scripts=False)
    answer = page.goto(f"{service.url}/avis/nobody")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_text("Ce lien ne mène à aucune démarche")).to_be_visible()


def test_every_step_speaks_the_language_that_was_chosen(service: Collector, visit: Visit) -> None:
    page = visit(service.form(lang="en"), scripts=False)
    page.get_by_label("Badly").check()
    go_on(page)
    expect(page.get_by_role("heading", name="What did you think")).to_be_visible()
    assert service.until(satisfaction="bad")["lang"] == "en"
