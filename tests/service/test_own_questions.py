"""An owner's own questions, from the browser to the files: checked, masked, kept, counted, forgotten."""

import json
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from httpx import AsyncClient

from collector.housing.recount import Recount
from collector.privacy import Masked
from collector.privacy.anonymise import anonymise
from collector.remasking import Remasking
from collector.retention import Retention
from collector.schema import Adjustments, OwnOption, OwnQuestion, Review, SatisfactionAnswers
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.batch import Write
from collector.storage.reviews import Filter
from collector.trials import key_of
from tests.conftest import MovableClock, Passeport, fields, refusal, send
from tests.service.test_at_rest import everything_at_rest
from tests.service.test_exports import Signed, pulled, rows
from tests.service.test_form_versions import SAME_SITE, publish
from tests.service.test_retention import keeping

WHERE = OwnQuestion(1, "single", "Où l'avez-vous retiré ?", (OwnOption("a", "Mairie"), OwnOption("b", "Poste")))
JOINED = OwnQuestion(2, "multiple", "Qu'avez-vous joint ?", (OwnOption("a", "Photo"), OwnOption("b", "Acte")))
MARK = OwnQuestion(3, "scale", "Le délai vous convient-il ?")
TEXT = OwnQuestion(4, "text", "Que manque-t-il ?")
FIRST = Adjustments(questions=(WHERE, JOINED, TEXT))
OTHER = Adjustments(questions=(MARK,))
SAID: dict[str, Any] = {
    "satisfaction": "good",
    "question_1": "b",
    "question_2": ["a", "b"],
    "question_3": "Rappelez-moi au 06 12 34 56 78",
    "form_version": 2,
}
MASKED = "Rappelez-moi au [téléphone]"


@pytest.fixture
def sign(storage: Storage, settings: Settings, clock: MovableClock) -> Signed:
    return Signed(storage, settings, clock)


@pytest.fixture(autouse=True)
async def published(storage: Storage, passeport: Passeport, clock: MovableClock) -> None:
    assert await publish(storage, passeport, clock, FIRST) == 2


async def kept(storage: Storage, passeport: Passeport) -> Review:
    (listed,) = await storage.reviews.before(passeport.procedure, Filter())
    return listed.review


async def given(storage: Storage, passeport: Passeport, clock: MovableClock) -> None:
    """The same opinion without a service, whose housekeeping would forget at the same time."""
    target, directory = await storage.intake.target(passeport.key) or (None, 0)
    assert target
    answers = msgspec.convert(SAID, SatisfactionAnswers)
    review = anonymise(uuid4(), target, "fr", "/fin", answers, clock(), form_version=2)
    assert await storage.intake.commit([Write(review, directory)]) == ("created",)


async def counted(storage: Storage, passeport: Passeport) -> dict[str, int]:
    """What `own_count` says, all days, versions and languages together."""
    async with storage.engine.read() as connection:
        cursor = await connection.execute(
            f"SELECT * FROM own_count WHERE procedure_id = {passeport.procedure.id}"  # noqa: S608 - a number of ours
        )
        found = await cursor.fetchall()
    return {f"{row['question']}:{row['answer']}": row["reviews"] for row in found if row["reviews"]}


ONE = {"question_1:": 1, "question_1:b": 1, "question_2:": 1, "question_2:a": 1, "question_2:b": 1, "question_3:": 1}


async def test_answers_are_kept_by_the_place_of_the_question_and_texts_are_masked_first(
    client: AsyncClient, storage: Storage, passeport: Passeport, settings: Settings
) -> None:
    assert (await send(client, passeport.key, SAID)).status_code == 201
    review = await kept(storage, passeport)
    assert review.own_answers == {"question_1": "b", "question_2": ["a", "b"]}
    assert review.own_texts == {"question_3": MASKED}
    assert await counted(storage, passeport) == ONE
    assert b"06 12 34" not in everything_at_rest(settings)


async def test_a_text_that_is_only_blank_is_no_answer(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    await send(client, passeport.key, {**SAID, "question_1": "", "question_2": [], "question_3": " \n "})
    review = await kept(storage, passeport)
    assert (review.own_answers, review.own_texts) == ({}, {})
    assert await counted(storage, passeport) == {}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"question_1": "z"}, [("$.answers.question_1", "unknown-code")]),
        ({"question_1": "b", "form_version": None}, [("$.answers.question_1", "not-asked")]),
        ({"question_3": 4}, [("$.answers.question_3", "wrong-type")]),
        ({"question_4": "a"}, [("$.answers.question_4", "unknown-field")]),
        ({"question_1": "b", "form_version": 3}, [("$.answers.form_version", "unknown-version")]),
    ],
)
async def test_what_the_version_that_was_seen_does_not_ask_is_refused(
    client: AsyncClient, storage: Storage, passeport: Passeport, said: dict[str, Any], expected: list[Any]
) -> None:
    answer = await send(client, passeport.key, {"satisfaction": "good", "form_version": 2, **said})
    assert refusal(answer) == (422, "invalid-answers")
    assert fields(answer) == expected
    assert await storage.reviews.before(passeport.procedure, Filter()) == []


async def test_whoever_began_with_a_version_answers_its_questions(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    mine = uuid4()
    await send(client, passeport.key, {"satisfaction": "good", "form_version": 2}, id=mine)
    assert await publish(storage, passeport, clock, OTHER) == 3
    assert (await send(client, passeport.key, SAID, id=mine)).status_code == 200
    assert (await kept(storage, passeport)).own_answers == {"question_1": "b", "question_2": ["a", "b"]}
    assert fields(await send(client, passeport.key, {**SAID, "form_version": 3})) == [
        ("$.answers.question_1", "wrong-type"),
        ("$.answers.question_2", "not-asked"),
        ("$.answers.question_3", "not-asked"),
    ]


async def test_what_another_version_asked_is_no_answer_to_the_one_that_a_review_keeps(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    await publish(storage, passeport, clock, OTHER)
    mine = uuid4()
    await send(client, passeport.key, SAID, id=mine)
    switched = {"satisfaction": "bad", "question_1": 4, "form_version": 3}
    assert (await send(client, passeport.key, switched, id=mine)).status_code == 200
    review = await kept(storage, passeport)
    assert (review.form_version, review.satisfaction) == (2, "bad")
    assert (review.own_answers, review.own_texts) == ({}, {})
    assert await counted(storage, passeport) == {}


async def test_a_browser_without_javascript_posts_codes(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    said = {"satisfaction": "bad", "form_version": "2", "question_1": "a", "question_2": ["b"], "question_3": "Un banc"}
    page = await client.post(f"/avis/{passeport.key}", data=said, headers=SAME_SITE)
    assert page.status_code == 200
    review = await kept(storage, passeport)
    assert review.own_answers == {"question_1": "a", "question_2": ["b"]}
    assert review.own_texts == {"question_3": "Un banc"}


async def test_a_file_has_a_column_for_each_place(
    client: AsyncClient, storage: Storage, passeport: Passeport, sign: Signed
) -> None:
    await send(client, passeport.key, SAID)
    (row,) = await rows(client, await sign())
    assert [row[f"question_{n}"] for n in (1, 2, 3)] == ["b", "a|b", MASKED]
    assert await pulled(client, await sign()) == ([row], 1)
    written = (await client.get(await sign(format="csv"))).text
    assert written.rstrip().endswith(f",b,a|b,{MASKED}")


async def test_a_trial_says_what_would_have_been_kept_in_the_owner_s_words(
    client: AsyncClient, passeport: Passeport, clock: MovableClock, settings: Settings, storage: Storage
) -> None:
    draft = await storage.forms.draft(passeport.procedure, OTHER, now=clock(), by="bruno@exemple.fr")
    now = key_of(passeport.placement, 0, clock(), settings.secret_keys)
    later = key_of(passeport.placement, draft, clock(), settings.secret_keys)
    shown = dict((await send(client, now, SAID)).json()["kept"])
    assert [shown[one.wording] for one in FIRST.questions] == ["Poste", "Photo, Acte", MASKED]
    answer = await send(client, later, {"satisfaction": "good", "question_1": 4, "form_version": draft})
    assert ["Le délai vous convient-il ?", "4 / 5"] in answer.json()["kept"]
    refused = await send(client, later, {"satisfaction": "good", "question_1": "b", "form_version": draft})
    assert fields(refused) == [("$.answers.question_1", "wrong-type")]


async def test_texts_are_forgotten_in_time_and_figures_stay(
    storage: Storage, passeport: Passeport, clock: MovableClock, settings: Settings
) -> None:
    await given(storage, passeport, clock)
    clock.move(days=40)
    retention = Retention(storage, keeping(settings, "30d", "60d"), clock)
    assert (await retention.due()).verbatims == 1
    assert (await retention.forget()).verbatims == 1
    review = await kept(storage, passeport)
    assert (review.own_answers, review.own_texts) == ({"question_1": "b", "question_2": ["a", "b"]}, {})
    clock.move(days=40)
    assert (await retention.forget()).reviews == 1
    assert await counted(storage, passeport) == ONE


async def test_better_rules_mask_them_again(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    """As an older release would have let it through."""
    await send(client, passeport.key, {**SAID, "question_3": "Un banc"})
    async with storage.engine.write() as connection:
        raw = json.dumps({"question_3": "Écrivez à karim.benali@exemple.fr"})
        await connection.execute(f"UPDATE review SET own_texts = '{raw}'")  # noqa: S608 - a text of ours
    remasking = Remasking(storage, clock, "command")
    assert (await remasking.run(await remasking.state())).changed == 1
    assert (await kept(storage, passeport)).own_texts == {"question_3": "Écrivez à [e-mail]"}
    assert await counted(storage, passeport) == ONE


async def test_a_note_about_a_text_goes_with_it(
    storage: Storage, passeport: Passeport, clock: MovableClock, settings: Settings
) -> None:
    await given(storage, passeport, clock)
    (listed,) = await storage.reviews.before(passeport.procedure, Filter())
    words = Masked("Il veut qu'on le rappelle", ())
    await storage.remarks.note(passeport.procedure, listed.seq, words, now=clock(), by="bruno@exemple.fr")
    clock.move(days=40)
    await Retention(storage, keeping(settings, "30d", "off"), clock).forget()
    assert await storage.remarks.notes_after(0, 9) == []


async def test_a_recount_notices_an_answer_that_is_counted_once_too_often(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    for code in ("a", "b", "b"):
        await send(client, passeport.key, {**SAID, "question_1": code})

    async def differing() -> int:
        recount = Recount("")
        for table, watch in recount.watched.items():
            async with storage.engine.read() as connection:
                for row in await (await connection.execute(f"SELECT * FROM {table}")).fetchall():  # noqa: S608 - ours
                    watch(row)
        return recount.result().differing

    assert await differing() == 0
    async with storage.engine.write() as connection:
        await connection.execute("UPDATE own_count SET reviews = reviews + 1 WHERE answer = 'b'")
    assert await differing() == 1
