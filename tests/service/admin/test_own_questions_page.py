"""Own questions in the form's editor, without a script: buttons, bounds, and codes that never change their meaning."""

import re
from typing import Any

import pytest
from httpx import Response
from hypothesis import given
from hypothesis import strategies as st

from admin.own_questions import CODES, Block, Row, moved, questions_of, typed, used_in, written
from admin.posted import Posted
from collector.schema import Adjustments, FormVersion, OwnOption, OwnQuestion
from collector.storage import Storage
from collector.storage.reviews import Filter
from collector.suspicion import withdraw
from tests.conftest import NOON, send
from tests.service.admin.conftest import People
from tests.service.admin.test_form_page import BASE, WHOLE, seen
from tests.service.admin.test_second_look import form_of, number_of

WHERE = {
    "q1-kind": "single",
    "q1-number": "",
    "q1-wording": " Où l'avez-vous  retiré ? ",
    "q1-code-1": "",
    "q1-label-1": "Mairie",
    "q1-code-2": "",
    "q1-label-2": "Poste",
}
MARK = {
    "q2-kind": "scale",
    "q2-number": "",
    "q2-wording": "Le délai vous convient-il ?",
    "q2-label-1": "Trop long",
    "q2-label-2": "Très bien",
}


def typed_in(page: Response) -> dict[str, Any]:
    """What the questions' part of the page would post again."""
    inputs = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input [^>]*>", page.text)]
    found = {one["name"]: one.get("value", "") for one in inputs if re.match(r"q\d-", one.get("name", ""))}
    return {name: value.replace("&#39;", "'") for name, value in found.items()}


async def saved(people: People, storage: Storage) -> tuple[OwnQuestion, ...]:
    return (await storage.forms.versions(people.passeport.procedure))[0].adjustments.questions


async def test_questions_are_added_by_buttons_saved_tried_and_published(people: People, storage: Storage) -> None:
    page = await people.bruno.post(BASE, {**WHOLE, "introduction": "Deux minutes.", "move": "add/single"})
    assert page.status_code == 200
    assert ">Deux minutes.</textarea>" in page.text, "what was typed elsewhere stays"
    assert typed_in(page).keys() == WHERE.keys()
    assert await storage.forms.versions(people.passeport.procedure) == [], "nothing is saved yet"
    page = await people.bruno.post(BASE, {**WHOLE, **WHERE, "move": "add/scale"})
    assert typed_in(page).items() >= {**WHERE, "q2-kind": "scale", "q2-wording": "", "q2-label-1": ""}.items()
    answer = await people.bruno.post(BASE, {**WHOLE, **WHERE, **MARK})
    assert answer.headers["location"] == f"{BASE}?fait=form-drafted#brouillon"
    ends = (OwnOption("1", "Trop long"), OwnOption("5", "Très bien"))
    assert await saved(people, storage) == (
        OwnQuestion(1, "single", "Où l'avez-vous retiré ?", (OwnOption("a", "Mairie"), OwnOption("b", "Poste"))),
        OwnQuestion(2, "scale", "Le délai vous convient-il ?", ends),
    )
    page = await people.bruno.get(BASE)
    assert "elles n&#39;entrent dans aucun indicateur" in page.text
    tried = re.search(r'<iframe src="(/avis/essai[^"]*)"', page.text)
    assert tried
    assert "Trop long" in (await people.nobody.get(tried[1].replace("&amp;", "&"))).text
    await people.bruno.post(f"{BASE}/publier", {"seen": seen(page.text)})
    shown = await people.nobody.get(f"/avis/{people.passeport.key}")
    assert "Où l'avez-vous retiré ?" in shown.text


async def test_a_button_moves_what_was_typed(people: People) -> None:
    said = {**WHOLE, **WHERE, **MARK}
    page = await people.bruno.post(BASE, {**said, "move": "down/1"})
    assert [typed_in(page)[f"q{n}-kind"] for n in (1, 2)] == ["scale", "single"]
    page = await people.bruno.post(BASE, {**said, "move": "option-down/1/1"})
    assert [typed_in(page)[f"q1-label-{m}"] for m in (1, 2)] == ["Poste", "Mairie"]
    page = await people.bruno.post(BASE, {**said, "move": "option/1"})
    assert typed_in(page)["q1-label-3"] == ""
    page = await people.bruno.post(BASE, {**said, "move": "remove/1"})
    assert [typed_in(page).get(f"q{n}-kind") for n in (1, 2)] == ["scale", None]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"q1-wording": ""}, "Ce champ est à remplir."),
        ({"q1-wording": "é" * 201}, "200 caractères au plus."),
        ({"q1-label-2": ""}, "Donnez au moins deux réponses"),
        ({"q1-label-2": "é" * 81}, "80 caractères au plus."),
        ({"q1-label-2": "mairie "}, "Deux réponses disent la même chose"),
        ({"q2-label-1": ""}, "Ce champ est à remplir."),
    ],
)
async def test_what_is_out_of_bounds_is_refused_and_stays(
    people: People, storage: Storage, change: dict[str, str], message: str
) -> None:
    said = {**WHERE, **MARK, **change}
    answer = await people.bruno.post(BASE, {**WHOLE, **said})
    assert answer.status_code == 422
    assert message in answer.text
    assert typed_in(answer).items() >= {k: v for k, v in said.items() if k != "q1-kind"}.items()
    assert await storage.forms.versions(people.passeport.procedure) == []


async def test_codes_stay_when_labels_and_order_change_and_are_not_given_twice(
    people: People, storage: Storage
) -> None:
    await people.bruno.post(BASE, {**WHOLE, **WHERE})
    await people.bruno.post(f"{BASE}/publier", {"seen": seen((await people.bruno.get(BASE)).text)})
    again = typed_in(await people.bruno.get(BASE))
    assert again["q1-number"] == "1"
    corrected = {**again, "q1-label-1": "À la poste", "q1-code-1": "b", "q1-label-2": "Préfecture", "q1-code-2": ""}
    await people.bruno.post(BASE, {**WHOLE, **corrected})
    (question,) = await saved(people, storage)
    assert question.number == 1
    assert question.options == (OwnOption("b", "À la poste"), OwnOption("c", "Préfecture")), "a was somebody else's"


def version(*questions: OwnQuestion, number: int = 2) -> FormVersion:
    adjustments = Adjustments(questions=questions)
    return FormVersion(number=number, adjustments=adjustments, changed_at=NOON, changed_by="b")


def of(*blocks: Block) -> Posted:
    return Posted(written(blocks))


A, B = OwnOption("a", "Oui"), OwnOption("b", "Non")


def test_a_question_keeps_its_number_wherever_it_stands_and_no_other_gets_it() -> None:
    one, two = OwnQuestion(1, "text", "Un ?"), OwnQuestion(2, "single", "Deux ?", (A, B))
    used = used_in([version(one, two)])
    new = Block("", "text", "Trois ?", [])
    assert [each.number for each in questions_of(of(*typed((two, one)), new), used)] == [2, 1, 3]
    twice = [*typed((one,)), *typed((one,))]
    assert [each.number for each in questions_of(of(*twice), used)] == [1, 3]
    other_kind = Block("2", "multiple", "Deux ?", [Row("a", "Oui"), Row("b", "Non")])
    assert questions_of(of(other_kind), used)[0].number == 3


@given(
    st.lists(
        st.lists(
            st.tuples(st.sampled_from(("", *CODES[:6], "zzz", "1")), st.text("abc", min_size=1, max_size=3)),
            min_size=2,
            max_size=10,
            unique_by=lambda row: row[1],
        ),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_is_posted_a_code_means_one_answer_of_one_version_and_new_ones_are_new(
    saves: list[list[tuple[str, str]]],
) -> None:
    versions: list[FormVersion] = []
    for rows in saves:
        used = used_in(versions)
        block = Block("1", "single", "?", [Row(*row) for row in rows])
        form = of(block)
        (question,) = questions_of(form, used)
        assert form.errors == {}
        assert question.number == 1
        assert len(set(question.codes)) == len(rows)
        given_before = used[1][1] if used else frozenset[str]()
        posted_codes = [row[0] for row in rows]
        assert all(code in posted_codes for code in set(question.codes) & given_before), "an old code is only kept"
        versions.append(version(question, number=len(versions) + 2))


@pytest.mark.parametrize("move", ["", "add/other", "up/1", "down/9", "remove/0", "option/4", "option-up/1/1", "x"])
def test_a_button_that_makes_no_sense_changes_nothing(move: str) -> None:
    blocks = typed([OwnQuestion(1, "single", "?", (A, B))])
    before = written(blocks)
    assert written(moved(blocks, move)) == before


def test_there_are_three_questions_and_ten_answers_at_most() -> None:
    blocks = typed([OwnQuestion(n, "single", "?", (A, B)) for n in (1, 2, 3)])
    assert len(moved(blocks, "add/text")) == 3
    for _ in range(12):
        blocks = moved(blocks, "option/2")
    assert [len(block.rows) for block in blocks] == [2, 10, 2]


SAID: dict[str, Any] = {
    "satisfaction": "good",
    "question_1": "b",
    "question_2": "Demander à bidulotron <b>",
    "form_version": 2,
}


async def asked_and_answered(people: People, storage: Storage) -> None:
    place = people.passeport.procedure
    for wording in ("Où l'avez-vous retiré ?", "Où donc ?"):
        questions = (OwnQuestion(1, "single", wording, (A, B)), OwnQuestion(2, "text", "Que manque-t-il ?"))
        await storage.forms.draft(place, Adjustments(questions=questions), now=NOON, by="b")
        await storage.forms.publish(place, now=NOON, by="b")
    assert (await send(people.nobody.client, people.passeport.key, SAID)).status_code == 201


async def test_reviews_show_answers_in_the_words_of_the_version_that_was_answered(
    people: People, storage: Storage
) -> None:
    await asked_and_answered(people, storage)
    page = (await people.rachel.get("/admin/demarches/passeport/avis")).text
    assert '<dt lang="fr">Où l&#39;avez-vous retiré ?</dt><dd lang="fr">Non</dd>' in page
    assert '<dt lang="fr">Que manque-t-il ?</dt><dd lang="fr">Demander à bidulotron &lt;b&gt;</dd>' in page
    assert "Où donc ?" not in page


async def test_a_name_in_a_text_of_theirs_is_masked_by_hand_and_erased_like_any_other(
    people: People, storage: Storage
) -> None:
    await asked_and_answered(people, storage)
    (listed,) = await storage.reviews.before(people.passeport.procedure, Filter())
    base = f"/admin/demarches/passeport/avis/{listed.seq}"
    page = await people.bruno.get(f"{base}/masquer")
    assert "Réponse à votre question 2" in page.text
    chosen = {"question_2": number_of(page, "question_2", "bidulotron")}
    done = await people.bruno.post(f"{base}/masquer", {**form_of(page), **chosen})
    assert done.status_code == 303
    review = await storage.reviews.at(people.passeport.procedure, listed.seq)
    assert review
    assert review.own_texts == {"question_2": "Demander à [nom] <b>"}
    page = await people.bruno.get(f"{base}/effacer")
    looked_at = form_of(page)["looked_at"]
    assert (await people.bruno.post(f"{base}/effacer", {"why": "citizen", "looked_at": looked_at})).status_code == 303
    review = await storage.reviews.at(people.passeport.procedure, listed.seq)
    assert review
    assert (review.own_texts, review.own_answers) == ({}, {"question_1": "b"})


async def test_what_looks_like_a_robot_s_shows_them_too(people: People, storage: Storage) -> None:
    await asked_and_answered(people, storage)
    (listed,) = await storage.reviews.before(people.passeport.procedure, Filter())
    place = [(listed.review.procedure_id, listed.seq)]
    await storage.amendments.amend(place, lambda review: withdraw(review, "crowd"))
    page = (await people.bruno.get("/admin/demarches/passeport/a-verifier")).text
    assert "Demander à bidulotron &lt;b&gt;" in page


async def test_the_page_of_indicators_says_how_answers_spread_and_filters_them(
    people: People, storage: Storage
) -> None:
    await asked_and_answered(people, storage)
    for lang, code in (("fr", "b"), ("fr", "a"), ("en", "b")):
        await send(people.nobody.client, people.passeport.key, {**SAID, "question_1": code}, lang=lang)
    page = (await people.rachel.get("/admin/demarches/passeport")).text
    spread = page.split("Où l&#39;avez-vous retiré ?")[1].split("</table>")[0]
    assert "4 réponses" in spread
    assert re.findall(r'<td class="num">(\d+)</td>', spread) == ["1", "3"]
    english = (await people.rachel.get("/admin/demarches/passeport?lang=en")).text
    spread = english.split("Où l&#39;avez-vous retiré ?")[1].split("</table>")[0]
    assert re.findall(r'<td class="num">(\d+)</td>', spread) == ["0", "1"]
    file = (await people.rachel.get("/admin/demarches/passeport/indicateurs.csv?table=reponses")).text
    assert "Où l'avez-vous retiré ?;Non;3;75%" in file
    assert "Où donc ?" not in page + file, "nobody has answered that version"
