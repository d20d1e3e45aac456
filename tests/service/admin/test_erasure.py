"""Erasing one review with a reason: its words go everywhere, and no figure gets better by it."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from collector.erasure import TRIAL
from collector.erasure import erase as erase_now
from collector.privacy.by_hand import seen_in
from collector.schema import Review
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.journal import Line, Search
from collector.storage.reviews import Filter, Gone, Listed
from tests import history
from tests.conftest import NOON, broken, refusal, send
from tests.service.admin.conftest import People
from tests.service.admin.test_remarks_page import count
from tests.service.test_at_rest import everything_at_rest
from tests.service.test_counts import check_counts
from tests.service.test_search import index

WORD = "bidulotron"
ANSWERS: dict[str, Any] = {
    "satisfaction": "bad",
    "comprehension": 2,
    "contact_tried": ["other"],
    "contact_tried_other": f"le cousin {WORD}",
    "verbatim": f"Le {WORD} du guichet 3",
}
BASE = "/admin/demarches/passeport/avis"


async def given(people: People, storage: Storage, answers: dict[str, Any] = ANSWERS, **envelope: Any) -> Listed:
    sent = await send(people.nobody.client, people.passeport.key, answers, page=f"/fin/{WORD}", **envelope)
    assert sent.status_code == 201
    return (await storage.reviews.before(people.passeport.procedure, Filter()))[0]


async def erase(people: People, seq: int, why: str, query: str = "") -> Any:
    path = f"{BASE}/{seq}/effacer{query}"
    found = re.search(r'name="looked_at" value="(\w+)"', (await people.bruno.get(path)).text)
    assert found
    return await people.bruno.post(path, {"why": why, "looked_at": found[1]})


async def told(storage: Storage) -> list[Line]:
    return [line for line in await storage.journal.before(Search()) if line.act == "review.erase"]


async def now(people: People, storage: Storage, seq: int) -> Review | None:
    return await storage.reviews.at(people.passeport.procedure, seq)


@pytest.mark.parametrize("why", ["personal", "unlawful", "citizen"])
async def test_what_was_written_goes_and_what_was_ticked_still_counts(
    people: People, storage: Storage, settings: Settings, why: str
) -> None:
    one = await given(people, storage)
    await index(storage)
    answer = await erase(people, one.seq, why, "?satisfaction=bad")
    assert answer.headers["location"] == f"{BASE}?satisfaction=bad&fait=words-erased#a{one.seq}"
    left = await now(people, storage, one.seq)
    assert left
    assert (left.verbatim, left.contact_tried_other, left.page) == (None, None, None)
    assert (left.satisfaction, left.comprehension, left.contact_tried) == ("bad", 2, ("other",))
    counts = await storage.reviews.counts(people.passeport.procedure, "2026-03-12", "2026-03-12")
    assert (counts["reviews"], counts["satisfaction_bad"], counts["verbatims"]) == (1, 1, 0)
    await check_counts(storage, people.passeport)
    assert "Aucun avis ne correspond" in (await people.rachel.get(f"{BASE}?q={WORD}")).text
    (line,) = await told(storage)
    assert (line.actor, line.details) == ("bruno@exemple.fr", {"why": why})
    assert line.subject == f"passeport/{one.review.public_id}"
    assert WORD.encode() not in everything_at_rest(settings)


async def test_a_trial_goes_with_its_answers_which_the_journal_keeps_and_copies_are_told(
    people: People, storage: Storage
) -> None:
    one = await given(people, storage)
    answer = await erase(people, one.seq, "trial")
    assert answer.headers["location"].startswith(f"{BASE}?fait=trial-erased")
    assert await now(people, storage, one.seq) is None
    counts = await storage.reviews.counts(people.passeport.procedure, "2026-03-12", "2026-03-12")
    assert counts["reviews"] == counts["satisfaction_bad"] == 0
    await check_counts(storage, people.passeport)
    last = await storage.reviews.last_change()
    ours = [people.passeport.procedure.id]
    seen = await storage.reviews.changed(ours, after=one.change, last=last, from_day=None, to_day=None, number=9)
    assert [type(each) for each in seen.met] == [Gone]
    (line,) = await told(storage)
    assert line.details == {"why": "trial", "answer": "bad"}
    assert "Pas bien" in (await people.claude.get("/admin/journal?act=review.erase")).text


async def test_after_a_week_nothing_is_a_trial_any_more(people: People, storage: Storage) -> None:
    place = people.passeport
    for answers in ({"satisfaction": "bad"}, {"satisfaction": "bad", "verbatim": "Trop long"}):
        moment = NOON - TRIAL - timedelta(minutes=1)
        await history.given(storage, place.procedure, place.placement, moment, answers)
    written, mute = await storage.reviews.before(place.procedure, Filter())
    page = (await people.bruno.get(f"{BASE}/{written.seq}/effacer")).text
    assert 'value="trial"' not in page
    assert 'value="citizen"' in page
    assert "plus de 7 jours" in page
    looked_at = seen_in(written.review)
    answer = await people.bruno.post(f"{BASE}/{written.seq}/effacer", {"why": "trial", "looked_at": looked_at})
    assert answer.status_code == 422
    assert "Choisissez une des propositions" in answer.text
    assert not await erase_now(storage, place.procedure, written.seq, "trial", looked_at=looked_at, now=NOON, by="x")
    text = (await people.bruno.get(f"{BASE}/{mute.seq}/effacer")).text
    assert "rien à effacer" in text
    assert "Effacer pour de bon" not in text
    assert await told(storage) == []


async def test_what_changed_meanwhile_is_shown_again_before_it_is_erased(people: People, storage: Storage) -> None:
    click = uuid4()
    one = await given(people, storage, id=click)
    looked_at = seen_in(one.review)
    await send(people.nobody.client, people.passeport.key, {**ANSWERS, "verbatim": "Autre chose"}, id=click)
    answer = await people.bruno.post(f"{BASE}/{one.seq}/effacer", {"why": "citizen", "looked_at": looked_at})
    assert answer.status_code == 409
    assert "Autre chose" in answer.text
    assert (await people.bruno.get(f"{BASE}/{one.seq + 1000}/effacer")).status_code == 404
    assert await told(storage) == []


async def test_the_citizen_can_send_the_words_no_more(people: People, storage: Storage) -> None:
    click = uuid4()
    one = await given(people, storage, id=click)
    await erase(people, one.seq, "citizen")
    again = await send(people.nobody.client, people.passeport.key, ANSWERS, id=click)
    assert refusal(again) == (409, "review-closed")


async def test_an_address_left_for_an_answer_and_notes_go_with_the_words(people: People, storage: Storage) -> None:
    client, place = people.nobody.client, people.passeport
    report = {"kind": "technical", "verbatim": "Page blanche", "contact_email": "alice@exemple.fr"}
    assert (await send(client, place.malfunction.key, report)).status_code == 201
    (one,) = await storage.reviews.before(place.procedure, Filter())
    await people.bruno.post(f"{BASE}/{one.seq}/notes", {f"note-{one.seq}": "Elle dit : page blanche"})
    assert await count(storage, "contact") == await count(storage, "note") == 1
    await erase(people, one.seq, "unlawful")
    assert await count(storage, "contact") == await count(storage, "note") == 0


async def test_it_is_wholly_done_or_not_at_all(people: People, storage: Storage) -> None:
    one = await given(people, storage)
    looked_at = seen_in(one.review)
    async with broken(storage, "contact"):
        answer = await people.bruno.post(f"{BASE}/{one.seq}/effacer", {"why": "citizen", "looked_at": looked_at})
        assert answer.status_code >= 500
    assert await now(people, storage, one.seq) == one.review
    assert await told(storage) == []
