"""Second look: an owner masks what the rules left over; it is overwritten, and journaled without a word of it."""

import json
import re
import sqlite3
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import Response

from collector import second_look
from collector.housekeeping import Housekeeping
from collector.privacy.by_hand import seen_in
from collector.retention import Retention
from collector.schema import Review
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.journal import Line, Search
from collector.storage.reviews import Filter, Listed
from tests.conftest import MovableClock, Passeport, broken, send
from tests.service.admin.conftest import People
from tests.service.test_at_rest import everything_at_rest
from tests.service.test_counts import check_counts
from tests.service.test_exports import Signed, pulled, rows

LEFT = "bidulotron"
"""A name that no rule knows."""
ANSWERS: dict[str, Any] = {
    "satisfaction": "bad",
    "contact_tried": ["other"],
    "contact_tried_other": f"le cousin {LEFT}",
    "verbatim": f"Attente longue, puis {LEFT} zarbique au guichet 3.\nMerci {LEFT} !",
}
MASKED = "Attente longue, puis [nom] au guichet 3.\nMerci [nom] !"


@pytest.fixture
def sign(storage: Storage, settings: Settings, clock: MovableClock) -> Signed:
    return Signed(storage, settings, clock)


async def left_over(people: People, storage: Storage, id: UUID | None = None) -> Listed:
    """A review in which a name was left over."""
    sent = await send(people.bruno.client, people.passeport.key, ANSWERS, id=id, page=f"/fin/{LEFT}")
    assert sent.status_code == 201
    return (await storage.reviews.before(people.passeport.procedure, Filter()))[0]


async def now(storage: Storage, passeport: Passeport, seq: int) -> Review:
    review = await storage.reviews.at(passeport.procedure, seq)
    assert review
    return review


def form_of(page: Response) -> dict[str, Any]:
    found = re.search(r'name="looked_at" value="(\w+)"', page.text)
    assert found, page.text
    return {"looked_at": found[1], "kind": "NAME"}


def number_of(page: Response, field: str, word: str) -> list[str]:
    return re.findall(rf'name="{field}" value="(\d+)"><span>{word}</span>', page.text)


async def journal(storage: Storage) -> list[Line]:
    return await storage.journal.before(Search(act="review.mask"))


async def test_an_owner_ticks_words_and_they_are_overwritten_everywhere(
    people: People, storage: Storage, settings: Settings, sign: Signed
) -> None:
    review = await left_over(people, storage)
    url = await sign()
    (before,), cursor = await pulled(people.claude.client, url)
    assert before["verbatim"] == ANSWERS["verbatim"]
    path = f"/admin/demarches/passeport/avis/{review.seq}/masquer"
    assert f'href="{path}"' in (await people.bruno.get("/admin/demarches/passeport/avis")).text

    page = await people.bruno.get(path)
    first, second = number_of(page, "verbatim", LEFT)
    follows = number_of(page, "verbatim", "zarbique")
    chosen = {
        "verbatim": [first, second, *follows],
        "contact_tried_other": number_of(page, "contact_tried_other", LEFT),
        "page": number_of(page, "page", LEFT),
    }
    done = await people.bruno.post(path, {**form_of(page), **chosen})
    assert (done.status_code, done.headers["location"]) == (303, f"{path}?fait=masked")
    assert "masqué, partout et pour de bon" in (await people.bruno.get(done.headers["location"])).text

    after = await now(storage, people.passeport, review.seq)
    assert (after.verbatim, after.contact_tried_other, after.page) == (MASKED, "le cousin [nom]", "/fin/[nom]")
    (later,), _ = await pulled(people.claude.client, url, cursor)
    assert later == {**before, "verbatim": MASKED, "contact_tried_other": "le cousin [nom]", "page": "/fin/[nom]"}
    assert await rows(people.claude.client, url) == [later]
    assert LEFT not in (await people.bruno.get("/admin/demarches/passeport/avis")).text
    await check_counts(storage, people.passeport)


async def test_the_journal_says_what_kind_and_how_long_and_no_word(people: People, storage: Storage) -> None:
    review = await left_over(people, storage)
    path = f"/admin/demarches/passeport/avis/{review.seq}/masquer"
    page = await people.bruno.get(path)
    await people.bruno.post(path, {**form_of(page), "passage": LEFT, "kind": "USERNAME"})
    lines = (await journal(storage))[::-1]
    assert [line.details for line in lines] == [
        {"field": "verbatim", "kind": "USERNAME", "length": 10},
        {"field": "verbatim", "kind": "USERNAME", "length": 10},
        {"field": "contact_tried_other", "kind": "USERNAME", "length": 10},
        {"field": "page", "kind": "USERNAME", "length": 10},
    ]
    assert {(line.actor, line.subject) for line in lines} == {
        ("bruno@exemple.fr", f"passeport/{review.review.public_id}")
    }
    every = await storage.journal.before(Search(), number=1000)
    assert LEFT not in json.dumps([line.details for line in every]) + "".join(line.subject for line in every)
    assert (await storage.journal.verify()).broken is None


async def test_the_database_holds_the_original_nowhere(people: People, storage: Storage, settings: Settings) -> None:
    """SQLite's files with their write-ahead log; all that a dump of PostgreSQL brings out."""
    review = await left_over(people, storage)
    assert LEFT.encode() in everything_at_rest(settings), "this looks where the words are"
    path = f"/admin/demarches/passeport/avis/{review.seq}/masquer"
    page = await people.bruno.get(path)
    await people.bruno.post(path, {**form_of(page), "passage": LEFT})
    assert LEFT.encode() not in everything_at_rest(settings)


async def test_what_could_not_leave_the_files_at_once_leaves_them_soon_after(
    people: People, storage: Storage, settings: Settings, clock: MovableClock
) -> None:
    if settings.sqlite_path is None:
        return  # VACUUM waits for nobody who reads
    review = await left_over(people, storage)
    reader = sqlite3.connect(settings.sqlite_path)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM review").fetchall()
    assert await second_look.mask(
        storage,
        people.passeport.procedure,
        review.seq,
        {"verbatim": range(20), "contact_tried_other": range(9), "page": range(9)},
        kind="NAME",
        looked_at=seen_in(review.review),
        by="bruno@exemple.fr",
    )
    assert LEFT.encode() in everything_at_rest(settings)
    reader.close()
    await Housekeeping(storage, Retention(storage, settings, clock), clock).once()
    assert LEFT.encode() not in everything_at_rest(settings)


async def test_nothing_is_masked_that_cannot_be_journaled(people: People, storage: Storage) -> None:
    review = await left_over(people, storage)
    path = f"/admin/demarches/passeport/avis/{review.seq}/masquer"
    page = await people.bruno.get(path)
    async with broken(storage, "journal"):
        answer = await people.bruno.post(path, {**form_of(page), "passage": LEFT})
    assert answer.status_code == 503
    assert "La base de données ne répond pas" in answer.text
    assert await now(storage, people.passeport, review.seq) == review.review


async def test_the_citizens_browser_cannot_send_the_name_again(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    mine = uuid4()
    review = await left_over(people, storage, mine)
    path = f"/admin/demarches/passeport/avis/{review.seq}/masquer"
    page = await people.bruno.get(path)
    await people.bruno.post(path, {**form_of(page), "passage": LEFT})
    again = await send(people.bruno.client, people.passeport.key, ANSWERS, id=mine)
    assert (again.status_code, again.json()["code"]) == (409, "review-closed")
    assert LEFT not in f"{await now(storage, people.passeport, review.seq)}"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choisissez au moins un mot, ou écrivez le passage à masquer."),
        ({"verbatim": ["999", "x"]}, "Choisissez au moins un mot"),
        ({"passage": "Machin"}, "Ce passage n&#39;est ni dans l&#39;avis ni dans ses notes."),
        ({"passage": "m" * 201}, "Raccourcissez ce texte"),
        ({"passage": LEFT, "kind": "SHOE_SIZE"}, "Choisissez une des propositions."),
    ],
)
async def test_what_cannot_be_masked_is_said_and_changes_nothing(
    people: People, storage: Storage, sent: dict[str, Any], words: str
) -> None:
    review = await left_over(people, storage)
    path = f"/admin/demarches/passeport/avis/{review.seq}/masquer"
    page = await people.bruno.get(path)
    answer = await people.bruno.post(path, {**form_of(page), **sent})
    assert answer.status_code == 422
    assert words in answer.text
    assert await now(storage, people.passeport, review.seq) == review.review
    assert await journal(storage) == []


async def test_a_review_that_changed_meanwhile_is_shown_again_and_left_alone(people: People, storage: Storage) -> None:
    mine = uuid4()
    review = await left_over(people, storage, mine)
    path = f"/admin/demarches/passeport/avis/{review.seq}/masquer"
    page = await people.bruno.get(path)
    longer = {**ANSWERS, "verbatim": f"Bonjour. {ANSWERS['verbatim']}"}
    await send(people.bruno.client, people.passeport.key, longer, id=mine, page=f"/fin/{LEFT}")
    answer = await people.bruno.post(path, {**form_of(page), "verbatim": number_of(page, "verbatim", LEFT)})
    assert answer.status_code == 409
    assert "a changé pendant que vous le lisiez" in answer.text
    assert "Bonjour" in answer.text
    assert (await now(storage, people.passeport, review.seq)).verbatim == longer["verbatim"]


async def test_a_review_of_another_procedure_or_without_a_text_is_not_found(people: People, storage: Storage) -> None:
    review = await left_over(people, storage)
    assert (await people.samir.get(f"/admin/demarches/permis/avis/{review.seq}/masquer")).status_code == 404
    await send(people.bruno.client, people.passeport.key)
    silent = (await storage.reviews.before(people.passeport.procedure, Filter()))[0]
    for seq in (silent.seq, silent.seq + 1):
        assert (await people.bruno.get(f"/admin/demarches/passeport/avis/{seq}/masquer")).status_code == 404


async def test_a_reader_sees_no_way_to_mask(people: People, storage: Storage) -> None:
    review = await left_over(people, storage)
    page = await people.rachel.get("/admin/demarches/passeport/avis")
    assert LEFT in page.text
    assert f"{review.seq}/masquer" not in page.text


async def test_what_is_written_is_shown_as_text(people: People, storage: Storage) -> None:
    answers = {"satisfaction": "bad", "verbatim": "<b>Voir</b> & <script>alert(1)</script>"}
    await send(people.bruno.client, people.passeport.key, answers)
    review = (await storage.reviews.before(people.passeport.procedure, Filter()))[0]
    page = await people.bruno.get(f"/admin/demarches/passeport/avis/{review.seq}/masquer")
    assert "<script>alert" not in page.text
    assert number_of(page, "verbatim", "script") == ["3", "6"]


async def test_what_colleagues_wrote_about_the_review_loses_the_same_words(people: People, storage: Storage) -> None:
    sent = {"satisfaction": "bad", "verbatim": "Attente longue, puis bidulotron zarbique au guichet 3."}
    await send(people.bruno.client, people.passeport.key, sent)
    (review, *_) = await storage.reviews.before(people.passeport.procedure, Filter())
    base = f"/admin/demarches/passeport/avis/{review.seq}"
    for words in ("Vu avec bidulotron zarbique", "Rappeler zarbique, guichet 3", "Merci à toutes"):
        await people.bruno.post(f"{base}/notes", {f"note-{review.seq}": words})
    # One was taken out, and can still be put back.
    said = (await storage.remarks.of(people.passeport.procedure, [review.seq]))[review.seq]
    await people.bruno.post(f"{base}/notes/{said.notes[0].id}", {"move": "remove"})
    form = form_of(await people.bruno.get(f"{base}/masquer")) | {"passage": "bidulotron zarbique"}
    assert (await people.bruno.post(f"{base}/masquer", form)).status_code == 303
    found = [note.words for note in await storage.remarks.notes_after(0, 10)]
    assert found == ["Vu avec [nom]", "Rappeler [nom], guichet 3", "Merci à toutes"]
    lines = [line.details for line in await storage.journal.before(Search(act="review.mask"))]
    assert [(line["field"], line["kind"]) for line in lines] == [
        ("note", "NAME"),
        ("note", "NAME"),
        ("verbatim", "NAME"),
    ]
    assert "zarbique" not in str(await storage.journal.before(Search())).casefold()


async def test_a_name_that_only_a_colleague_wrote_is_masked_too(
    people: People, storage: Storage, settings: Settings
) -> None:
    mine = uuid4()
    await send(people.bruno.client, people.passeport.key, {"satisfaction": "bad"}, id=mine)
    (review, *_) = await storage.reviews.before(people.passeport.procedure, Filter())
    base = f"/admin/demarches/passeport/avis/{review.seq}"
    assert f"{base}/masquer" not in (await people.bruno.get("/admin/demarches/passeport/avis")).text
    await people.bruno.post(f"{base}/notes", {f"note-{review.seq}": f"Vu avec {LEFT}, guichet 3"})
    assert f"{base}/masquer" in (await people.bruno.get("/admin/demarches/passeport/avis")).text
    page = await people.bruno.get(f"{base}/masquer")
    assert f"Vu avec {LEFT}, guichet 3" in page.text
    nothing = await people.bruno.post(f"{base}/masquer", form_of(page))
    assert (nothing.status_code, "Choisissez au moins un mot" in nothing.text) == (422, True)
    done = await people.bruno.post(f"{base}/masquer", {**form_of(page), "passage": LEFT})
    assert done.status_code == 303
    assert [note.words for note in await storage.remarks.notes_after(0, 10)] == ["Vu avec [nom], guichet 3"]
    assert [line.details for line in await journal(storage)] == [{"field": "note", "kind": "NAME", "length": 10}]
    assert LEFT.encode() not in everything_at_rest(settings)
    again = await send(people.bruno.client, people.passeport.key, {"satisfaction": "good"}, id=mine)
    assert again.status_code in (200, 201), "nothing of what they said was masked: they may go on"
