"""An owner's own questions in a citizen's browser: with scripts and without, by keyboard, from right to left."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import msgspec
import pytest
from playwright.sync_api import Page, expect

from collector.schema import Adjustments, OwnOption, OwnQuestion
from tests.browser.conftest import Collector, Host, Visit, passeport
from tests.browser.test_form import go_back, go_on, rate

Axe = Callable[[Page], list[str]]
WHERE = OwnQuestion(1, "single", "Où l'avez-vous retiré ?", (OwnOption("a", "Mairie"), OwnOption("c", "Poste")))
JOINED = OwnQuestion(2, "multiple", "Qu'avez-vous joint ?", (OwnOption("a", "Photo"), OwnOption("b", "Acte")))
MARK = OwnQuestion(
    3, "scale", "Le délai vous convient-il ?", (OwnOption("1", "Trop long"), OwnOption("5", "Très bien"))
)
TEXT = OwnQuestion(4, "text", "Que manque-t-il ?")


def publish(service: Collector, number: int, *questions: OwnQuestion) -> None:
    adjustments = msgspec.json.encode(Adjustments(hidden_steps=("comprehension",), questions=questions)).decode()
    with closing(sqlite3.connect(service.database, isolation_level=None)) as database:
        database.execute(
            "INSERT INTO form_version SELECT id, ?, ?, '2026-03-12T11:00:00Z', 'b', '2026-03-12T11:00:00Z', 'b'"
            " FROM procedure",
            (number, adjustments),
        )


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, host: Host) -> Iterator[Collector]:
    with passeport(tmp_path_factory.mktemp("own"), host) as made:
        publish(made, 2, WHERE, JOINED, TEXT)
        publish(made, 3, MARK)
        yield made


def show(service: Collector, number: int) -> Collector:
    with closing(sqlite3.connect(service.database, isolation_level=None)) as database:
        database.execute("UPDATE procedure SET form_version = ?", (number,))
        database.execute("UPDATE progress SET directory = directory + 1")
    return service


@pytest.fixture
def choices(own: Collector) -> Collector:
    return show(own, 2)


@pytest.fixture
def scale(own: Collector) -> Collector:
    return show(own, 3)


def test_they_come_after_the_help_and_are_stored_with_the_review(choices: Collector, visit: Visit, axe: Axe) -> None:
    page = visit(choices.form())
    rate(page)
    go_on(page)
    expect(page.get_by_role("heading", name=WHERE.wording)).to_be_focused()
    expect(page.get_by_text("Étape 3 sur 4")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("group", name=WHERE.wording).get_by_label("Poste").check()
    group = page.get_by_role("group", name=JOINED.wording)
    group.get_by_label("Photo").check()
    group.get_by_label("Acte").check()
    page.get_by_label(TEXT.wording).fill("Un banc. Mon numéro : 06 12 34 56 78")
    go_on(page)
    expect(page.get_by_label("Souhaitez-vous nous en dire plus ?")).to_be_visible()
    stored = choices.until(own_texts='{"question_3":"Un banc. Mon numéro : [téléphone]"}')
    assert json.loads(stored["own_answers"]) == {"question_1": "c", "question_2": ["a", "b"]}
    assert stored["form_version"] == 2


def test_an_answer_is_taken_back_by_a_second_click_and_none_is_needed(choices: Collector, visit: Visit) -> None:
    before = len(choices.reviews())
    page = visit(choices.form())
    rate(page, "bad")
    choices.last(after=before)
    go_on(page)
    page.get_by_label("Mairie").click()
    page.get_by_label("Acte").click()
    go_on(page)
    choices.until(own_answers='{"question_1":"a","question_2":["b"]}')
    go_back(page)
    expect(page.get_by_label("Mairie")).to_be_checked()
    page.get_by_label("Mairie").click()
    page.get_by_label("Acte").click()
    go_on(page)
    page.get_by_label("Souhaitez-vous nous en dire plus ?").fill("Rien à joindre")
    go_on(page)
    assert "own_answers" not in choices.until(verbatim="Rien à joindre")


def test_a_text_that_is_too_long_is_said_and_kept(choices: Collector, visit: Visit) -> None:
    page = visit(choices.form())
    rate(page)
    go_on(page)
    field = page.get_by_label(TEXT.wording)
    field.fill("é" * 251)
    go_on(page)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#e-question_3")).to_have_text("250 caractères au plus")
    field.fill("é" * 250)
    go_on(page)
    choices.until(own_texts=f'{{"question_3":"{"é" * 250}"}}')


def test_a_scale_says_what_its_ends_mean_and_the_keyboard_answers_it(scale: Collector, visit: Visit, axe: Axe) -> None:
    page = visit(scale.form())
    rate(page)
    go_on(page)
    assert axe(page) == []
    page.keyboard.press("Tab")
    expect(page.get_by_label("1 Trop long")).to_be_focused()
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_label("5 Très bien")).to_be_checked()
    page.keyboard.press("Enter")
    scale.until(own_answers='{"question_1":5}')


def test_from_right_to_left_they_stay_french_and_stand_on_the_reader_s_side(
    choices: Collector, visit: Visit, axe: Axe
) -> None:
    page = visit(choices.form(lang="ar"))
    rate(page)
    go_on(page)
    words = page.locator("bdi:visible")
    assert words.all_inner_texts() == [WHERE.wording, "Mairie", "Poste", JOINED.wording, "Photo", "Acte", TEXT.wording]
    assert {one.get_attribute("lang") for one in words.all()} == {"fr"}
    heading = page.get_by_role("heading", name=WHERE.wording).bounding_box()
    words_of_it = words.first.bounding_box()
    assert heading
    assert words_of_it
    assert words_of_it["x"] + words_of_it["width"] == pytest.approx(heading["x"] + heading["width"], abs=1)
    assert axe(page) == []


def test_without_scripts_they_are_a_step_like_the_others(choices: Collector, visit: Visit, axe: Axe) -> None:
    page = visit(choices.form(), scripts=False)
    page.get_by_label("Moyen").check()
    for _ in range(2):
        page.locator("button[name=next]").click()
    assert page.title().startswith("Étape 3 sur 4")
    page.get_by_label("Mairie").check()
    page.get_by_label("Photo").check()
    page.get_by_label(TEXT.wording).fill("é" * 251)
    page.locator("button[name=next]").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("250")
    expect(page.get_by_label(TEXT.wording)).to_have_attribute("aria-invalid", "true")
    shown = page.content().replace("<script", "<template").replace("</script", "</template")
    page.get_by_label(TEXT.wording).fill("Un abri")
    page.locator("button[name=next]").click()
    page.get_by_label("Souhaitez-vous nous en dire plus ?").fill("Fin")
    page.get_by_role("button", name="Revenir").click()
    expect(page.get_by_label("Mairie")).to_be_checked()
    page.locator("button[name=next]").click()
    page.locator("button[name=next]").click()
    stored = choices.until(verbatim="Fin")
    assert json.loads(stored["own_answers"]) == {"question_1": "a", "question_2": ["a"]}
    assert json.loads(stored["own_texts"]) == {"question_3": "Un abri"}
    checked = visit("about:blank")
    checked.set_content(shown)
    assert axe(checked) == []
