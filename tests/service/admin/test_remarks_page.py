"""Tags and notes about a review, between colleagues: put, found, taken out, taken back, and gone with the review."""

import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest

from collector.exports.links import create_link
from collector.privacy import mask
from collector.retention import Retention
from collector.schema import Format
from collector.settings import Settings, load
from collector.storage import Storage
from collector.storage.journal import Search
from collector.storage.remarks import MOST_KNOWN, MOST_NOTES, MOST_TAGS, Said
from collector.storage.reviews import Filter
from tests import history
from tests.conftest import NOON, MovableClock, broken, environment
from tests.service.admin.conftest import People
from tests.service.test_search import index

BASE = "/admin/demarches/passeport/avis"


async def given(people: People, storage: Storage, *texts: str, moment: datetime = NOON) -> list[int]:
    """Reviews that say this; their numbers."""
    place = people.passeport
    for text in texts:
        answers = {"satisfaction": "bad", "verbatim": text}
        await history.given(storage, place.procedure, place.placement, moment, answers)
    found = await storage.reviews.before(people.passeport.procedure, Filter(), number=100)
    return [one.seq for one in reversed(found)]


async def said(people: People, storage: Storage, seq: int) -> Said:
    return (await storage.remarks.of(people.passeport.procedure, [seq]))[seq]


async def count(storage: Storage, table: str) -> int:
    async with storage.engine.read() as connection:
        cursor = await connection.execute(f"SELECT COUNT(*) AS number FROM {table}")  # noqa: S608 - a table of ours
        return int((await cursor.fetchone())["number"])


async def test_a_tag_is_put_and_read_by_colleagues_and_the_page_stays_where_it_was(
    people: People, storage: Storage
) -> None:
    first, second = await given(people, storage, "Trop long", "Photo refusée")
    answer = await people.bruno.post(f"{BASE}/{first}/etiquettes?satisfaction=bad", {f"tag-{first}": "  Délai "})
    assert answer.headers["location"] == f"{BASE}?satisfaction=bad&fait=tag-added#a{first}"
    assert (await said(people, storage, first)).tags == ["délai"]
    text = (await people.rachel.get(f"{BASE}?tag=d%C3%A9lai")).text
    assert "Trop long" in text
    assert "Photo refusée" not in text
    acts = re.findall('<form method="post" action="/admin/demarches/passeport/([^"?]*)', text)
    assert set(acts) == {"avis/vues"}, "a reader looks and does not act, but for views of their own"
    assert '<option value="délai"></option>' in (await people.bruno.get(BASE)).text, "it is proposed for the next"
    assert "délai" not in (await people.samir.get("/admin/demarches/permis/avis")).text
    await people.bruno.post(f"{BASE}/{second}/etiquettes", {f"tag-{second}": "photo"})
    assert await storage.remarks.known(people.passeport.procedure) == ["délai", "photo"]


async def test_a_tag_narrows_what_the_other_filters_and_a_search_find(people: People, storage: Storage) -> None:
    first, second, _ = await given(people, storage, "Paiement lent", "Photo lente", "Paiement refusé")
    for seq in (first, second):
        await people.bruno.post(f"{BASE}/{seq}/etiquettes", {f"tag-{seq}": "délai"})
    await index(storage)
    for query, seen in (
        ("q=paiement", ["Paiement lent"]),
        ("satisfaction=bad", ["Photo lente", "Paiement lent"]),
        ("satisfaction=good", []),
        ("to=2026-03-11", []),
        ("from=2026-03-12", ["Photo lente", "Paiement lent"]),
    ):
        text = (await people.rachel.get(f"{BASE}?tag=d%C3%A9lai&{query}")).text
        assert re.findall(r"<blockquote[^>]*>([^<]+)<", text) == seen, query
    assert "Aucun avis ne correspond" in (await people.rachel.get(f"{BASE}?tag=jamais")).text
    assert (await people.rachel.get(f"{BASE}?tag=%00")).status_code == 422


async def test_pages_of_a_tag_follow_each_other(people: People, storage: Storage) -> None:
    seqs = await given(people, storage, *(f"Lenteur {n}" for n in range(52)))
    for seq in seqs[:51]:
        assert await storage.remarks.tag(people.passeport.procedure, seq, "délai", by="b") == "done"
    first = (await people.rachel.get(f"{BASE}?tag=d%C3%A9lai")).text
    assert first.count("<blockquote") == 50
    assert "Lenteur 51<" not in first
    onward = re.search(r'href="([^"]+)">Avis plus anciens', first)
    assert onward
    second = (await people.rachel.get(unescape(onward[1]))).text
    assert re.findall(r"<blockquote[^>]*>([^<]+)<", second) == ["Lenteur 0"]


async def test_a_tag_is_taken_out_and_put_back_and_nobody_is_offered_one_without_a_review(
    people: People, storage: Storage
) -> None:
    (seq,) = await given(people, storage, "Trop long")
    await people.bruno.post(f"{BASE}/{seq}/etiquettes", {f"tag-{seq}": "délai"})
    answer = await people.bruno.post(f"{BASE}/{seq}/etiquettes/retirer", {"tag": "délai"})
    assert (await said(people, storage, seq)).tags == []
    assert await storage.remarks.known(people.passeport.procedure) == []
    text = (await people.bruno.get(answer.headers["location"])).text
    back = re.search(
        rf'action="([^"]+)" class="row notice info">\s*<input type="hidden" name="(tag-{seq})" value="(.+?)"', text
    )
    assert back
    await people.bruno.post(unescape(back[1]), {back[2]: back[3]})
    assert (await said(people, storage, seq)).tags == ["délai"]
    assert (await people.bruno.post(f"{BASE}/{seq}/etiquettes/retirer", {"tag": "autre"})).status_code == 404


async def test_a_note_says_who_and_when_and_is_masked_before_it_is_written(people: People, storage: Storage) -> None:
    (seq,) = await given(people, storage, "Trop long")
    words = {f"note-{seq}": "Rappelée au 06 12 34 56 78, le service s'excuse."}
    answer = await people.bruno.post(f"{BASE}/{seq}/notes", words)
    assert answer.headers["location"] == f"{BASE}?fait=note-masked#a{seq}"
    (note,) = (await said(people, storage, seq)).notes
    assert "06 12" not in note.words
    assert "le service s'excuse" in note.words
    text = (await people.rachel.get(BASE)).text
    assert "le service s&#39;excuse" in text
    assert "bruno@exemple.fr, <time" in text
    assert "12/03/2026 à 12 h 00" in text
    await people.bruno.post(f"{BASE}/{seq}/notes", {f"note-{seq}": "C'est réparé."})
    assert [one.words for one in (await said(people, storage, seq)).notes][1:] == ["C'est réparé."]


async def test_a_note_is_taken_out_and_put_back_until_another_is(people: People, storage: Storage) -> None:
    (seq,) = await given(people, storage, "Trop long")
    for words in ("Une", "Deux"):
        await people.bruno.post(f"{BASE}/{seq}/notes", {f"note-{seq}": words})
    one, two = (await said(people, storage, seq)).notes
    answer = await people.bruno.post(f"{BASE}/{seq}/notes/{one.id}", {"move": "remove"})
    text = (await people.bruno.get(answer.headers["location"])).text
    back = re.search(
        r'action="([^"]+)" class="row notice info">\s*<button class="second" name="move" value="restore"', text
    )
    assert back
    await people.bruno.post(unescape(back[1]), {"move": "restore"})
    assert (await said(people, storage, seq)).notes == [one, two]
    for note in (one, two):
        await people.bruno.post(f"{BASE}/{seq}/notes/{note.id}", {"move": "remove"})
    assert (await people.bruno.post(f"{BASE}/{seq}/notes/{one.id}", {"move": "restore"})).status_code == 404
    assert await count(storage, "note") == 1, "only what was taken out last is kept"


async def test_the_journal_tells_who_did_what_and_never_the_words(people: People, storage: Storage) -> None:
    (seq,) = await given(people, storage, "Trop long")
    await people.bruno.post(f"{BASE}/{seq}/etiquettes", {f"tag-{seq}": "délai"})
    await people.bruno.post(f"{BASE}/{seq}/etiquettes", {f"tag-{seq}": "délai"})
    await people.bruno.post(f"{BASE}/{seq}/etiquettes/retirer", {"tag": "délai"})
    await people.bruno.post(f"{BASE}/{seq}/notes", {f"note-{seq}": "Réparé mardi"})
    (note,) = (await said(people, storage, seq)).notes
    for move in ("remove", "restore"):
        await people.bruno.post(f"{BASE}/{seq}/notes/{note.id}", {"move": move})
    every = await storage.journal.before(Search(actor="bruno@exemple.fr"))
    lines = [line for line in every if line.subject.startswith("passeport/")]
    acts = ["note.restore", "note.remove", "note.add", "review.untag", "review.tag"]
    assert [line.act for line in lines] == acts, "what was there already is no act"
    assert not any("délai" in str(line) or "mardi" in str(line) for line in every)
    text = (await people.claude.get("/admin/journal")).text
    assert "Étiquette mise sur un avis" in text
    assert "Note remise sur un avis" in text


@pytest.mark.parametrize(
    ("what", "field", "words"),
    [
        ("etiquettes", "tag", ""),
        ("etiquettes", "tag", "x" * 31),
        ("etiquettes", "tag", "06 12 34 56 78"),
        ("etiquettes", "tag", "rappeler a@exemple.fr"),
        ("notes", "note", " "),
        ("notes", "note", "x" * 501),
    ],
)
async def test_what_cannot_be_said_says_why_at_its_review_and_keeps_what_was_typed(
    people: People, storage: Storage, what: str, field: str, words: str
) -> None:
    (seq,) = await given(people, storage, "Trop long")
    answer = await people.bruno.post(f"{BASE}/{seq}/{what}?satisfaction=bad", {f"{field}-{seq}": words})
    assert answer.status_code == 422
    assert f'id="{field}-{seq}-error"' in answer.text
    assert f'href="#{field}-{seq}"' in answer.text
    assert words in answer.text
    assert '<option value="bad" selected>' in answer.text, "the list is as it was filtered"
    assert await said(people, storage, seq) == Said([], [])


async def test_there_is_an_end_to_tags_and_notes(people: People, storage: Storage, clock: MovableClock) -> None:
    procedure = people.passeport.procedure
    seqs = await given(people, storage, *(f"Avis {n}" for n in range(MOST_KNOWN // MOST_TAGS + 1)))
    for n in range(MOST_KNOWN):
        assert await storage.remarks.tag(procedure, seqs[n // MOST_TAGS], f"mot {n}", by="b") == "done"
    for seq, words in ((seqs[0], "mot 50"), (seqs[-1], "nouveau")):
        answer = await people.bruno.post(f"{BASE}/{seq}/etiquettes", {f"tag-{seq}": words})
        assert answer.status_code == 422
        assert "reprenez-en une" in answer.text
    assert await storage.remarks.tag(procedure, seqs[-1], "mot 50", by="b") == "done"
    for _ in range(MOST_NOTES):
        await people.bruno.post(f"{BASE}/{seqs[0]}/notes", {f"note-{seqs[0]}": "Encore"})
    answer = await people.bruno.post(f"{BASE}/{seqs[0]}/notes", {f"note-{seqs[0]}": "Encore"})
    assert "retirez-en une" in answer.text


async def test_nothing_is_said_about_a_review_through_another_procedure_or_one_that_is_gone(
    people: People, storage: Storage
) -> None:
    (seq,) = await given(people, storage, "Trop long")
    await people.bruno.post(f"{BASE}/{seq}/etiquettes", {f"tag-{seq}": "délai"})
    await people.bruno.post(f"{BASE}/{seq}/notes", {f"note-{seq}": "Une"})
    before = await said(people, storage, seq)
    foreign = f"/admin/demarches/permis/avis/{seq}"
    tries: list[tuple[str, dict[str, Any]]] = [
        ("etiquettes", {f"tag-{seq}": "autre"}),
        ("etiquettes/retirer", {"tag": "délai"}),
        ("notes", {f"note-{seq}": "Deux"}),
        (f"notes/{before.notes[0].id}", {"move": "remove"}),
    ]
    for path, data in tries:
        assert (await people.samir.post(f"{foreign}/{path}", data)).status_code == 404, path
    assert (await people.bruno.post(f"{BASE}/{seq}/notes/{before.notes[0].id}", {"move": "eat"})).status_code == 400
    assert await said(people, storage, seq) == before


async def test_both_go_with_the_review_and_notes_with_its_words(
    people: People, storage: Storage, settings: Settings, clock: MovableClock
) -> None:
    procedure = people.passeport.procedure
    for text in ("Trop long", "Photo refusée"):
        seq = (await given(people, storage, text, moment=clock()))[-1]
        assert await storage.remarks.tag(procedure, seq, text.lower(), by="b") == "done"
        assert await storage.remarks.note(procedure, seq, mask(f"« {text} »"), now=clock(), by="b") == "done"
        clock.move(days=20)
    keep = {"AVIS_KEEP_VERBATIMS": "10d", "AVIS_KEEP_REVIEWS": "30d"}
    ages = load({**environment(settings.data, settings.database), **keep})
    await Retention(storage, ages, clock).forget()
    assert (await count(storage, "note"), await count(storage, "review_tag")) == (0, 1)
    assert await storage.remarks.known(procedure) == ["photo refusée"]


async def test_no_export_holds_them(people: People, storage: Storage, settings: Settings, clock: MovableClock) -> None:
    (seq,) = await given(people, storage, "Trop long")
    await people.bruno.post(f"{BASE}/{seq}/etiquettes", {f"tag-{seq}": "tournesol"})
    await people.bruno.post(f"{BASE}/{seq}/notes", {f"note-{seq}": "Une abeille en parle"})
    client = people.nobody.client
    formats: list[Format] = ["csv", "ndjson"]
    for kind in formats:
        _, url = await create_link(
            storage, settings, procedures=["passeport"], content="reviews", format=kind,
            created_by="bruno@exemple.fr", expires_at=clock.now.replace(year=2027), now=clock(),
        )  # fmt: skip
        for address in (url, f"{url}/pages"):
            text = (await client.get(address)).text
            assert "Trop long" in text
            assert "tournesol" not in text
            assert "abeille" not in text


async def test_what_cannot_be_written_says_so(people: People, storage: Storage) -> None:
    (seq,) = await given(people, storage, "Trop long")
    async with broken(storage, "note"):
        assert (await people.bruno.post(f"{BASE}/{seq}/notes", {f"note-{seq}": "Une"})).status_code == 503
