"""A migration that is killed half-way leaves no half; of several that start at once, each step is run by one."""

import json
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from collector.settings import Settings, load
from collector.storage.migrate import known, migrate, missing
from tests.conftest import environment
from tests.faults import nursery

DEATHS = {"sqlite": 25, "postgres": 8}


@pytest.fixture
def empty_postgres(postgres: str) -> Callable[[], str]:
    """A database without a single table."""

    def create() -> str:
        name = f"avis_{uuid4().hex[:12]}"
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"{postgres.rsplit('/', 1)[0]}/{name}"

    return create


@pytest.fixture(params=["sqlite", "postgres"])
def new(
    request: pytest.FixtureRequest, tmp_path: Path, empty_postgres: Callable[[], str]
) -> Callable[[str], dict[str, str]]:
    """The environment of a new, empty database."""

    def environ(name: str) -> dict[str, str]:
        return environment(tmp_path / name, empty_postgres() if request.param == "postgres" else "")

    return environ


def schema(settings: Settings) -> list[tuple[object, ...]]:
    """Everything that a migration makes, and the ledger of what ran."""
    if settings.sqlite_path:
        with closing(sqlite3.connect(settings.sqlite_path)) as connection:
            made = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
            return [*made, *connection.execute("SELECT name, digest FROM migration ORDER BY name")]
    with psycopg.connect(settings.database) as server:
        columns = server.execute(
            "SELECT table_name, column_name, data_type, column_default, is_nullable FROM information_schema.columns"
            " WHERE table_schema = 'public' ORDER BY table_name, column_name"
        ).fetchall()
        indices = server.execute("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        ledger = server.execute("SELECT name, digest FROM migration ORDER BY name")
        return [*columns, *indices.fetchall(), *ledger.fetchall()]


def test_a_migration_that_is_killed_half_way_is_finished_by_the_next(
    new: Callable[[str], dict[str, str]], tmp_path: Path
) -> None:
    whole = load(new("whole"))
    migrate(whole)
    expected = schema(whole)
    chance = random.Random(3)  # noqa: S311 - moments of death, not secrets
    half_way = 0
    deaths = DEATHS["sqlite" if whole.sqlite_path else "postgres"]
    for number in range(deaths):
        environ = new(f"killed{number}")
        settings = load(environ)
        process = nursery.start(environ, tmp_path / "log", "migrate")
        until_it_has_begun(settings)
        time.sleep(chance.uniform(0, 0.03))
        process.kill()
        process.join()
        half_way += bool(missing(settings))
        if settings.sqlite_path:
            with closing(sqlite3.connect(settings.sqlite_path)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        migrate(settings)
        assert schema(settings) == expected
    assert half_way, "otherwise nobody died at the right moment"


def until_it_has_begun(settings: Settings) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if settings.sqlite_path:
            if settings.sqlite_path.exists():
                return
        else:
            with psycopg.connect(settings.database) as server:
                others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                if server.execute(others).fetchone():
                    return
    raise AssertionError("it never began")


def test_instances_that_migrate_at_once_do_it_once(new: Callable[[str], dict[str, str]], tmp_path: Path) -> None:
    for number in range(8):
        environ = new(f"together{number}")
        log = tmp_path / f"log{number}"
        started = [nursery.start(environ, log, "migrate", "--json") for _ in range(4)]
        for process in started:
            process.join(timeout=60)
        assert [process.exitcode for process in started] == [0] * 4, log.read_text()
        settings = load(environ)
        ran = [name for line in log.read_text().splitlines() for name in json.loads(line)["migrations"]]
        assert sorted(ran) == [step.name for step in known("sqlite" if settings.sqlite_path else "postgres")]
        assert missing(settings) == []
