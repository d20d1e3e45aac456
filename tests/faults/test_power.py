"""The power goes: what was acknowledged is on the disk."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from httpx import AsyncClient

from collector.app import create_app
from collector.settings import Settings, load
from collector.storage.migrate import migrate
from tests.conftest import MovableClock, Passeport, environment, found, opened, running, send
from tests.faults.crowd import Crowd
from tests.faults.disks import Disk
from tests.faults.nursery import served
from tests.faults.test_crash import NO_LIMITS, check

CUTS = 8


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with Disk(tmp_path).mounted() as disk:
        yield disk


@contextmanager
def standing_still(pid: int | None) -> Iterator[None]:
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    yield
    os.kill(pid, signal.SIGCONT)


async def test_what_was_acknowledged_survives_a_power_cut_under_load(
    disk: Disk, tmp_path: Path, clock: MovableClock
) -> None:
    settings = load(environment(disk.path / "data"))
    migrate(settings)
    async with opened(settings, clock) as storage:
        passeport = await found(storage, clock, "passeport")
    os.sync()
    crowd = Crowd(passeport.key)
    with served({**environment(settings.data), **NO_LIMITS}, tmp_path / "log") as (url, process):
        sending = asyncio.create_task(crowd.send(url, people=12, seconds=30))
        for cut in range(CUTS):
            while len(crowd.rated) < (cut + 1) * 25:  # noqa: ASYNC110 - another process makes it happen
                await asyncio.sleep(0.003)
            promised = crowd.so_far()
            with standing_still(process.pid), disk.after_power_cut() as path:
                await survived(path / "data", clock, passeport, promised)
        process.kill()
        await sending


async def survived(data: Path, clock: MovableClock, passeport: Passeport, promised: Crowd) -> None:
    settings = load(environment(data))
    async with opened(settings, clock) as storage:
        await check(storage, passeport, promised)
    sound(settings)


def sound(settings: Settings) -> None:
    assert settings.sqlite_path is not None
    with closing(sqlite3.connect(settings.sqlite_path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize(("synchronous", "kept"), [("FULL", 100), ("OFF", 0)])
def test_a_power_cut_is_one(disk: Disk, synchronous: str, kept: int) -> None:
    """The disk of these tests loses what nobody synced: it would show a service that did not."""
    with closing(sqlite3.connect(disk.path / "some.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE said (number INTEGER)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        os.sync()
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        for number in range(100):
            connection.execute("INSERT INTO said VALUES (?)", (number,))
        with disk.after_power_cut() as path, closing(sqlite3.connect(path / "some.db")) as found:
            assert found.execute("SELECT COUNT(*) FROM said").fetchone() == (kept,)


async def test_whatever_is_left_of_what_was_not_synced_the_rest_is_sound(
    on_sqlite: Settings, tmp_path: Path, clock: MovableClock
) -> None:
    """Of the log's unsynced end the disk may have kept a part, nothings, or other bytes, cut off anywhere.

    Whoever was answered was answered after the log was synced up to there (`synchronous=FULL`; the tests above see
    that it is). So the log as it is at that moment is what the disk holds for certain, and whatever comes later in the
    file is the end that we may spoil. The database's own file is written by checkpoints alone, which sync the log first
    and keep it until that file is synced too; there is none here.
    """
    async with opened(on_sqlite, clock) as storage:
        passeport = await found(storage, clock, "passeport")
    crowd = Crowd(passeport.key)
    async with running(create_app(on_sqlite, clock), on_sqlite) as client:
        await rate(client, crowd, passeport, 30)
        promised = crowd.so_far()
        assert on_sqlite.sqlite_path is not None
        database, log = on_sqlite.sqlite_path.read_bytes(), wal(on_sqlite.sqlite_path)
        await rate(client, crowd, passeport, 12)
        end = wal(on_sqlite.sqlite_path)[len(log) :]
        assert len(end) > 20_000
    for number, left in enumerate(spoilt(end)):
        data = tmp_path / f"found{number}"
        data.mkdir()
        (data / "avis.db").write_bytes(database)
        wal_of(data / "avis.db").write_bytes(log + left)
        await survived(data, clock, passeport, promised)


async def rate(client: AsyncClient, crowd: Crowd, passeport: Passeport, number: int) -> None:
    from uuid import uuid4

    for _ in range(number):
        mine = uuid4()
        assert (await send(client, passeport.key, id=mine)).status_code == 201
        crowd.rated.add(mine)


def wal_of(database: Path) -> Path:
    return database.with_name(f"{database.name}-wal")


def wal(database: Path) -> bytes:
    return wal_of(database).read_bytes()


def spoilt(end: bytes) -> Iterator[bytes]:
    frame = 24 + 4096
    for length in (0, 1, 23, 24, 25, 4095, frame, frame + 1, 2 * frame, 5 * frame - 1, len(end) // 2, len(end) - 1):
        yield end[:length]
        yield end[:length] + bytes(len(end) - length)
        yield end[:length] + os.urandom(len(end) - length)
    # Blocks reach a disk in any order: a later one may be there and an earlier one not.
    for first in range(0, len(end), 4 * 4096):
        yield end[:first] + bytes(4096) + end[first + 4096 :]
    yield end
