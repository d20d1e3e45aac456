"""A search finds what was said, the same on every database, and nothing that was taken back."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from functools import partial
from itertools import count
from pathlib import Path
from textwrap import dedent
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from httpx import AsyncClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import Litestar

from collector.fulltext import BadSearch, Query, indexed, parse, stem, words
from collector.schema import Review
from collector.settings import Settings
from collector.storage import Storage, search
from collector.storage.leaps import CHUNK, Leaps
from collector.storage.reviews import Filter, Spot
from collector.suspicion import withdraw
from tests.conftest import MovableClock, Passeport, found, opened, running, send
from tests.service.test_amend import remove
from tests.service.test_at_rest import everything_at_rest


async def say(client: AsyncClient, place: Passeport, *texts: str) -> None:
    for text in texts:
        assert (await send(client, place.key, {"satisfaction": "good", "verbatim": text})).is_success


async def index(storage: Storage) -> None:
    while await storage.search.index():
        pass


async def hits(storage: Storage, place: Passeport, text: str, wanted: Filter | None = None) -> list[str | None]:
    """What is found, the latest first, over all pages."""
    return [each.verbatim for each in await reviews_found(storage, place, parse(text), wanted or Filter())]


async def reviews_found(storage: Storage, place: Passeport, query: Query, wanted: Filter) -> list[Review]:
    met: list[Review] = []
    before: Spot | None = None
    while True:
        page = await storage.search.find(place.procedure, query, wanted, before=before, number=3)
        met += [each.review for each in page.reviews]
        if page.next is None:
            return met
        assert page.next != before, "it goes on"
        before = page.next


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("demarche", [3, 1]),
        ("DÉMARCHES simple", [1]),
        ("cart* identité", [4, 2]),
        ('"carte d’identité"', [4]),
        ('"identité carte"', []),
        ("introuvable", []),
        ("simple introuvable", []),
        ("rembourser", [3]),
        ("remb*", [3]),
    ],
)
async def test_words_stems_phrases_and_beginnings_are_found(
    client: AsyncClient, storage: Storage, passeport: Passeport, text: str, numbers: list[int]
) -> None:
    said = {
        1: "Démarche simple",
        2: "Mon identité et ma carte",
        3: "Je n'ai pas été remboursée de mes demarches",
        4: "Cartes d’IDENTITÉ refusées",
    }
    await say(client, passeport, *said.values())
    await index(storage)
    assert await hits(storage, passeport, text) == [said[number] for number in numbers]


async def test_what_arrives_is_found_within_two_seconds(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    await say(client, passeport, "Une coquecigrue")
    for _ in range(20):
        if await hits(storage, passeport, "coquecigrue"):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the running service does not index")


async def test_a_search_stays_in_its_procedure_and_in_its_filters(
    client: AsyncClient, storage: Storage, clock: MovableClock, passeport: Passeport
) -> None:
    other = await found(storage, clock, "permis")
    await say(client, other, "Lenteur ailleurs")
    await send(client, passeport.key, {"satisfaction": "bad", "verbatim": "Lenteur d'hier"})
    clock.move(days=1)
    await say(client, passeport, "Lenteur du jour")
    await send(client, passeport.malfunction.key, {"kind": "technical", "verbatim": "Lenteur signalée"})
    await index(storage)
    for wanted, said in [
        (Filter(), ["Lenteur signalée", "Lenteur du jour", "Lenteur d'hier"]),
        (Filter(satisfaction="bad"), ["Lenteur d'hier"]),
        (Filter(form="malfunction"), ["Lenteur signalée"]),
        (Filter(placement_id=passeport.placement.id), ["Lenteur du jour", "Lenteur d'hier"]),
        (Filter(from_day="2026-03-13"), ["Lenteur signalée", "Lenteur du jour"]),
        (Filter(to_day="2026-03-12"), ["Lenteur d'hier"]),
        (Filter(standing="suspect"), []),
    ]:
        assert await hits(storage, passeport, "lenteurs", wanted) == said


# ---- The index holds what is said now, and nothing else


async def test_a_text_that_is_completed_is_found_by_its_new_words_alone(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    mine = uuid4()
    for text in ("Un brouillon hésitant", "Une version définitive"):
        await send(client, passeport.key, {"satisfaction": "good", "verbatim": text}, id=mine)
        await index(storage)
    assert await hits(storage, passeport, "brouillon") == []
    assert await hits(storage, passeport, "definitif") == ["Une version définitive"]
    await check_index(storage)


@pytest.mark.parametrize("is_indexed", [True, False])
async def test_what_is_masked_or_removed_is_gone_from_the_index_at_once_and_from_the_files(
    client: AsyncClient, storage: Storage, settings: Settings, passeport: Passeport, is_indexed: bool
) -> None:
    await say(client, passeport, "Demandez à Valombreuse", "Guichet de Sarmentine", "Tout va bien")
    if is_indexed:
        await index(storage)
        assert b"valombreuse" in everything_at_rest(settings).lower()
    (_, two, one) = await storage.reviews.before(passeport.procedure, Filter())

    def mask(review: Review) -> Review:
        return msgspec.structs.replace(review, verbatim="Demandez à [nom]")

    await storage.amendments.amend([(passeport.procedure.id, one.seq)], mask)
    await storage.amendments.amend([(passeport.procedure.id, two.seq)], remove)
    assert await hits(storage, passeport, "valombreuse") == []
    assert await hits(storage, passeport, "sarmentine") == []
    await index(storage)
    await check_index(storage)
    assert await hits(storage, passeport, "demandez") == ["Demandez à [nom]"]
    assert await storage.scrub()
    at_rest = everything_at_rest(settings).lower()
    assert b"valombreuse" not in at_rest
    assert b"sarmentine" not in at_rest
    assert b"bien" in at_rest, "this looks where the data is"


async def test_suspects_are_found_where_suspects_are_looked_for(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    await say(client, passeport, "Arnaque organisée")
    (one,) = await storage.reviews.before(passeport.procedure, Filter())
    await storage.amendments.amend([(passeport.procedure.id, one.seq)], partial(withdraw, reason="crowd"))
    await index(storage)
    assert await hits(storage, passeport, "arnaque") == []
    assert await hits(storage, passeport, "arnaque", Filter(standing="suspect")) == ["Arnaque organisée"]
    await storage.suspects.judge(passeport.procedure, one.seq, "release", by="bruno@exemple.fr")
    assert await hits(storage, passeport, "arnaque") == ["Arnaque organisée"]


texts = st.lists(
    st.sampled_from(
        "démarche demarches Démarchée carte cartes identité d'identité site lent lente lenteur le ne pas "
        "marche marcher remboursé rembourse remboursement photo photos 12 2026 cœur coeurs été l'eau "
        "e-mail [nom] العربية".split()
    ),
    max_size=8,
).map(" ".join)
asked = st.lists(
    st.one_of(
        st.sampled_from("demarche carte identites site lenteurs marcher remboursee photo 12 coeur mail".split()),
        st.sampled_from("dem* car* len* rem* remboursem* pho* 202* العر*".split()),
        st.sampled_from(('"carte identité"', '"ne marche pas"', '"site lent"', "«photo d'identité»")),
    ),
    min_size=1,
    max_size=3,
).map(" ".join)
steps = st.one_of(
    st.tuples(st.just("say"), texts),
    st.tuples(st.just("say"), texts),
    st.tuples(st.just("say"), texts),
    st.tuples(st.just("rewrite"), st.tuples(st.integers(0, 20), texts)),
    st.tuples(st.just("remove"), st.integers(0, 20)),
    st.tuples(st.just("index"), st.none()),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=st.lists(steps, min_size=4, max_size=20), queries=st.lists(asked, min_size=1, max_size=4))
async def test_a_search_gives_what_reading_everything_gives(
    storage: Storage, clock: MovableClock, done: Sequence[tuple[str, Any]], queries: Sequence[str]
) -> None:
    place = await found(storage, clock, f"demarche-{uuid4().hex}")
    async with asyncio.timeout(60):
        for act, what in done:
            await do(storage, place, clock, act, what)
        await index(storage)
    await check_index(storage)
    there = [each.review for each in await storage.reviews.before(place.procedure, Filter(), number=100)]
    for text in queries:
        query = parse(text)
        expected = [review for review in there if naively(review.verbatim or "", text)]
        assert await reviews_found(storage, place, query, Filter()) == expected, text


async def do(storage: Storage, place: Passeport, clock: MovableClock, act: str, what: Any) -> None:
    there = await storage.reviews.before(place.procedure, Filter(), number=100)
    if act == "index":
        await storage.search.index()
    elif act == "say":
        await write(storage, place, clock, what)
        clock.move(hours=7)
    elif there:
        which, text = what if act == "rewrite" else (what, None)
        chosen = there[which % len(there)]

        def rewrite(review: Review) -> Review | None:
            return None if text is None else msgspec.structs.replace(review, verbatim=text or None)

        await storage.amendments.amend([(place.procedure.id, chosen.seq)], rewrite)


async def write(storage: Storage, place: Passeport, clock: MovableClock, text: str) -> None:
    """Store a text as it is: masking has tests of its own."""
    from collector.privacy.anonymise import anonymise
    from collector.schema import SatisfactionAnswers, Target
    from collector.storage.batch import Write

    review = anonymise(
        uuid4(), Target(place.procedure, place.placement), "fr", None, SatisfactionAnswers("good"), clock()
    )
    _, directory = await storage.intake.target(place.key) or (None, 0)
    await storage.intake.commit([Write(msgspec.structs.replace(review, verbatim=text or None), directory)])


def naively(text: str, asked: str) -> bool:
    """Read the text from its first word to its last, for each thing that is asked for."""
    said = words(text)
    parts = asked.replace("«", '"').replace("»", '"').split('"')
    for n, part in enumerate(parts):
        if n % 2:
            wanted = [stem(word) for word in words(part)]
            if not any([stem(word) for word in said[m:]][: len(wanted)] == wanted for m in range(len(said))):
                return False
        for word in () if n % 2 else part.split():
            start = words(word)[0]
            if word.endswith("*"):
                if not any(each.startswith(start) for each in indexed(text)):
                    return False
            elif stem(start) not in {stem(each) for each in indexed(text)}:
                return False
    return True


async def check_index(storage: Storage) -> None:
    """Every word of every review, and not one more."""
    async with storage.engine.read() as connection:
        reviews = await (await connection.execute("SELECT * FROM review")).fetchall()
        places = await (await connection.execute("SELECT * FROM review_word")).fetchall()
        known = await (await connection.execute("SELECT * FROM word")).fetchall()
    said = {(row["procedure_id"], word, row["day"], row["seq"]) for row in reviews for word in indexed(row["verbatim"])}
    assert {(row["procedure_id"], row["word"], row["day"], row["seq"]) for row in places} == said
    assert {(row["procedure_id"], row["word"], row["stem"]) for row in known} == {
        (procedure, word, stem(word)) for procedure, word, _, _ in said
    }


# ---- Costs


async def test_a_beginning_of_too_many_words_is_refused_in_words(
    storage: Storage, clock: MovableClock, passeport: Passeport
) -> None:
    await write(storage, passeport, clock, " ".join(f"mot{n}x" for n in range(search.MOST_WORDS + 1)))
    await index(storage)
    with pytest.raises(BadSearch) as refused:
        await hits(storage, passeport, "mot*")
    assert "quelques lettres de plus" in refused.value.message
    assert len(await hits(storage, passeport, "mot1*")) == 1


async def test_words_that_leap_over_each_other_are_read_where_they_meet() -> None:
    """One word in 100 000 reviews, one in three: a handful of reads, not a thousand."""
    lists = {
        "frequent": [("2026-01-01", n) for n in range(100_000, 0, -1)],
        "rare": [("2026-01-01", n) for n in (77_777, 5_000, 3)],
    }
    reads = count()

    async def read(word: str, spot: Spot) -> list[Spot]:
        next(reads)
        return [place for place in lists[word] if place <= spot][:CHUNK]

    leaps = Leaps([["frequent"], ["rare"]], read, most_reads=50)
    assert [seq async for _, seq in leaps.before(("2026-12-31", 1))] == [77_777, 5_000, 3]
    assert leaps.rest is None
    assert next(reads) < 10


async def test_a_search_that_meets_almost_nothing_stops_and_says_where() -> None:
    lists = {word: [("2026-01-01", n) for n in range(30_000 - shift, 0, -2)] for shift, word in enumerate("ab")}

    async def read(word: str, spot: Spot) -> list[Spot]:
        return [place for place in lists[word] if place <= spot][:CHUNK]

    lists["a"].append(("2025-01-01", 1))
    lists["b"].append(("2025-01-01", 1))
    met, before, pages = list[Spot](), ("2026-12-31", 1), 0
    while True:
        leaps = Leaps([["a"], ["b"]], read, most_reads=50)
        met += [place async for place in leaps.before(before)]
        pages += 1
        if leaps.rest is None:
            break
        before = leaps.rest
    assert met == [("2025-01-01", 1)]
    assert 5 < pages < 50


# ---- Whoever indexes may be killed


async def test_a_worker_killed_while_it_indexes_leaves_nothing_to_mend(
    client: AsyncClient, storage: Storage, environ: dict[str, str], passeport: Passeport, clock: MovableClock
) -> None:
    for n in range(60):
        await write(storage, passeport, clock, f"Lenteur numéro {n} du guichet")
    program = dedent("""
        import asyncio, os, sys
        from collector.settings import load
        from collector.storage import Storage, search
        search.BATCH = 7
        async def main():
            storage = Storage(load(os.environ))
            await storage.open()
            while True:
                await storage.search.index()
                print(await storage.search.behind(), flush=True)
        asyncio.run(main())
    """)
    async with storage.engine.write() as connection:
        await connection.execute("DELETE FROM indexing")
        await connection.execute("DELETE FROM review_word")
        await connection.execute("DELETE FROM word")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, env={**os.environ, **environ}, stdout=asyncio.subprocess.PIPE, cwd=Path.cwd()
    )
    assert process.stdout
    await process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    await process.wait()
    await index(storage)
    await check_index(storage)
    assert len(await hits(storage, passeport, "lenteur guichets")) == 60


async def test_two_workers_index_each_review_once(
    settings: Settings, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    async with opened(settings, clock) as other:
        for n in range(30):
            await write(storage, passeport, clock, f"Lenteur {n}")
        await asyncio.gather(*(each.search.index() for each in (storage, other, storage, other)))
    await index(storage)
    await check_index(storage)


async def test_indexing_goes_on_after_the_database_was_away(
    app: Litestar, settings: Settings, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    from tests.conftest import broken

    async with running(app, settings):
        async with broken(storage, "indexing"):
            await write(storage, passeport, clock, "Une éclipse")
            await asyncio.sleep(1.2)
        for _ in range(25):
            if await hits(storage, passeport, "eclipse"):
                return
            await asyncio.sleep(0.1)
    raise AssertionError("it does not go on")
