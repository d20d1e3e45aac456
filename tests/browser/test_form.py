"""The form as a full page, with JavaScript: the whole journey, and each way it can go wrong."""

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Collector, Visit


def go_on(page: Page) -> None:
    page.locator("button[name=next]:visible").click()


def go_back(page: Page) -> None:
    page.locator("button[name=back]:visible").click()


def rate(page: Page, code: str = "good") -> None:
    page.locator(f"label:has([name=satisfaction][value={code}])").click()


def test_one_click_on_a_face_is_stored_and_each_later_step_completes_the_same_review(
    service: Collector, visit: Visit
) -> None:
    before = len(service.reviews())
    page = visit(service.form())
    rate(page)
    first = service.last(after=before)
    assert first["satisfaction"] == "good"

    expect(page.get_by_role("heading", name="Qu'avez-vous pensé des informations")).to_be_focused()
    page.get_by_label("4", exact=True).check()
    go_on(page)
    page.get_by_label("Par téléphone avec l'administration").check()
    page.get_by_label("Au guichet avec l'administration").check()
    page.get_by_label("Autres, précisez").check()
    page.get_by_label("Quels autres types d'aide").fill("Mon voisin")
    go_on(page)
    page.get_by_role("group", name="Par téléphone").get_by_label("Oui").check()
    page.get_by_role("group", name="Au guichet").get_by_label("Non").check()
    go_on(page)
    expect(page.get_by_role("group", name="Au guichet")).to_be_hidden()
    page.get_by_role("group", name="Par téléphone").get_by_label("5 Excellente").check()
    go_on(page)
    page.get_by_label("Souhaitez-vous nous en dire plus ?").fill("Simple et rapide.")
    go_on(page)
    expect(page.get_by_role("heading", name="Merci")).to_be_focused()

    stored = service.until(verbatim="Simple et rapide.")
    assert len(service.reviews()) == before + 1
    assert stored["public_id"] == first["public_id"]
    assert stored["comprehension"] == 4
    assert json.loads(stored["contact_tried"]) == ["counter", "phone", "other"]
    assert json.loads(stored["contact_reached"]) == {"counter": False, "phone": True}
    assert json.loads(stored["contact_satisfaction"]) == {"phone": 5}
    assert stored["contact_tried_other"] == "Mon voisin"
    assert stored["lang"] == "fr"


def test_steps_that_make_no_sense_are_not_asked(service: Collector, visit: Visit) -> None:
    page = visit(service.form())
    rate(page)
    go_on(page)
    page.get_by_label("Je n'ai pas eu besoin d'aide").check()
    go_on(page)
    expect(page.get_by_label("Souhaitez-vous nous en dire plus ?")).to_be_visible()


def test_no_help_needed_excludes_every_other_answer(service: Collector, visit: Visit) -> None:
    page = visit(service.form())
    rate(page)
    go_on(page)
    page.get_by_label("Une association").check()
    page.get_by_label("Je n'ai pas eu besoin d'aide").check()
    expect(page.get_by_label("Une association")).not_to_be_checked()
    page.get_by_label("Une personne proche").check()
    expect(page.get_by_label("Je n'ai pas eu besoin d'aide")).not_to_be_checked()


def test_a_second_click_on_a_mark_takes_it_back(service: Collector, visit: Visit) -> None:
    page = visit(service.form())
    rate(page)
    mark = page.get_by_text("Très clair")
    mark.click()
    expect(page.get_by_label("Très clair")).to_be_checked()
    mark.click()
    expect(page.get_by_label("Très clair")).not_to_be_checked()


def test_going_back_and_forward_loses_nothing(service: Collector, visit: Visit) -> None:
    page = visit(service.form())
    rate(page, "medium")
    page.get_by_label("3", exact=True).check()
    go_on(page)
    page.get_by_label("Par chat avec l'administration").check()
    go_back(page)
    expect(page.get_by_label("3", exact=True)).to_be_checked()
    go_back(page)
    expect(page.locator("[value=medium]")).to_be_checked()
    go_on(page)
    go_on(page)
    expect(page.get_by_label("Par chat avec l'administration")).to_be_checked()


def test_what_was_answered_to_a_question_that_no_longer_makes_sense_is_not_sent(
    service: Collector, visit: Visit
) -> None:
    page = visit(service.form())
    rate(page, "bad")
    go_on(page)
    page.get_by_label("Par e-mail avec l'administration").check()
    go_on(page)
    page.get_by_role("radio", name="Oui").check()
    go_on(page)
    page.get_by_role("radio", name="1 Très mauvaise").check()
    go_back(page)
    go_back(page)
    page.get_by_label("Par e-mail avec l'administration").uncheck()
    page.get_by_label("Une association").check()
    go_on(page)
    stored = service.until(satisfaction="bad", contact_tried='["association"]')
    assert stored["contact_reached"] == "{}"
    assert stored["contact_satisfaction"] == "{}"


def test_arrow_keys_pass_over_the_faces_without_choosing_one(service: Collector, visit: Visit) -> None:
    page = visit(service.form())
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name=satisfaction]:focus")).to_be_visible()
    before = len(service.reviews())
    page.keyboard.press("Enter")
    assert service.last(after=before)["satisfaction"] == "good"
    expect(page.get_by_role("heading", name="Qu'avez-vous pensé")).to_be_visible()


def test_leaving_mid_way_sends_what_was_answered(service: Collector, visit: Visit) -> None:
    page = visit(service.form())
    rate(page, "medium")
    service.until(satisfaction="medium")
    page.get_by_label("2", exact=True).check()
    page.goto("about:blank")
    service.until(satisfaction="medium", comprehension=2)


def test_a_text_that_was_not_sent_stays_with_the_citizen(service: Collector, visit: Visit) -> None:
    page = visit(service.form())
    rate(page, "good")
    go_on(page)
    page.get_by_label("Une association").check()
    go_on(page)
    page.get_by_label("Souhaitez-vous nous en dire plus ?").fill("Je réfléchis encore")
    page.goto("about:blank")
    assert "verbatim" not in service.until(satisfaction="good", contact_tried='["association"]')


@pytest.mark.parametrize("status", [503, 429, 500])
def test_a_busy_service_is_asked_again_and_the_citizen_is_told(service: Collector, visit: Visit, status: int) -> None:
    page = visit("about:blank")
    answers = iter([status, status])

    def busy(route: Route) -> None:
        code = next(answers, None)
        if code is None:
            route.continue_()
        else:
            route.fulfill(status=code, headers={"Retry-After": "1"}, body="{}")

    page.route("**/api/v1/reviews", busy)
    page.goto(service.form())
    before = len(service.reviews())
    rate(page)
    expect(page.get_by_role("status")).to_contain_text("gardée ici")
    assert len(service.reviews()) == before
    expect(page.get_by_role("status")).to_contain_text("enregistrée", timeout=15_000)
    assert len(service.reviews()) == before + 1


def test_offline_the_text_is_kept_and_sent_when_the_network_is_back(service: Collector, visit: Visit) -> None:
    page = visit(service.form())
    rate(page)
    service.until(satisfaction="good")
    go_on(page)
    go_on(page)
    page.context.set_offline(True)
    text = page.get_by_label("Souhaitez-vous nous en dire plus ?")
    text.fill("Écrit dans le train")
    go_on(page)
    expect(page.get_by_role("status")).to_contain_text("gardée ici")
    expect(text).to_have_value("Écrit dans le train")
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Merci")).to_be_visible()
    service.until(verbatim="Écrit dans le train")


def test_a_refusal_for_good_is_worded_and_keeps_the_text(service: Collector, visit: Visit) -> None:
    page = visit(service.form())
    rate(page)
    service.until(satisfaction="good")
    go_on(page)
    go_on(page)
    page.route("**/api/v1/reviews", lambda route: route.fulfill(status=409, body="{}"))
    page.get_by_label("Souhaitez-vous nous en dire plus ?").fill("Une heure plus tard")
    go_on(page)
    # The page's other way, without a script, takes over: here the service accepts.
    expect(page.get_by_role("heading", name="Merci")).to_be_visible()
    service.until(verbatim="Une heure plus tard")


def test_a_text_too_long_is_counted_in_code_points_and_refused_beside_its_field(
    service: Collector, visit: Visit
) -> None:
    page = visit(service.form())
    rate(page)
    go_on(page)
    go_on(page)
    text = page.get_by_label("Souhaitez-vous nous en dire plus ?")
    text.fill("👍" * 5000)
    expect(page.get_by_text("5000 / 5000 caractères au plus")).to_be_visible()
    text.fill("👍" * 5001)
    go_on(page)
    expect(text).to_be_focused()
    expect(text).to_have_attribute("aria-invalid", "true")
    expect(text).to_have_accessible_description(re.compile("5001 / 5000"))
    text.fill("👍" * 5000)
    go_on(page)
    expect(page.get_by_role("heading", name="Merci")).to_be_visible()


def test_invisible_characters_are_taken_out_before_sending(service: Collector, visit: Visit) -> None:
    page = visit(service.form())
    rate(page)
    go_on(page)
    go_on(page)
    page.get_by_label("Souhaitez-vous nous en dire plus ?").evaluate(
        "field => field.value = 'Bon\\x00jour\\ud800 \\n!'"
    )
    go_on(page)
    service.until(verbatim="Bonjour \n!")


def test_the_malfunction_form_shows_what_it_sends_along(service: Collector, visit: Visit) -> None:
    before = len(service.reviews())
    page = visit(f"{service.url}/avis/{service.malfunction}?page=/etape-2")
    go_on(page)
    expect(page.get_by_text("Choisissez une réponse.")).to_be_visible()
    expect(page.get_by_label("Je rencontre un problème technique")).to_be_focused()
    page.get_by_label("Je rencontre un problème technique").check()
    page.get_by_label("Pouvez-vous nous en dire plus ?").fill("Le bouton ne répond pas.")
    expect(page.get_by_text("Page concernée : /etape-2")).to_be_visible()
    expect(page.get_by_label("Votre appareil")).to_have_value("computer")
    expect(page.get_by_label("Votre navigateur")).to_have_value("chrome")
    page.get_by_label("Votre navigateur").select_option("edge")
    page.get_by_label("Votre adresse électronique").fill("alice")
    go_on(page)
    expect(page.get_by_text("Écrivez une adresse")).to_be_visible()
    page.get_by_label("Votre adresse électronique").fill("alice@exemple.fr")
    go_on(page)
    expect(page.get_by_role("heading", name="Merci")).to_be_visible()
    stored = service.last(after=before)
    assert (stored["kind"], stored["verbatim"]) == ("technical", "Le bouton ne répond pas.")
    assert (stored["page"], stored["device"], stored["browser"]) == ("/etape-2", "computer", "edge")


def test_the_form_speaks_english(service: Collector, visit: Visit) -> None:
    page = visit(service.form(lang="en"))
    expect(page.get_by_text("Overall, how did it go?")).to_be_visible()
    rate(page)
    expect(page.get_by_text("Answer recorded.")).to_be_visible()
    assert service.until(satisfaction="good", lang="en")
    # Without a wish in the address, the browser's own language.
    expect(visit(service.form(), locale="en-GB").get_by_text("Overall, how did it go?")).to_be_visible()


def test_going_on_without_an_answer_says_what_is_missing(service: Collector, visit: Visit) -> None:
    before = len(service.reviews())
    page = visit(service.form())
    face = page.get_by_label("Pas bien")
    expect(face).to_have_attribute("aria-invalid", "false")
    go_on(page)
    expect(page.get_by_text("Choisissez une réponse.")).to_be_visible()
    expect(face).to_be_focused()
    expect(face).to_have_attribute("aria-invalid", "true")
    expect(face).to_have_accessible_description("Choisissez une réponse.")
    assert len(service.reviews()) == before


def test_a_text_is_named_once_and_by_its_question(service: Collector, visit: Visit) -> None:
    page = visit(service.form())
    rate(page)
    go_on(page)
    go_on(page)
    assert page.locator("section:visible").aria_snapshot().count("Souhaitez-vous nous en dire plus ?") == 2
    expect(page.get_by_role("textbox", name="Souhaitez-vous nous en dire plus ?")).to_be_visible()
    expect(page.get_by_role("group", name="Souhaitez-vous nous en dire plus ?")).to_have_count(0)


def test_what_is_chosen_beside_a_comment_leaves_its_counter_alone(service: Collector, visit: Visit) -> None:
    page = visit(f"{service.url}/avis/{service.malfunction}")
    page.get_by_label("Pouvez-vous nous en dire plus ?").fill("Panne")
    page.get_by_label("Votre navigateur").select_option("edge")
    page.get_by_label("Votre adresse électronique").fill("alice@exemple.fr")
    expect(page.get_by_text("5 / 5000 caractères au plus")).to_be_visible()


def test_what_looks_like_personal_data_is_pointed_out_and_can_be_removed(service: Collector, visit: Visit) -> None:
    page = visit(service.form())
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    rate(page)
    service.until(satisfaction="good")
    go_on(page)
    go_on(page)
    sent = len(requests)
    text = page.get_by_label("Souhaitez-vous nous en dire plus ?")
    remove = page.get_by_role("button", name="Retirer")
    text.fill("Étape 3/5, Cerfa 13750*05 : rien.")
    page.wait_for_timeout(1700)
    expect(remove).to_be_hidden()
    text.fill("Rappelez-moi au 06 12 34 56 78 ou alice@exemple.fr, merci.")
    expect(page.get_by_role("status")).to_have_text("Donnée personnelle ? 06 12 34 56 78,alice@exemple.fr,")
    remove.click()
    expect(text).to_have_value("Rappelez-moi au … ou … merci.")
    expect(text).to_be_focused()
    expect(remove).to_be_hidden(timeout=3000)
    assert len(requests) == sent
    # It never stands in the way of whoever means it.
    text.fill("Mon numéro : 06 12 34 56 78")
    go_on(page)
    expect(page.get_by_role("heading", name="Merci")).to_be_visible()
