"""What is said how often is always a recount of the comments, and of what was taken back no word is left."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.fulltext import stem
from collector.privacy.anonymise import anonymise
from collector.retention import Retention
from collector.schema import Review, Satisfaction, SatisfactionAnswers, Target
from collector.settings import load
from collector.storage import Storage
from collector.storage.batch import Write
from collector.storage.reviews import Filter
from collector.storage.said import spoken_in
from collector.suspicion import release, withhold
from tests.conftest import NOON, MovableClock, Passeport, found, send
from tests.service.test_amend import remove, silence
from tests.service.test_at_rest import everything_at_rest
from tests.service.test_search import index

TEXTS = ("", "Trop long, des délais", "Délai raisonnable", "Paiement refusé par la banque", "[nom] au guichet", "bug")
acts: st.SearchStrategy[tuple[str, Any]] = st.one_of(
    st.tuples(st.just("say"), st.tuples(st.integers(0, 3), st.sampled_from(TEXTS), st.sampled_from(("bad", "good")))),
    st.tuples(st.just("say"), st.tuples(st.integers(0, 3), st.sampled_from(TEXTS), st.sampled_from(("bad", "good")))),
    st.tuples(st.just("wait"), st.sampled_from((5, 61, 24 * 60, 20 * 24 * 60))),
    st.tuples(st.sampled_from(("remove", "silence", "mask", "withhold", "release")), st.integers(0, 30)),
    st.tuples(st.just("index"), st.none()),
    st.tuples(st.just("forget"), st.none()),
)


async def rows(storage: Storage, place: Passeport) -> dict[tuple[str, str, str], tuple[int, int, int, int]]:
    async with storage.engine.read() as connection:
        cursor = await connection.execute("SELECT * FROM said_count")
        return {
            (row["month"], row["kind"], row["said"]): (row["reviews"], row["bad"], row["medium"], row["good"])
            for row in await cursor.fetchall()
            if row["procedure_id"] == place.procedure.id
        }


async def recount(storage: Storage, place: Passeport) -> dict[tuple[str, str, str], tuple[int, int, int, int]]:
    sums = Counter[tuple[tuple[str, str, str], str]]()
    for one in await storage.reviews.before(place.procedure, Filter(), number=1000):
        review = one.review
        for kind, said in spoken_in(review.verbatim) if review.verbatim else ():
            key = (review.day[:7], kind, said)
            sums[key, "reviews"] += 1
            sums[key, review.satisfaction or ""] += 1
    names = ("reviews", "bad", "medium", "good")
    return {key: tuple(sums[key, name] for name in names) for key, _ in sums}  # type: ignore[misc]  # four of them


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=st.lists(acts, min_size=4, max_size=25))
async def test_the_sums_are_a_recount_whatever_becomes_of_reviews(
    storage: Storage, environ: dict[str, str], done: Sequence[tuple[str, Any]]
) -> None:
    clock = MovableClock(NOON)
    place = await found(storage, clock, f"demarche-{uuid4().hex}")
    people = [uuid4() for _ in range(4)]
    forgets = Retention(storage, load({**environ, "AVIS_KEEP_VERBATIMS": "15d"}), clock)
    for act, what in done:
        if act == "say":
            await say(storage, place, clock, people[what[0]], what[1], what[2])
        elif act == "wait":
            clock.move(minutes=what)
            people = [uuid4() for _ in people] if what > 60 else people
        elif act == "index":
            await storage.search.index()
        elif act == "forget":
            await forgets.forget()
        else:
            await change(storage, place, act, what)
    await index(storage)
    assert await rows(storage, place) == await recount(storage, place)


async def say(
    storage: Storage, place: Passeport, clock: MovableClock, id: Any, text: str, satisfaction: Satisfaction
) -> None:
    """Or say otherwise what was said within the hour."""
    target = Target(place.procedure, place.placement)
    review = anonymise(id, target, "fr", None, SatisfactionAnswers(satisfaction), clock())
    _, directory = await storage.intake.target(place.key) or (None, 0)
    await storage.intake.commit([Write(msgspec.structs.replace(review, verbatim=text or None), directory)])


async def change(storage: Storage, place: Passeport, act: str, which: int) -> None:
    there = await storage.reviews.before(place.procedure, Filter(standing=None), number=100)
    if not there:
        return

    def amended(review: Review) -> Review | None:
        if act == "mask":
            return msgspec.structs.replace(review, verbatim="[nom]") if review.verbatim else review
        if act == "withhold":
            return withhold(msgspec.structs.replace(review, suspicion="volume"), aside="suspect")
        return {"remove": remove, "silence": silence, "release": release}[act](review)

    await storage.amendments.amend([(place.procedure.id, there[which % len(there)].seq)], amended)


async def test_a_word_that_is_masked_is_nowhere_before_and_after_it_is_indexed_again(
    client: Any, storage: Storage, passeport: Passeport, settings: Any
) -> None:
    await send(client, passeport.key, {"satisfaction": "bad", "verbatim": "Le bidulotron du guichet"})
    await index(storage)
    assert any(said == stem("bidulotron") for _, _, said in await rows(storage, passeport))
    (one,) = await storage.reviews.before(passeport.procedure, Filter())

    def mask(review: Review) -> Review:
        return msgspec.structs.replace(review, verbatim="Le [nom] du guichet")

    await storage.amendments.amend([(passeport.procedure.id, one.seq)], mask)
    await storage.scrub()
    assert b"bidulotron" not in everything_at_rest(settings)
    await index(storage)
    left = {said for _, kind, said in await rows(storage, passeport) if kind == "word"}
    assert left == {stem("guichet")}, "neither what was masked nor the mask's own word"


async def test_comments_from_before_the_sums_are_counted_in_the_background(
    client: Any, storage: Storage, passeport: Passeport
) -> None:
    for n in range(90):
        await say(storage, passeport, MovableClock(NOON), uuid4(), f"Délai numéro {n}", "bad")
    await index(storage)
    async with storage.engine.write() as connection:
        for table in ("said", "said_count", "indexing"):
            await connection.execute(f"DELETE FROM {table}")  # noqa: S608 - tables of ours, as the migration leaves them
    await index(storage)
    assert (await rows(storage, passeport))["2026-03", "all", ""] == (90, 90, 0, 0)
    assert await rows(storage, passeport) == await recount(storage, passeport)
