"""A database that is locked, gone, read-only, full or replaced: each a clear 503, nothing lost, and it recovers."""

import asyncio
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
from httpx import AsyncClient
from litestar import Litestar

from collector.settings import Settings, load
from collector.storage import Storage
from tests.conftest import GOOD, MovableClock, Passeport, environment, found, opened, refusal, running, send
from tests.faults.crowd import Crowd
from tests.faults.test_crash import NO_LIMITS, check
from tests.services import free_port
from tests.serving import AVIS, serving


def file_of(settings: Settings) -> Path:
    assert settings.sqlite_path is not None
    return settings.sqlite_path


def unavailable(answer: httpx.Response) -> bool:
    """A complete 503 that says when to come back."""
    return refusal(answer) == (503, "storage-unavailable") and int(answer.headers["retry-after"]) > 0


@asynccontextmanager
async def locked(settings: Settings) -> AsyncIterator[None]:
    """Another process holds the database in its hands.

    It waits for its turn in a thread: the service runs in this loop, and may have to end a transaction first.
    """
    if settings.sqlite_path:
        with closing(sqlite3.connect(settings.sqlite_path, isolation_level=None, check_same_thread=False)) as other:
            await asyncio.to_thread(other.execute, "BEGIN EXCLUSIVE")
            yield
    else:
        with psycopg.connect(settings.database) as other_server:
            await asyncio.to_thread(other_server.execute, "LOCK TABLE progress IN ACCESS EXCLUSIVE MODE")
            yield


async def test_a_locked_database_is_a_503_and_then_works_again(
    client: AsyncClient, settings: Settings, storage: Storage, passeport: Passeport
) -> None:
    mine = uuid4()
    async with locked(settings):
        assert unavailable(await send(client, passeport.key, id=mine))
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["reasons"]) == (503, ["storage-unavailable"])
    assert (await send(client, passeport.key, id=mine)).status_code == 201
    assert (await client.get("/readyz")).status_code == 200


async def test_a_read_only_database_is_a_503_and_then_works_again(
    client: AsyncClient, settings: Settings, passeport: Passeport, app: Litestar
) -> None:
    assert (await send(client, passeport.key)).status_code == 201
    async with read_only(app, settings):
        assert unavailable(await send(client, passeport.key))
        assert (await client.get("/readyz")).status_code == 503
        assert (await client.get("/healthz")).status_code == 200
    assert (await send(client, passeport.key)).status_code == 201


@asynccontextmanager
async def read_only(app: Litestar, settings: Settings) -> AsyncIterator[None]:
    """What a database says while its disk or its server takes no writes."""
    if settings.sqlite_path:
        # Root may write wherever it likes, and a file that is open stays writable: so inside the service.
        storage: Any = app.dependencies["storage"]
        engine = storage.dependency().engine
        await engine._writer.execute("PRAGMA query_only = ON")
        yield
        await engine._writer.execute("PRAGMA query_only = OFF")
    else:
        with _read_only_server(settings):
            yield


@contextmanager
def _read_only_server(settings: Settings) -> Iterator[None]:
    name = settings.database.rsplit("/", 1)[1]
    with psycopg.connect(settings.database, autocommit=True) as server:
        try:
            server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
            _hang_up(server, name)
            yield
        finally:
            server.execute("SET default_transaction_read_only = off")
            server.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only".encode())
            _hang_up(server, name)


def _hang_up(server: psycopg.Connection, name: str) -> None:
    server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", (name,)
    )


async def test_a_server_that_hangs_up_is_a_503_at_most_and_then_works_again(
    new_postgres: Callable[[], str], postgres: str, tmp_path: Path, clock: MovableClock
) -> None:
    from collector.app import create_app

    settings = load(environment(tmp_path, new_postgres()))
    name = settings.database.rsplit("/", 1)[1]
    async with opened(settings, clock) as storage:
        passeport = await found(storage, clock, "passeport")
    async with running(create_app(settings, clock), settings) as client:
        assert (await send(client, passeport.key)).status_code == 201
        with psycopg.connect(postgres, autocommit=True) as server:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
            _hang_up(server, name)
            assert unavailable(await send(client, passeport.key))
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
        async with asyncio.timeout(20):
            while (answer := await send(client, passeport.key)).status_code != 201:
                assert unavailable(answer)


async def test_a_file_that_is_deleted_or_replaced_is_never_written_into(
    on_sqlite: Settings, clock: MovableClock
) -> None:
    from collector.app import create_app

    path = file_of(on_sqlite)
    async with opened(on_sqlite, clock) as storage:
        passeport = await found(storage, clock, "passeport")
    async with running(create_app(on_sqlite, clock), on_sqlite) as client:
        assert (await send(client, passeport.key)).status_code == 201
        aside = path.with_suffix(".aside")
        path.rename(aside)
        assert unavailable(await send(client, passeport.key))
        assert (await client.get("/readyz")).status_code == 503
        shutil.copy(aside, path)
        assert unavailable(await send(client, passeport.key)), "another file under the same name"
        aside.replace(path)
        assert (await send(client, passeport.key)).status_code == 201
        for file in path.parent.glob("avis.db*"):
            file.unlink()
        for _ in range(3):
            assert unavailable(await send(client, passeport.key))


async def test_a_full_disk_loses_nothing_and_recovers_when_there_is_space(
    tmp_path: Path, on_sqlite: Settings, clock: MovableClock
) -> None:
    """The kernel refuses the service every byte beyond what its files hold now, as a full disk does."""
    async with opened(on_sqlite, clock) as storage:
        passeport = await found(storage, clock, "passeport")
        crowd = Crowd(passeport.key)
        with serving({**environment(on_sqlite.data), **NO_LIMITS}, tmp_path / "log") as service:
            await crowd.send(service.url, people=4, seconds=0.3)
            assert crowd.statuses == {200, 201}
            now = max(file.stat().st_size for file in on_sqlite.data.iterdir())
            resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (now, resource.RLIM_INFINITY))
            await fill_up(crowd, service.url)
            body = {"id": str(uuid4()), "key": passeport.key, "answers": GOOD}
            async with httpx.AsyncClient(base_url=service.url) as client:
                assert unavailable(await client.post("/api/v1/reviews", json=body))
                async with asyncio.timeout(10):
                    # A probe is smaller than a review: it may still fit once or twice.
                    while (await client.get("/readyz")).status_code == 200:
                        pass
                resource.prlimit(
                    service.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
                )
                assert (await client.post("/api/v1/reviews", json=body)).status_code == 201
            await crowd.send(service.url, people=4, seconds=0.3)
        await check(storage, passeport, crowd)
    with closing(sqlite3.connect(file_of(on_sqlite))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def fill_up(crowd: Crowd, url: str) -> None:
    async with asyncio.timeout(20):
        while 503 not in crowd.statuses:
            await crowd.send(url, people=4, seconds=0.2)
    assert crowd.statuses == {200, 201, 503}


def test_a_service_that_cannot_write_does_not_start_and_says_why_in_a_sentence(on_sqlite: Settings) -> None:
    for broken, settings in {
        "a folder that is a file": {"AVIS_DATA": f"{file_of(on_sqlite)}"},
        "a database that is none": {"AVIS_DATABASE": f"sqlite:///{on_sqlite.data}"},
        "a server that is none": {"AVIS_DATABASE": "postgresql://127.0.0.1:1/avis"},
        "a misspelt setting": {"AVIS_DATABSE": "sqlite:///x"},
    }.items():
        done = subprocess.run(
            [AVIS, "serve", "--port", f"{free_port()}"],
            check=False,
            capture_output=True,
            text=True,
            env={**environment(on_sqlite.data), **settings},
            timeout=60,
        )
        assert done.returncode != 0, broken
        assert done.stderr.startswith("Erreur : "), done.stderr
        assert "Traceback" not in done.stderr
