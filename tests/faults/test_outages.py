"""PostgreSQL or Redis goes away, or says nothing: what was acknowledged is kept, the rest is sent again."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import psycopg
import pytest
from litestar import Litestar

from collector.app import create_app
from collector.errors import StorageUnavailable
from collector.privacy.anonymise import anonymise
from collector.schema import SatisfactionAnswers
from collector.settings import Settings, load
from collector.storage.batch import Write
from collector.storage.migrate import migrate
from tests.conftest import GOOD, MovableClock, Passeport, environment, found, opened, running, send
from tests.faults.crowd import Crowd
from tests.faults.test_crash import NO_LIMITS, check
from tests.faults.test_storage import unavailable
from tests.service.test_limits import limited
from tests.services import Postgres, own_postgres, redis_server
from tests.serving import serving

# They say how long something may take.
pytestmark = pytest.mark.alone

Result = TypeVar("Result")

AWAY = 3.0
"""Seconds without PostgreSQL; `AVIS_TEST_AWAY=60` makes it the minute that operators fear."""


class Road:
    """A way to a server that can be closed, or fall silent: open, but nothing comes through.

    `trips` is how often the server has answered what was asked.
    It has a thread of its own: the service asks whether its schema is up to date without giving up the test's.
    """

    def __init__(self, url: str) -> None:
        there = urlsplit(url)
        self._there = (there.hostname, there.port)
        self._url = url
        self.trips = 0
        self._asked = False
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._passing = asyncio.Event()
        self._passing.set()
        self._thread = Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._there_do(asyncio.start_server(self._carry, "127.0.0.1", 0))
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._there_do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        return self._url.replace(f":{self._there[1]}/", f":{self._port}/")

    def fall_silent(self) -> None:
        self._loop.call_soon_threadsafe(self._passing.clear)

    def speak_again(self) -> None:
        self._loop.call_soon_threadsafe(self._passing.set)

    def close(self) -> None:
        async def close() -> None:
            self._server.close()
            for writer in self._open:
                writer.transport.abort()

        self._there_do(close())

    def _there_do(self, what: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(timeout=10)

    async def _end(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(*self._there)
        both = {writer, far_writer}
        self._open |= both
        await asyncio.gather(
            self._one_way(reader, far_writer, asks=True), self._one_way(far_reader, writer, asks=False)
        )
        self._open -= both

    async def _one_way(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, asks: bool) -> None:
        try:
            while part := await reader.read(65536):
                self.trips += self._asked and not asks
                self._asked = asks
                await self._passing.wait()
                writer.write(part)
        except ConnectionError:
            pass
        finally:
            writer.close()


async def _until(done: Callable[[], bool]) -> None:
    """The background's tries come a while after the citizens': twenty seconds at the most."""
    for _ in range(100):
        if done():
            return
        await asyncio.sleep(0.2)


# ---- PostgreSQL


async def test_postgres_crashes_under_load_and_comes_back(tmp_path: Path, clock: MovableClock) -> None:
    away = float(os.environ.get("AVIS_TEST_AWAY", AWAY))
    with own_postgres() as server:
        environ = {**environment(tmp_path, server.url), **NO_LIMITS}
        migrate(settings := load(environ))
        async with opened(settings, clock) as storage:
            passeport = await found(storage, clock, "passeport")
            crowd = Crowd(passeport.key)
            with serving(environ, tmp_path / "log", options=("--workers", "2")) as service:
                sending = asyncio.create_task(crowd.send(service.url, people=24, seconds=away + 5, patient=True))
                await asyncio.sleep(1)
                before, recovered = await go_away(server, crowd, service.url, away)
                await sending
                await _until(lambda: service.said.count("indexed-again") == service.said.count("not-indexed"))
            assert crowd.statuses == {200, 201, 503}
            said = service.said
            assert 1 <= said.count("not-indexed") <= 2, "each worker once, and not each second"
            assert said.count("indexed-again") == said.count("not-indexed")
            assert before > 0
            assert len(crowd.rated) > before, "citizens went on"
            assert recovered < 4, f"{recovered:.1f} s until the first review was stored again"
            await check(storage, passeport, crowd)


async def go_away(server: Postgres, crowd: Crowd, url: str, seconds: float) -> tuple[int, float]:
    """How many reviews there were, and how long after its return the next came."""
    await asyncio.to_thread(server.crash)
    before = len(crowd.rated)
    async with httpx.AsyncClient(base_url=url, timeout=20) as client:
        await asyncio.sleep(seconds / 2)
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["reasons"]) == (503, ["storage-unavailable"])
        assert (await client.get("/healthz")).status_code == 200
        await asyncio.sleep(seconds / 2)
        await asyncio.to_thread(server.start)
        began = time.monotonic()
        while len(crowd.rated) == before and time.monotonic() < began + 60:  # noqa: ASYNC110 - others make it happen
            await asyncio.sleep(0.02)
        recovered = time.monotonic() - began
        while (await client.get("/readyz")).status_code != 200:
            assert time.monotonic() < began + 60
    return before, recovered


async def test_a_worker_that_dies_during_an_outage_is_replaced_and_serves_when_it_is_over(
    tmp_path: Path, clock: MovableClock
) -> None:
    with own_postgres() as server:
        environ = {**environment(tmp_path, server.url), **NO_LIMITS}
        migrate(settings := load(environ))
        async with opened(settings, clock) as storage:
            passeport = await found(storage, clock, "passeport")
        with serving(environ, tmp_path / "log", options=("--workers", "2")) as service:
            server.crash()
            for worker in workers(service.process.pid):
                os.kill(worker, signal.SIGKILL)
            body = {"id": str(uuid4()), "key": passeport.key, "answers": GOOD}
            async with httpx.AsyncClient(base_url=service.url, timeout=30) as client:
                assert unavailable(await persistent(client, body))
                server.start()
                async with asyncio.timeout(20):
                    while (await persistent(client, body)).status_code != 201:  # noqa: ASYNC110 - others make it so
                        await asyncio.sleep(0.1)


def workers(pid: int) -> list[int]:
    """The processes that serve, not the one that counts their semaphores."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


async def persistent(client: httpx.AsyncClient, body: dict[str, Any]) -> httpx.Response:
    """Sends until somebody answers at all."""
    async with asyncio.timeout(20):
        while True:
            try:
                return await client.post("/api/v1/reviews", json=body)
            except httpx.HTTPError:
                await asyncio.sleep(0.1)


@asynccontextmanager
async def on_a_road(
    new_postgres: Callable[[], str], tmp_path: Path, clock: MovableClock
) -> AsyncIterator[tuple[Road, httpx.AsyncClient, Passeport, Any]]:
    """The application, and PostgreSQL at the end of a road that only it uses."""
    with Road(new_postgres()) as road:
        straight = load(environment(tmp_path, road._url))
        settings = load(environment(tmp_path, road.url))
        async with opened(straight, clock) as storage:
            passeport = await found(storage, clock, "passeport")
        app = create_app(settings, clock)
        async with running(app, settings) as client:
            assert (await send(client, passeport.key)).status_code == 201
            yield road, client, passeport, engine_of(app)


async def test_a_postgres_that_says_nothing_is_a_503_in_the_end(
    new_postgres: Callable[[], str], tmp_path: Path, clock: MovableClock
) -> None:
    async with on_a_road(new_postgres, tmp_path, clock) as (road, client, passeport, engine):
        # What follows the ten seconds is psycopg's: five to cancel the statement, five to hear that it was.
        engine.longest_write = 1.0
        road.fall_silent()
        mine, began = uuid4(), time.monotonic()
        assert unavailable(await send(client, passeport.key, id=mine))
        assert time.monotonic() - began < 14
        road.speak_again()
        async with asyncio.timeout(20):
            while not (answer := await send(client, passeport.key, id=mine)).is_success:
                assert unavailable(answer)


async def test_a_batch_is_two_trips_to_the_server(
    new_postgres: Callable[[], str], tmp_path: Path, clock: MovableClock
) -> None:
    with Road(new_postgres()) as road:
        async with opened(load(environment(tmp_path, road.url)), clock) as storage:
            passeport = await found(storage, clock, "passeport")
            target, directory = await storage.intake.target(passeport.key) or (None, 0)
            assert target is not None
            for number in (1, 1, 64):
                before = road.trips
                reviews = [
                    anonymise(uuid4(), target, "fr", None, SatisfactionAnswers(satisfaction="good"), clock())
                    for _ in range(number)
                ]
                outcomes = await storage.intake.commit([Write(review, directory) for review in reviews])
                assert set(outcomes) == {"created"}
                assert road.trips - before == 2, "to read, and to write and commit"


async def test_no_batch_reads_all_reviews_also_where_nobody_has_counted_them_yet(
    new_postgres: Callable[[], str], tmp_path: Path, clock: MovableClock
) -> None:
    async with opened(load(environment(tmp_path, url := new_postgres())), clock) as storage:
        passeport = await found(storage, clock, "passeport")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER TABLE review SET (autovacuum_enabled = off)")
            connection.execute(_MANY_REVIEWS, (passeport.procedure.id, passeport.placement.id))
        target, directory = await storage.intake.target(passeport.key) or (None, 0)
        assert target is not None
        for _ in range(20):  # plans are kept from the sixth time on
            mine = uuid4()
            for said in ("good", "bad"):
                review = anonymise(mine, target, "fr", None, SatisfactionAnswers(satisfaction=said), clock())
                await storage.intake.commit([Write(review, directory)])
    # Each connection tells what it has read when it ends.
    with psycopg.connect(url, autocommit=True) as connection:
        async with asyncio.timeout(20):
            while not (read := connection.execute(_READ).fetchone()) or read[0] < 20:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        assert read[0] < 1000, "some rows for each batch, and none of the other three thousand"


_MANY_REVIEWS = """
INSERT INTO review (procedure_id, placement_id, capability, public_id, form, form_version, lang, minute, day,
    contact_tried, contact_reached, contact_satisfaction, revision, change)
SELECT %s, %s, n, n, 'satisfaction', 1, 'fr', n, '2026-03-12', '[]', '{}', '{}', 1, -n
FROM generate_series(1, 3000) AS n"""
_READ = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'review'"


async def test_the_form_is_shown_while_postgres_is_away(
    new_postgres: Callable[[], str], tmp_path: Path, clock: MovableClock
) -> None:
    async with on_a_road(new_postgres, tmp_path, clock) as (road, client, passeport, _):
        road.close()
        assert (await client.get(f"/avis/{passeport.key}")).status_code == 200
        never_seen = await client.get(f"/avis/{passeport.malfunction.key}")
        assert never_seen.status_code == 503
        assert int(never_seen.headers["retry-after"]) > 0


async def test_slow_readers_keep_no_citizen_waiting(
    new_postgres: Callable[[], str], tmp_path: Path, clock: MovableClock
) -> None:
    settings = load(environment(tmp_path, new_postgres()))
    app = create_app(settings, clock)
    async with opened(settings, clock) as storage:
        passeport = await found(storage, clock, "passeport")
    async with running(app, settings) as client:
        engine = engine_of(app)

        async def read_for_long() -> None:
            async with engine.read() as connection:
                await connection.execute("SELECT pg_sleep(2)")

        assert (await send(client, passeport.key)).status_code == 201
        reading = [asyncio.create_task(read_for_long()) for _ in range(8)]
        await asyncio.sleep(0.2)
        began = time.monotonic()
        assert (await send(client, passeport.key)).status_code == 201
        assert time.monotonic() - began < 1
        await asyncio.gather(*reading, return_exceptions=True)


async def test_who_reads_cannot_write(new_postgres: Callable[[], str], tmp_path: Path, clock: MovableClock) -> None:
    async with opened(load(environment(tmp_path, new_postgres())), clock) as storage:
        with pytest.raises(StorageUnavailable) as refused:
            async with storage.engine.read() as connection:
                await connection.execute("UPDATE progress SET change = change + 1")
        assert isinstance(refused.value.__cause__, psycopg.errors.ReadOnlySqlTransaction)


def engine_of(app: Litestar) -> Any:
    provided: Any = app.dependencies["storage"]
    return provided.dependency().engine


# ---- Redis


async def test_a_redis_that_says_nothing_costs_one_citizen_a_second(
    environ: dict[str, str], passeport: Passeport, clock: MovableClock, redis: str
) -> None:
    with Road(redis) as road:
        async with limited(environ, clock, VISITOR="100/minute", AVIS_LIMITS_STORAGE=road.url) as client:
            assert (await send(client, passeport.key)).status_code == 201
            road.fall_silent()
            began = time.monotonic()
            assert (await send(client, passeport.key)).status_code == 201
            assert time.monotonic() - began < 3
            began = time.monotonic()
            answers = await asyncio.gather(*(send(client, passeport.key) for _ in range(20)))
            assert {answer.status_code for answer in answers} == {201}
            assert time.monotonic() - began < 1
            road.speak_again()


async def test_redis_away_and_back_is_said_on_readyz_and_in_the_log_also_while_nobody_sends(
    on_sqlite: Settings, clock: MovableClock, redis: str, capfd: pytest.CaptureFixture[str]
) -> None:
    environ = environment(on_sqlite.data)
    async with opened(on_sqlite, clock) as storage:
        passeport = await found(storage, clock, "passeport")
    with Road(redis) as road:
        async with limited(environ, clock, VISITOR="100/minute", AVIS_LIMITS_STORAGE=road.url) as client:
            assert "degraded" not in (await client.get("/readyz")).json()
            road.fall_silent()
            away = (await client.get("/readyz")).json()
            assert (away["status"], away["degraded"]) == ("ready", ["limits-storage-away"])
            road.speak_again()
            async with asyncio.timeout(15):
                while "degraded" in (await client.get("/readyz")).json():  # noqa: ASYNC110 - nothing else says it
                    await asyncio.sleep(0.5)
            assert (await send(client, passeport.key)).status_code == 201
    log = capfd.readouterr().err
    assert log.index("limits-storage-away") < log.index("limits-storage-back")
    assert log.count("limits-storage-away") == 1


async def test_a_service_that_starts_without_redis_refuses_nothing_and_says_so(
    tmp_path: Path, clock: MovableClock
) -> None:
    with redis_server() as url:
        pass
    environ = {**environment(tmp_path / "data"), "AVIS_LIMITS_STORAGE": url}
    migrate(settings := load(environ))
    async with opened(settings, clock) as storage:
        passeport = await found(storage, clock, "passeport")
    with serving(environ, tmp_path / "log") as service:
        body = {"id": str(uuid4()), "key": passeport.key, "answers": GOOD}
        async with httpx.AsyncClient(base_url=service.url) as client:
            assert (await client.post("/api/v1/reviews", json=body)).status_code == 201
            assert (await client.get("/readyz")).json()["degraded"] == ["limits-storage-away"]
        assert "limits-storage-away" in service.said
