"""`avis remask`: what an older release let through is masked by today's rules, once, however often it is stopped."""

import asyncio
import json
import re
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterable
from contextlib import closing
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from httpx import AsyncClient

from collector.privacy import Masked, mask
from collector.privacy.version import rules
from collector.remasking import BATCH, Remasking
from collector.schema import Review, day_of, minute_of
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.batch import Write
from collector.storage.journal import Search
from collector.storage.remasked import Remasked
from collector.storage.reviews import Filter, Listed
from tests.conftest import NOON, MovableClock, Passeport, send
from tests.service.test_commands import Commands
from tests.service.test_counts import check_counts
from tests.service.test_exports import Signed, pulled
from tests.serving import AVIS, without_settings

RAW = "Je m'appelle Karim Benali, écrivez à karim.benali@exemple.fr"
MASKED = "Je m'appelle [nom], écrivez à [e-mail]"
PLAIN = "Le formulaire Cerfa 13750*05 plante à l'étape 3/5"


@pytest.fixture
def sign(storage: Storage, settings: Settings, clock: MovableClock) -> Signed:
    return Signed(storage, settings, clock)


@pytest.fixture
def remasking(storage: Storage, clock: MovableClock) -> Remasking:
    return Remasking(storage, clock, "command")


async def jot(storage: Storage, passeport: Passeport, seq: int, words: str) -> None:
    """A note as an older release would have let it through."""
    written = await storage.remarks.note(passeport.procedure, seq, Masked(words, ()), now=NOON, by="bruno@exemple.fr")
    assert written == "done"


async def notes(storage: Storage) -> list[str]:
    return [note.words for note in await storage.remarks.notes_after(0, 100)]


async def test_notes_of_colleagues_are_masked_again_too_even_those_that_were_taken_out(
    storage: Storage, passeport: Passeport, remasking: Remasking
) -> None:
    await store(storage, passeport, [None])
    (review,) = await storage.reviews.before(passeport.procedure, Filter())
    for words in (RAW, "Réparé mardi", RAW):
        await jot(storage, passeport, review.seq, words)
    (first, *_) = await storage.remarks.notes_after(0, 1)
    await storage.remarks.move_note(passeport.procedure, review.seq, first.id, "remove", now=NOON, by="command")
    done = await run(remasking)
    assert await notes(storage) == [MASKED, "Réparé mardi", MASKED]
    assert (done.changed, dict(done.findings)) == (2, {"NAME": 2, "EMAIL": 2})
    # Reviews are done; what was noted since is reached by the next run, which the journal tells of.
    await jot(storage, passeport, review.seq, RAW)
    assert (await run(remasking)).changed == 3
    assert RAW not in await notes(storage)
    assert (await run(remasking)).changed == 3, "nothing is left"
    lines = [line for line in await storage.journal.before(Search()) if line.act == "reviews.remask"]
    assert [line.details["changed"] for line in lines] == [3, 2]


async def store(storage: Storage, passeport: Passeport, texts: Iterable[str | None], **fields: Any) -> None:
    """As an older release did: what it did not find is there in clear."""
    _, directory = await storage.intake.target(passeport.key) or (None, 0)
    writes = [
        Write(
            Review(
                capability=uuid4().hex,
                public_id=uuid4().hex,
                procedure_id=passeport.procedure.id,
                placement_id=passeport.placement.id,
                form="satisfaction",
                form_version=1,
                lang="fr",
                minute=minute_of(NOON),
                day=day_of(NOON),
                satisfaction="good",
                verbatim=text,
                **fields,
            ),
            directory,
        )
        for text in texts
    ]
    for at in range(0, len(writes), 500):
        assert set(await storage.intake.commit(writes[at : at + 500])) == {"created"}


async def kept(storage: Storage, passeport: Passeport) -> list[Listed]:
    """Oldest first."""
    return (await storage.reviews.before(passeport.procedure, Filter(), number=100_000))[::-1]


async def run(remasking: Remasking, *, again: bool = False) -> Remasked:
    return await remasking.run(await remasking.state(again=again))


def test_the_texts_of_these_tests_are_what_they_say() -> None:
    assert (mask(RAW).text, mask(PLAIN).text) == (MASKED, PLAIN)


async def test_what_was_let_through_is_masked_in_every_text(
    storage: Storage, passeport: Passeport, remasking: Remasking, settings: Settings
) -> None:
    await store(storage, passeport, [RAW, PLAIN, None])
    await store(storage, passeport, [PLAIN], contact_tried=("other",), contact_tried_other=RAW, page=f"/{RAW}")
    done = await run(remasking)
    assert (done.reviews, done.changed, dict(done.findings)) == (3, 3, {"NAME": 3, "EMAIL": 3})
    assert done.ended_at is not None
    reviews = [each.review for each in await kept(storage, passeport)]
    assert [one.verbatim for one in reviews] == [MASKED, PLAIN, None, PLAIN]
    assert (reviews[3].contact_tried_other, reviews[3].page) == (MASKED, f"/{MASKED}")
    await check_counts(storage, passeport)
    if settings.sqlite_path:
        assert b"Benali" not in b"".join(file.read_bytes() for file in settings.data.iterdir())


async def test_only_what_changes_comes_again_to_those_who_copy(
    client: AsyncClient, storage: Storage, passeport: Passeport, remasking: Remasking, sign: Signed
) -> None:
    await store(storage, passeport, [PLAIN, RAW, MASKED, PLAIN])
    url = await sign()
    _, cursor = await pulled(client, url)
    before = await kept(storage, passeport)
    await run(remasking)
    rows, cursor = await pulled(client, url, cursor)
    assert [row["verbatim"] for row in rows] == [MASKED]
    after = await kept(storage, passeport)
    assert [one.change == other.change for one, other in zip(before, after, strict=True)] == [True, False, True, True]
    assert (await run(remasking, again=True)).changed == 0
    assert await kept(storage, passeport) == after
    assert await pulled(client, url, cursor) == ([], cursor)


async def test_a_second_run_reads_only_what_is_new(
    storage: Storage, passeport: Passeport, remasking: Remasking
) -> None:
    await store(storage, passeport, [RAW, PLAIN])
    first = await run(remasking)
    assert (first.reviews, first.changed) == (2, 1)
    assert (await run(remasking)).reviews == 2
    await store(storage, passeport, [RAW])
    third = await run(remasking)
    assert (third.reviews, third.changed, dict(third.findings)) == (3, 2, {"NAME": 2, "EMAIL": 2})
    lines = await storage.journal.before(Search(act="reviews.remask"))
    assert [line.details for line in lines] == [{"reviews": 3, "changed": 2}, {"reviews": 2, "changed": 1}]
    assert {(line.actor, line.subject) for line in lines} == {("command", rules())}
    starts = await storage.journal.before(Search(act="remask.start"))
    assert [line.details for line in starts] == [{"reviews": 2, "changed": 1}, {"reviews": 0, "changed": 0}]


async def test_a_run_that_is_stopped_between_batches_goes_on(
    storage: Storage, passeport: Passeport, remasking: Remasking
) -> None:
    await store(storage, passeport, [RAW] * (2 * BATCH + 50))
    heard: list[int] = []

    def stop(number: int) -> None:
        heard.append(number)
        raise LookupError

    with pytest.raises(LookupError):
        await remasking.run(await remasking.state(), stop)
    assert len(heard) == 1
    state = await remasking.state()
    assert (state.reviews, state.changed, state.ended_at) == (BATCH, BATCH, None)
    done = await remasking.run(state, heard.append)
    assert (done.reviews, done.changed) == (2 * BATCH + 50, 2 * BATCH + 50)
    assert sum(heard) == await storage.reviews.last_seq(), "a bar that counts reviews is full"
    assert {each.review.verbatim for each in await kept(storage, passeport)} == {MASKED}


async def test_a_citizen_who_writes_meanwhile_loses_nothing(
    client: AsyncClient, storage: Storage, passeport: Passeport, remasking: Remasking
) -> None:
    """Between reading a batch and writing it a citizen completes a review, and another is removed."""
    mine = uuid4()
    await send(client, passeport.key, {"satisfaction": "good", "verbatim": "Un mot"}, id=mine)
    await store(storage, passeport, [RAW, RAW])
    first, _, third = await kept(storage, passeport)

    def unmask(review: Review) -> Review:
        return msgspec.structs.replace(review, verbatim=RAW)

    await storage.amendments.amend([(first.review.procedure_id, first.seq)], unmask)
    read = await storage.reviews.with_text(after=0, last=third.seq, number=BATCH)
    await send(client, passeport.key, {"satisfaction": "bad", "verbatim": "Autre chose, par Mme Dupont"}, id=mine)
    await storage.amendments.amend([(third.review.procedure_id, third.seq)], lambda _: None)
    done = await remasking._mask(read, await remasking.state())
    assert (done.reviews, done.changed) == (3, 1)
    left = [each.review for each in await kept(storage, passeport)]
    assert [(one.satisfaction, one.verbatim) for one in left] == [
        ("bad", "Autre chose, par Mme [nom]"),
        ("good", MASKED),
    ]
    await check_counts(storage, passeport)


async def test_a_killed_command_goes_on_where_it_was(
    environ: dict[str, str], storage: Storage, passeport: Passeport
) -> None:
    number = 30 * BATCH
    await store(storage, passeport, [RAW if n % 3 else PLAIN for n in range(number)])
    victim = subprocess.Popen(  # noqa: ASYNC220 - it is looked at from outside, and killed
        [str(AVIS), "remask"], env={**without_settings(), **environ}
    )
    deadline = time.monotonic() + 60
    while (state := await storage.remaskings.of(rules())) is None or not state.seq:
        assert time.monotonic() < deadline
        assert victim.poll() is None
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    state = await storage.remaskings.of(rules())
    assert state
    assert 0 < state.reviews < number, "it was killed in the middle"
    done = json.loads(await asyncio.to_thread(Commands(environ), "remask", "--json"))
    expected = sum(bool(n % 3) for n in range(number))
    assert (done["reviews"], done["changed"]) == (number, expected)
    assert done["findings"] == {"NAME": expected, "EMAIL": expected}
    texts = [each.review.verbatim for each in await kept(storage, passeport)]
    assert texts == [MASKED if n % 3 else PLAIN for n in range(number)]
    await check_counts(storage, passeport)
    assert (await storage.journal.verify()).broken is None


async def test_what_somebody_kept_in_the_log_by_reading_is_told(
    environ: dict[str, str], settings: Settings, storage: Storage, passeport: Passeport
) -> None:
    await store(storage, passeport, [RAW])
    run = Commands(environ)
    if settings.sqlite_path is None:
        assert json.loads(await asyncio.to_thread(run, "remask", "--json"))["erased"]
        return
    with closing(sqlite3.connect(settings.sqlite_path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM review").fetchall()
        assert "pas encore son journal d'écriture" in await asyncio.to_thread(run, "remask")
    await asyncio.to_thread(run, "purge")
    assert b"Benali" not in b"".join(file.read_bytes() for file in settings.data.iterdir())


def test_a_person_reads_a_sentence(environ: dict[str, str]) -> None:
    run = Commands(environ)
    assert run("remask") == f"0 avis relus avec les règles {rules()}, 0 texte(s) masqué(s) en plus.\n"


def test_the_rules_are_named_by_what_they_are() -> None:
    assert re.fullmatch("[0-9a-f]{16}", rules())
