"""Stored reviews that are changed or removed: figures follow exactly, and whoever copied them is told."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from httpx import AsyncClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import Litestar

from collector.schema import Review
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.amend import MOST, Amended, Place
from collector.storage.reviews import Filter, Listed
from tests.conftest import MovableClock, Passeport, found, send
from tests.service.test_counts import check_counts, satisfaction_answers
from tests.service.test_exports import Signed, fill, pulled, rows
from tests.service.test_pull import copied, pull_through


@pytest.fixture
def sign(storage: Storage, settings: Settings, clock: MovableClock) -> Signed:
    return Signed(storage, settings, clock)


async def kept(storage: Storage, passeport: Passeport) -> list[Listed]:
    """Oldest first."""
    return (await storage.reviews.before(passeport.procedure, Filter(), number=100_000))[::-1]


def places(reviews: Sequence[Listed]) -> list[Place]:
    return [(each.review.procedure_id, each.seq) for each in reviews]


def remove(_: Review) -> None:
    return None


def leave(review: Review) -> Review:
    return review


def silence(review: Review) -> Review:
    return msgspec.structs.replace(review, verbatim=None)


def displease(review: Review) -> Review:
    return msgspec.structs.replace(review, satisfaction="bad", comprehension=1, lang="br")


acts: st.SearchStrategy[tuple[Any, Any, dict[str, Any]]] = st.one_of(
    st.tuples(st.just("send"), st.integers(0, 3), satisfaction_answers()),
    st.tuples(
        st.sampled_from((remove, leave, silence, displease)), st.lists(st.integers(0, 5), max_size=4), st.just({})
    ),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=st.lists(acts, min_size=1, max_size=12))
async def test_counts_equal_a_recount_whatever_is_sent_and_amended(
    client: AsyncClient, storage: Storage, clock: MovableClock, done: list[tuple[Any, Any, dict[str, Any]]]
) -> None:
    place = await found(storage, clock, f"demarche-{uuid4().hex}")
    people = [uuid4() for _ in range(4)]
    for act, which, answers in done:
        clock.move(minutes=1)
        if act == "send":
            assert (await send(client, place.key, answers, id=people[which])).is_success
        else:
            there = await kept(storage, place)
            await storage.amendments.amend(places([there[n] for n in which if n < len(there)]), act)
        await check_counts(storage, place)


async def test_a_change_comes_again_in_the_pages_and_says_what_happened(
    client: AsyncClient, storage: Storage, passeport: Passeport, sign: Signed
) -> None:
    url = await sign()
    for verbatim in ("Merci", "Voir le guichet", "Rien"):
        await send(client, passeport.key, {"satisfaction": "good", "verbatim": verbatim})
    before, cursor = await pulled(client, url)
    there = await kept(storage, passeport)

    def hide(review: Review) -> Review:
        return msgspec.structs.replace(review, verbatim=(review.verbatim or "").replace("guichet", "[nom]"))

    happened = await storage.amendments.amend(places(there), hide)
    assert [(each.seq, each.before.verbatim, each.after and each.after.verbatim) for each in happened] == [
        (there[1].seq, "Voir le guichet", "Voir le [nom]")
    ]
    after, cursor = await pulled(client, url, cursor)
    assert after == [{**before[1], "verbatim": "Voir le [nom]"}], "the other two were left alone and do not come again"
    assert await pulled(client, url, cursor) == ([], cursor)
    assert [row["verbatim"] for row in await rows(client, url)] == ["Merci", "Voir le [nom]", "Rien"]


async def test_a_removed_review_leaves_every_copy(
    app: Litestar, client: AsyncClient, storage: Storage, passeport: Passeport, sign: Signed, tmp_path: Path
) -> None:
    url, folder = await sign(), tmp_path / "copy"
    for verbatim in ("Premier", "Souvenir triste", "Dernier"):
        await send(client, passeport.key, {"satisfaction": "good", "verbatim": verbatim})
    assert (await pull_through(app, url, folder)).total == 3
    there = await kept(storage, passeport)
    await storage.amendments.amend(places(there[1:2]), remove)
    report = await pull_through(app, url, folder)
    assert (report.added, report.updated, report.deleted, report.total) == (0, 0, 1, 2)
    assert [row["verbatim"] for row in copied(report)] == ["Premier", "Dernier"]
    assert b"Souvenir" not in b"".join(file.read_bytes() for file in folder.iterdir())
    assert [row["verbatim"] for row in await rows(client, url)] == ["Premier", "Dernier"]
    fresh = await pull_through(app, url, tmp_path / "fresh")
    assert (fresh.added, fresh.deleted, fresh.total) == (2, 0, 2), "a new copy is told of a review that it never had"


async def test_a_removed_review_is_told_as_such_and_only_to_those_who_had_it(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock, sign: Signed
) -> None:
    permis = await found(storage, clock, "permis")
    mine, other, later = await sign(), await sign("permis"), await sign(from_day="2026-03-13")
    await send(client, passeport.key)
    await send(client, permis.key)
    (review,) = await kept(storage, passeport)
    _, cursor = await pulled(client, mine)
    await storage.amendments.amend(places([review]), remove)
    assert (await pulled(client, mine, cursor))[0] == [{"id": review.review.public_id, "deleted": True}]
    assert [row["procedure"] for row in (await pulled(client, other))[0]] == ["permis"]
    assert (await pulled(client, later))[0] == []


async def test_pages_of_removals_follow_each_other_without_a_gap(
    client: AsyncClient, storage: Storage, passeport: Passeport, sign: Signed
) -> None:
    await fill(storage, passeport, 2500)
    url = await sign()
    before, cursor = await pulled(client, url)
    there = await kept(storage, passeport)
    odd = [each for n, each in enumerate(there) if n % 2]
    for at in range(0, len(odd), MOST):
        await storage.amendments.amend(places(odd[at : at + MOST]), remove)
        await storage.amendments.amend(places(there[at : at + MOST]), silence)
    found, cursor = await pulled(client, url, cursor)
    assert [row["id"] for row in found if row.get("deleted")] == [each.review.public_id for each in odd]
    assert len({row["id"] for row in found}) == len(found)
    copy = {row["id"]: row for row in before}
    for row in found:
        copy[row["id"]] = row
    assert [row for row in copy.values() if not row.get("deleted")] == await rows(client, url)
    assert await pulled(client, url, cursor) == ([], cursor)


async def test_what_is_too_old_to_keep_leaves_its_figures(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    await send(client, passeport.key, {"satisfaction": "medium", "verbatim": "Il y a longtemps"})
    before = await storage.reviews.counts(passeport.procedure, "2026-01-01", "2026-12-31")
    await storage.amendments.amend(places(await kept(storage, passeport)), remove, figures="stay")
    assert await storage.reviews.counts(passeport.procedure, "2026-01-01", "2026-12-31") == before
    assert await kept(storage, passeport) == []


async def test_the_e_mail_left_for_an_answer_goes_with_its_review(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    answers = {"kind": "technical", "verbatim": "Page blanche", "contact_email": "alice@exemple.fr"}
    for _ in range(2):
        await send(client, passeport.malfunction.key, answers)
    first, second = await kept(storage, passeport)
    await storage.amendments.amend(places([first]), remove)
    async with storage.engine.read() as connection:
        contacts = await (await connection.execute("SELECT capability FROM contact")).fetchall()
    assert [row["capability"] for row in contacts] == [second.review.capability]


async def test_a_review_that_is_gone_or_belongs_elsewhere_is_passed_over(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    permis = await found(storage, clock, "permis")
    await send(client, passeport.key)
    ((procedure_id, seq),) = places(await kept(storage, passeport))
    assert await storage.amendments.amend([(permis.procedure.id, seq), (procedure_id, seq + 1)], remove) == []
    assert len(await storage.amendments.amend([(procedure_id, seq), (procedure_id, seq)], remove)) == 1
    assert await storage.amendments.amend([(procedure_id, seq)], remove) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda review: msgspec.structs.replace(review, day="2020-01-01"),
        lambda review: msgspec.structs.replace(review, public_id="another"),
        lambda review: msgspec.structs.replace(review, placement_id=review.placement_id + 1),
    ],
)
async def test_when_where_and_under_which_name_it_was_given_cannot_be_amended(
    client: AsyncClient, storage: Storage, passeport: Passeport, change: Callable[[Review], Review]
) -> None:
    await send(client, passeport.key)
    there = await kept(storage, passeport)
    with pytest.raises(ValueError, match="never where"):
        await storage.amendments.amend(places(there), change)
    assert await kept(storage, passeport) == there


async def test_an_amendment_is_bounded(storage: Storage) -> None:
    with pytest.raises(ValueError, match="At most"):
        await storage.amendments.amend([(1, seq) for seq in range(MOST + 1)], remove)


async def test_what_is_written_along_stands_or_falls_with_the_amendment(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    await send(client, passeport.key, {"satisfaction": "good", "verbatim": "Merci"})
    there = await kept(storage, passeport)
    met: list[Sequence[Amended]] = []

    async def fail(connection: Any, happened: Sequence[Amended]) -> None:
        met.append(happened)
        await connection.execute("UPDATE progress SET directory = directory + 1")
        raise LookupError

    async def directory() -> int:
        return (await storage.intake.target(passeport.key) or (None, 0))[1]

    before = await directory()
    with pytest.raises(LookupError):
        await storage.amendments.amend(places(there), remove, along=fail)
    assert [len(each) for each in met] == [1]
    assert (await kept(storage, passeport), await directory()) == (there, before)
    await check_counts(storage, passeport)


async def test_citizens_complete_their_reviews_while_others_are_amended(
    client: AsyncClient, storage: Storage, passeport: Passeport, sign: Signed
) -> None:
    """The application writes through its own connection: nobody's write may be lost between reading and writing."""
    people: list[UUID] = [uuid4() for _ in range(8)]
    for n, person in enumerate(people):
        await send(client, passeport.key, id=person, address=f"192.0.2.{n}")
    there = places(await kept(storage, passeport))

    def mark(review: Review) -> Review:
        return msgspec.structs.replace(review, lang="br")

    await asyncio.gather(
        *(
            send(client, passeport.key, {"satisfaction": "bad"}, id=person, address=f"192.0.2.{n}")
            for n, person in enumerate(people)
        ),
        *(storage.amendments.amend([place], mark) for place in there),
    )
    assert {each.review.satisfaction for each in await kept(storage, passeport)} == {"bad"}
    await check_counts(storage, passeport)
    changes = [each.change for each in await kept(storage, passeport)]
    assert len(set(changes)) == len(changes)


async def test_what_was_overwritten_is_in_no_file_of_sqlite(
    client: AsyncClient, settings: Settings, storage: Storage, passeport: Passeport
) -> None:
    if settings.sqlite_path is None:
        # PostgreSQL keeps dead rows until VACUUM: docs/operators.md says so.
        assert settings.database.startswith("postgresql://")
        return
    await fill(storage, passeport, 300)
    for length in (1, 40, 200, 250):  # the last one needs pages of its own
        text = "Merci beaucoup ! " * length + "bidulotron-zarbique" + " Bravo." * (length // 5)
        await send(client, passeport.key, {"satisfaction": "good", "verbatim": text}, lang="br")
        await fill(storage, passeport, 50)
    there = await kept(storage, passeport)

    def hide(review: Review) -> Review:
        return msgspec.structs.replace(review, verbatim=(review.verbatim or "").replace("bidulotron-zarbique", "[nom]"))

    before = b"".join(file.read_bytes() for file in settings.data.iterdir())
    assert before.count(b"bidulotron-zarbique") >= 4, "this looks where the words are"
    assert len(await storage.amendments.amend(places([each for each in there if each.review.lang == "br"]), hide)) == 4
    async with storage.engine.write() as connection:
        pass
    await connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    after = b"".join(file.read_bytes() for file in settings.data.iterdir())
    assert b"zarbique" not in after
