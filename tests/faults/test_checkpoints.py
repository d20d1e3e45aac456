"""SQLite's write-ahead log is copied into the file beside the writer, so that no commit has to do it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from collector.settings import Settings
from collector.storage import Storage, sqlite
from tests.conftest import MovableClock, opened


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "CHANGES", 50)


async def fill(storage: Storage, rounds: int) -> None:
    """Some 40 kB of log in each round."""
    async with storage.engine.write() as connection:
        await connection.execute("CREATE TABLE IF NOT EXISTS filler (text TEXT)")
    for _ in range(rounds):
        async with storage.engine.write() as connection:
            for _ in range(10):
                await connection.execute("INSERT INTO filler VALUES (?)", ("x" * 4000,))
        await copied(storage)


async def copied(storage: Storage) -> None:
    """Until no copying is under way."""
    engine: Any = storage.engine
    if engine._copying:
        await engine._copying


def log_of(settings: Settings) -> int:
    assert settings.sqlite_path
    return Path(f"{settings.sqlite_path}-wal").stat().st_size


@pytest.mark.usefixtures("often")
async def test_the_log_stays_short_while_much_is_written(on_sqlite: Settings, clock: MovableClock) -> None:
    async with opened(on_sqlite, clock) as storage:
        await fill(storage, 10)
        longest = log_of(on_sqlite)
        await fill(storage, 40)
        assert log_of(on_sqlite) <= longest < 1_500_000, "two megabytes were written"


@pytest.mark.usefixtures("often")
async def test_somebody_who_reads_for_long_keeps_the_log_and_stops_nobody(
    on_sqlite: Settings, clock: MovableClock
) -> None:
    async with opened(on_sqlite, clock) as storage:
        await fill(storage, 1)
        with closing(sqlite3.connect(str(on_sqlite.sqlite_path), isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT COUNT(*) FROM filler").fetchone()
            await fill(storage, 40)
            kept = log_of(on_sqlite)
            assert reader.execute("SELECT COUNT(*) FROM filler").fetchone() == (10,)
        assert kept > 1_600_000
        await fill(storage, 40)
        assert log_of(on_sqlite) < kept + 400_000, "it began anew once nobody read it any more"
