"""`avis restore`: what was backed up is back, what was there is put aside, and nobody misses what comes after."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from collector.exports.pull import pull
from collector.housekeeping import Housekeeping
from collector.housing import backup
from collector.housing.errors import BackupForeign, BackupNewer, InUse, NotEmpty, NotTheSame
from collector.retention import Retention
from collector.schema import utc_now
from collector.settings import load
from collector.storage.migrate import known
from tests.conftest import NOON, MovableClock, environment, opened
from tests.service.test_backup import execute, rows
from tests.service.test_commands import ADD, Commands
from tests.serving import Service, serving


@pytest.fixture
def environ(request: pytest.FixtureRequest, environ: dict[str, str]) -> dict[str, str]:
    """On PostgreSQL a database of one's own: its schema is renamed here."""
    if environ["AVIS_DATABASE"]:
        new: Callable[[], str] = request.getfixturevalue("new_postgres")
        return {**environ, "AVIS_DATABASE": new()}
    return environ


@pytest.fixture
def run(environ: dict[str, str]) -> Commands:
    return Commands(environ)


def figures(run: Commands, environ: dict[str, str]) -> list[Any]:
    """Every indicator's sums, by procedure and day."""
    return sorted(execute(environ, "SELECT * FROM day_count"))


def test_a_restored_database_is_the_one_that_was_backed_up(
    run: Commands, environ: dict[str, str], tmp_path: Path
) -> None:
    run("demo", "--reviews", "300", "--days", "40")
    file, before = tmp_path / "copy.avis", figures(run, environ)
    (head,) = run.json("journal", "--verify")
    run("backup", str(file))
    execute(environ, "DELETE FROM review", "DELETE FROM day_count", "DELETE FROM journal")
    (said,) = run.json("restore", str(file), "--force")
    assert (said["same_keys"], said["migrations"]) == (True, [])
    assert rows(environ, "review") == 300
    assert figures(run, environ) == before
    (last,) = run.json("journal", "--number", "1")
    assert (last["act"], last["number"], last["details"]) == (
        "database.restore",
        head["lines"] + 1,
        {"rows": said["rows"]},
    )
    assert run.json("journal", "--verify")[0]["broken"] is None
    (again,) = run.json("backup", str(tmp_path / "again.avis"))
    assert again["recount"]["differing"] == 0


def test_a_database_that_holds_data_is_not_replaced_unasked_and_then_put_aside(
    run: Commands, environ: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "copy.avis"
    run(*ADD)
    run("backup", str(file))
    run("procedure", "close", "passeport")
    with pytest.raises(NotEmpty, match="--force"):
        run("restore", str(file))
    assert run.json("procedure", "list")[0]["state"] == "closed"
    (said,) = run.json("restore", str(file), "--force")
    assert run.json("procedure", "list")[0]["state"] == "open"
    assert state_aside(environ, said["aside"]) == "closed"


def state_aside(environ: dict[str, str], aside: str) -> str:
    if environ["AVIS_DATABASE"]:
        return str(execute(environ, f"SELECT state FROM {aside}.procedure")[0][0])  # noqa: S608 - a name of ours
    with closing(sqlite3.connect(aside)) as file:
        return str(file.execute("SELECT state FROM procedure").fetchone()[0])


def test_an_empty_machine_takes_a_backup_without_being_forced(
    run: Commands, environ: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    file = tmp_path / "copy.avis"
    run(*ADD)
    run("backup", str(file))
    if environ["AVIS_DATABASE"]:
        new: Callable[[], str] = request.getfixturevalue("new_postgres")
        elsewhere = Commands({**environ, "AVIS_DATABASE": new()})
    else:
        elsewhere = Commands({**environ, "AVIS_DATA": str(tmp_path / "other")})
    assert "1 lignes" not in elsewhere("restore", str(file))
    assert elsewhere.json("procedure", "list") == run.json("procedure", "list")


def test_a_running_service_is_never_pulled_from_under_its_visitors(
    run: Commands, environ: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "copy.avis"
    run(*ADD)
    run("backup", str(file))
    with serving(environ, tmp_path / "log"), pytest.raises(InUse, match="Arrêtez"):
        run("restore", str(file), "--force")
    run("restore", str(file), "--force")


def test_a_restore_that_fails_leaves_everything_in_its_place(
    run: Commands, environ: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "copy.avis"
    run(*ADD)
    run("backup", str(file))
    lying(file, b'"rows": 1,', b'"rows": 2,')
    with pytest.raises(NotTheSame):
        run("restore", str(file), "--force")
    assert [each["slug"] for each in run.json("procedure", "list")] == ["passeport"]
    assert rows(environ, "procedure") == 1
    with serving(environ, tmp_path / "log") as service:
        assert httpx.get(f"{service.url}/readyz").status_code == 200


def lying(file: Path, this: bytes, that: bytes) -> None:
    """Change the manifest of a backup, and nothing else; as long as before."""
    whole = file.read_bytes()
    assert this in whole
    assert len(this) == len(that)
    file.write_bytes(whole.replace(this, that, 1))


def test_an_older_backup_is_migrated(tmp_path: Path) -> None:
    environ = environment(tmp_path / "data")
    file, settings = tmp_path / "copy.avis", load(environ)
    first, *others = known("sqlite")
    settings.data.mkdir()
    with closing(sqlite3.connect(tmp_path / "data" / "avis.db")) as database:
        database.executescript(first.sql)
        database.execute("CREATE TABLE migration (name TEXT PRIMARY KEY, digest TEXT NOT NULL, at TEXT NOT NULL)")
        database.execute("INSERT INTO migration VALUES (?, ?, '2026-01-01')", (first.name, first.digest))
        database.execute("INSERT INTO organisation (name, ministry) VALUES ('Mairie', 'Intérieur')")
        database.commit()
    backup.make(settings, file, version="0.0.9", now=NOON)
    (said,) = Commands(environ).json("restore", str(file), "--force")
    assert said["migrations"] == [step.name for step in others]
    assert execute(environ, "SELECT name FROM organisation") == [("Mairie",)]
    Commands(environ)(*ADD)


def test_a_newer_backup_is_refused_and_says_which_version_to_install(tmp_path: Path) -> None:
    run, file = Commands(environment(tmp_path / "data")), tmp_path / "copy.avis"
    run(*ADD)
    run("backup", str(file))
    last = known("sqlite")[-1].name
    lying(file, last.encode(), b"9" * len(last))
    with pytest.raises(BackupNewer, match=f"{'9' * len(last)}.*0.1.0"):
        run("restore", str(file), "--force")


def test_another_engine_or_format_is_refused_with_what_to_do(
    run: Commands, environ: dict[str, str], tmp_path: Path, clean_postgres: str
) -> None:
    file = tmp_path / "copy.avis"
    run(*ADD)
    run("backup", str(file))
    other = environment(tmp_path / "other", "" if environ["AVIS_DATABASE"] else clean_postgres)
    with pytest.raises(BackupForeign, match="avis move"):
        Commands(other)("restore", str(file))
    lying(file, b'"format": 1', b'"format": 9')
    with pytest.raises(BackupNewer, match="Installez"):
        run("restore", str(file), "--force")


def test_another_secret_key_is_told(run: Commands, environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "copy.avis"
    run(*ADD)
    run("backup", str(file))
    other = {**environ, "AVIS_SECRET_KEYS": "another-key-of-the-tests-and-nothing-else"}
    assert "n'est pas celle de la sauvegarde" in Commands(other)("restore", str(file), "--force")
    rotated = {
        **environ,
        "AVIS_SECRET_KEYS": f"a-newer-key-of-the-tests-and-nothing-else,{environ['AVIS_SECRET_KEYS']}",
    }
    assert Commands(rotated).json("restore", str(file), "--force")[0]["same_keys"] is True


def test_jobs_miss_no_review_that_comes_after_an_older_backup_was_restored(
    run: Commands, environ: dict[str, str], tmp_path: Path
) -> None:
    """The job has read on to changes that the backup had not given yet: the next ones must be higher still."""
    key = run.json(*ADD)[0]["placements"][0]["key"]
    (link,) = run.json("link", "create", "--all", "--content", "reviews", "--format", "ndjson")
    file, copy = tmp_path / "copy.avis", tmp_path / "pulled"

    def url(service: Service) -> str:
        return str(link["url"]).replace(environ["AVIS_BASE_URL"], service.url)

    with serving(environ, tmp_path / "log") as service:
        run("backup", str(file))
        for _ in range(5):
            rate(service, key)
        assert pull(url(service), copy).total == 5
    run("restore", str(file), "--force")
    with serving(environ, tmp_path / "log") as service:
        rate(service, key)
        last = pull(url(service), copy)
        assert (last.added, last.total) == (1, 6)


def rate(service: Service, key: str) -> None:
    body = {"id": str(uuid4()), "key": key, "answers": {"satisfaction": "good"}}
    assert httpx.post(f"{service.url}/api/v1/reviews", json=body).status_code == 201


def test_a_restored_backup_forgets_on_its_first_day_what_is_too_old_by_now(
    run: Commands, environ: dict[str, str], tmp_path: Path
) -> None:
    run("demo", "--reviews", "300", "--days", "200")
    file = tmp_path / "copy.avis"
    execute(environ, "DELETE FROM purge")
    run("backup", str(file))
    shorter = {**environ, "AVIS_KEEP_VERBATIMS": "30d"}
    Commands(shorter)("purge")
    run("restore", str(file), "--force")
    assert Commands(shorter).json("purge", "--dry-run")[0]["verbatims"] > 0
    asyncio.run(first_minute(shorter))
    assert Commands(shorter).json("purge", "--dry-run")[0]["verbatims"] == 0


async def first_minute(environ: dict[str, str]) -> None:
    settings = load(environ)
    async with opened(settings, MovableClock(utc_now())) as storage:
        await Housekeeping(storage, Retention(storage, settings, utc_now), utc_now).once()
