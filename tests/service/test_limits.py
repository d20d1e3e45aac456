"""Who may send how much, counted in the database, in Redis, and in our tables again when Redis is away."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from httpx import AsyncClient

from collector.app import create_app
from collector.limits import SHARED
from collector.settings import load
from collector.storage import Storage
from collector.storage.reviews import Filter
from tests.conftest import ALICE, BRUNO, MAIRIE, MovableClock, Passeport, found, refusal, running, send
from tests.services import redis_server

OFF = {
    **{f"AVIS_LIMIT_{name}": "off" for name in ("VISITOR_PROCEDURE", "VISITOR", "PROCEDURE", "COUNTER")},
    "AVIS_SUSPICION": "off",
}


@asynccontextmanager
async def limited(environ: dict[str, str], clock: MovableClock, **limits: str) -> AsyncIterator[AsyncClient]:
    """The application with these limits and no others: `limited(…, VISITOR="3/minute")`."""
    named = {name if name.startswith("AVIS_") else f"AVIS_LIMIT_{name}": value for name, value in limits.items()}
    settings = load({**environ, **OFF, **named})
    async with running(create_app(settings, clock), settings) as client:
        yield client


async def statuses(client: AsyncClient, key: str, number: int, address: str = ALICE) -> list[int]:
    return [(await send(client, key, address=address)).status_code for _ in range(number)]


async def test_the_limit_of_a_visitor_on_a_procedure(
    environ: dict[str, str], storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    permis = await found(storage, clock, "permis")
    async with limited(environ, clock, VISITOR_PROCEDURE="3/minute") as client:
        assert await statuses(client, passeport.key, 3) == [201] * 3
        clock.move(seconds=20)
        refused = await send(client, passeport.key, headers={"Origin": MAIRIE})
        assert refusal(refused) == (429, "too-many")
        assert refused.headers["retry-after"] == "40"
        assert refused.headers["access-control-allow-origin"] == MAIRIE
        assert "Trop d'avis sur cette démarche" in refused.json()["detail"]
        assert await statuses(client, permis.key, 1) == [201], "another procedure"
        assert await statuses(client, passeport.key, 1, BRUNO) == [201], "another visitor"
        clock.move(seconds=40)
        assert await statuses(client, passeport.key, 1) == [201], "another minute"
    assert len(await storage.reviews.before(passeport.procedure, Filter())) == 5


async def test_the_limit_of_a_visitor_holds_over_all_procedures(
    environ: dict[str, str], storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    permis = await found(storage, clock, "permis")
    async with limited(environ, clock, VISITOR="3/minute") as client:
        assert await statuses(client, passeport.key, 2) + await statuses(client, permis.key, 2) == [201, 201, 201, 429]
        assert await statuses(client, permis.key, 1, BRUNO) == [201]


async def test_the_limit_of_a_procedure_holds_over_all_visitors(
    environ: dict[str, str], storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    permis = await found(storage, clock, "permis")
    async with limited(environ, clock, PROCEDURE="2/minute") as client:
        assert [(await send(client, passeport.key, address=f"192.0.2.{n}")).status_code for n in range(3)] == [
            201,
            201,
            429,
        ]
        assert "Cette démarche" in (await send(client, passeport.key)).json()["detail"]
        assert await statuses(client, permis.key, 1) == [201]


async def test_a_counter_or_a_kiosk_has_a_limit_of_its_own(
    environ: dict[str, str], storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    counter, kiosk = [
        await storage.catalogue.add_placement(
            passeport.procedure, channel=channel, form="satisfaction", label=channel, now=clock()
        )
        for channel in SHARED
    ]
    async with limited(environ, clock, VISITOR_PROCEDURE="2/minute", VISITOR="2/minute", COUNTER="5/minute") as client:
        assert await statuses(client, counter.key, 6) == [201] * 5 + [429]
        assert "de ce guichet" in (await send(client, counter.key)).json()["detail"]
        assert await statuses(client, kiosk.key, 1) == [201], "another device"
        assert await statuses(client, counter.key, 1, BRUNO) == [201], "another town hall"
        assert await statuses(client, passeport.key, 3) == [201, 201, 429], "the offices next door keep theirs"
    async with limited(environ, clock, PROCEDURE="3/minute") as client:
        clock.move(minutes=1)
        assert await statuses(client, kiosk.key, 4) == [201, 201, 201, 429], "the procedure's limit holds for all"


async def test_an_ipv6_subscriber_is_one_visitor(
    environ: dict[str, str], passeport: Passeport, clock: MovableClock
) -> None:
    async with limited(environ, clock, VISITOR="2/minute") as client:
        answers = [await send(client, passeport.key, address=f"2001:db8:1:2::{n}") for n in range(1, 4)]
        assert [answer.status_code for answer in answers] == [201, 201, 429]
        assert await statuses(client, passeport.key, 1, "2001:db8:1:3::1") == [201]


async def test_nobody_is_somebody_else_by_saying_so(
    environ: dict[str, str], passeport: Passeport, clock: MovableClock
) -> None:
    async with limited(environ, clock, VISITOR="2/minute") as client:
        # What the proxy appends is who she is; what she wrote before it is hers.
        answers = [await send(client, passeport.key, address=f"192.0.2.{n}, {ALICE}") for n in range(3)]
        assert [answer.status_code for answer in answers] == [201, 201, 429]


@pytest.mark.parametrize("limits_storage", ["database", "memory://"])
async def test_what_is_refused_or_only_completed_is_never_charged(
    environ: dict[str, str], storage: Storage, passeport: Passeport, clock: MovableClock, limits_storage: str
) -> None:
    closed = await storage.catalogue.add_placement(
        passeport.procedure, channel="qr", form="satisfaction", label="Guichet", now=clock()
    )
    await storage.catalogue.close_placement(closed.key, clock())
    async with limited(
        environ,
        clock,
        VISITOR_PROCEDURE="3/minute",
        VISITOR="3/minute",
        PROCEDURE="3/minute",
        AVIS_LIMITS_STORAGE=limits_storage,
    ) as client:
        for _ in range(10):
            assert (await send(client, passeport.key, {"satisfaction": "excellent"})).status_code == 422
            assert (await send(client, passeport.key, headers={"Origin": "https://x.example"})).status_code == 403
            assert (await send(client, "nobody")).status_code == 404
            assert (await send(client, closed.key)).status_code == 410
        mine = uuid4()
        for n in range(10):
            verbatim = f"Étape {n}"
            assert (
                await send(client, passeport.key, {"satisfaction": "good", "verbatim": verbatim}, id=mine)
            ).is_success
        assert await statuses(client, passeport.key, 2) == [201, 201], "the full allowance is still there"
        for _ in range(10):
            assert refusal(await send(client, passeport.key)) == (429, "too-many")
        assert (await send(client, passeport.key, {"satisfaction": "bad"}, id=mine)).status_code == 200
        clock.move(minutes=1)
        assert await statuses(client, passeport.key, 4) == [201, 201, 201, 429]


async def test_several_instances_share_the_limits(
    environ: dict[str, str], passeport: Passeport, clock: MovableClock
) -> None:
    async with limited(environ, clock, VISITOR="5/minute") as one, limited(environ, clock, VISITOR="5/minute") as other:
        answers = await asyncio.gather(*(send(client, passeport.key) for client in (one, other) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [429] * 11


async def test_a_crowd_at_once_is_counted_exactly(
    environ: dict[str, str], storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    async with limited(environ, clock, PROCEDURE="40/minute") as client:
        answers = await asyncio.gather(*(send(client, passeport.key, address=f"192.0.2.{n}") for n in range(60)))
    assert sorted(answer.status_code for answer in answers) == [201] * 40 + [429] * 20
    counts = await storage.reviews.counts(passeport.procedure, "2026-03-12", "2026-03-12")
    assert counts["reviews"] == 40


async def test_names_of_yesterday_and_past_windows_are_forgotten(
    environ: dict[str, str], storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    async with limited(environ, clock, VISITOR="5/minute") as client:
        await statuses(client, passeport.key, 1)
        clock.move(days=1)
        await statuses(client, passeport.key, 1)
    clock.move(minutes=2)
    await storage.intake.forget(clock())
    async with storage.engine.read() as connection:
        cursor = await connection.execute("SELECT day FROM visitor_salt")
        assert [row["day"] for row in await cursor.fetchall()] == ["2026-03-13"]
        cursor = await connection.execute("SELECT name FROM limit_count")
        assert await cursor.fetchall() == []


# ---- Redis


async def test_redis_and_valkey_count_for_all_instances(
    environ: dict[str, str], storage: Storage, passeport: Passeport, clock: MovableClock, counter: str
) -> None:
    with redis_server(counter) as url:
        await counted_together(environ, storage, passeport, clock, url)


async def counted_together(
    environ: dict[str, str], storage: Storage, passeport: Passeport, clock: MovableClock, url: str
) -> None:
    outside = {"AVIS_LIMITS_STORAGE": url, "VISITOR": "5/minute"}
    async with limited(environ, clock, **outside) as one, limited(environ, clock, **outside) as other:
        mine = uuid4()
        for _ in range(10):
            assert (await send(one, passeport.key, {"satisfaction": "excellent"})).status_code == 422
            assert (await send(one, passeport.key, id=mine)).is_success
        answers = [await send(client, passeport.key) for client in (one, other) for _ in range(4)]
        assert sorted(answer.status_code for answer in answers) == [201] * 4 + [429] * 4
        refused = await send(other, passeport.key)
        assert refusal(refused) == (429, "too-many")
        assert 0 < int(refused.headers["retry-after"]) <= 60
        assert (await other.get("/readyz")).json() == {"status": "ready", "reasons": []}
    async with storage.engine.read() as connection:
        cursor = await connection.execute("SELECT name FROM limit_count")
        assert await cursor.fetchall() == [], "the database is not asked to count"


async def test_a_redis_or_valkey_that_dies_loses_no_opinion(
    environ: dict[str, str], storage: Storage, passeport: Passeport, clock: MovableClock, counter: str
) -> None:
    with redis_server(counter) as url:
        async with limited(environ, clock, VISITOR="30/minute", AVIS_LIMITS_STORAGE=url) as client:
            assert await statuses(client, passeport.key, 3) == [201] * 3
            crowd = [asyncio.create_task(send(client, passeport.key, address=f"192.0.2.{n}")) for n in range(20)]
            await asyncio.sleep(0.005)
            kill_redis(url)
            assert {(await task).status_code for task in crowd} == {201}
            ready = await client.get("/readyz")
            assert ready.status_code == 200
            assert ready.json() == {"status": "ready", "reasons": [], "degraded": ["limits-storage-away"]}
            # From here our own tables count, so a flood is still refused.
            answers = await asyncio.gather(*(send(client, passeport.key) for _ in range(35)))
            assert sorted(answer.status_code for answer in answers) == [201] * 30 + [429] * 5
    counts = await storage.reviews.counts(passeport.procedure, "2026-03-12", "2026-03-12")
    assert counts["reviews"] == 3 + 20 + 30


def kill_redis(url: str) -> None:
    import redis as library

    with library.Redis.from_url(url) as connection:
        pid = connection.info("server")["process_id"]
    os.kill(int(pid), signal.SIGKILL)


async def test_a_redis_that_never_was_refuses_nothing(
    environ: dict[str, str], passeport: Passeport, clock: MovableClock
) -> None:
    async with limited(environ, clock, VISITOR="2/minute", AVIS_LIMITS_STORAGE="redis://127.0.0.1:1/0") as client:
        assert await statuses(client, passeport.key, 3) == [201, 201, 429]


async def test_a_town_hall_is_not_refused_by_default(
    environ: dict[str, str], storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    """An afternoon of everybody in the building: one address, one opinion every three seconds, all of them counted."""
    settings = load(environ)
    async with running(create_app(settings, clock), settings) as client:
        for _ in range(60):
            assert await statuses(client, passeport.key, 4) == [201] * 4
            clock.move(seconds=12)
    counts = await storage.reviews.counts(passeport.procedure, "2026-03-12", "2026-03-12")
    assert counts["reviews"] == 240
