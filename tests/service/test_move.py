"""`avis move`: everything from SQLite to PostgreSQL, whatever is cut on the way; nobody notices but the operator."""

import asyncio
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from collector.errors import StorageUnavailable
from collector.exports.pull import pull
from collector.housing.errors import InUse, NotEmpty, NotTheSame, Unmovable
from collector.housing.passing import WORDS
from collector.indicators import indicators
from collector.privacy.contacts import seal, unseal
from collector.settings import load
from collector.storage.migrate import UnfinishedMove
from tests.conftest import MovableClock, environment, opened
from tests.faults.test_crash import NO_LIMITS
from tests.service.test_backup import REMARKS, execute
from tests.service.test_commands import ADD, Commands
from tests.services import free_port
from tests.serving import AVIS, Service, serving


@pytest.fixture
def old(tmp_path: Path) -> dict[str, str]:
    """The settings before the move."""
    return {**environment(tmp_path / "data"), **NO_LIMITS}


@pytest.fixture
def new(old: dict[str, str], new_postgres: Callable[[], str]) -> dict[str, str]:
    """The settings after it."""
    return {**old, "AVIS_DATABASE": new_postgres()}


def everything(environ: dict[str, str]) -> dict[str, list[str]]:
    """The rows of every table but leases, the journal and the words' index, as a reader of both would write them."""
    with closing(sqlite3.connect(Path(environ["AVIS_DATA"], "avis.db"))) as file:
        found: dict[str, list[str]] = {}
        names = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in sorted(names - WORDS - {"journal", "journal_head", "lease", "migration", "sqlite_sequence"}):
            columns = sorted(row[1] for row in file.execute(f"PRAGMA table_info({table})"))
            rows = execute(environ, f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608 - names of ours
            found[table] = sorted(map(repr, rows))
    return found


def figures(environ: dict[str, str], slug: str) -> list[tuple[str, object]]:
    async def read() -> list[tuple[str, object]]:
        async with opened(load(environ), MovableClock()) as storage:
            procedure = await storage.catalogue.procedure(slug)
            assert procedure
            counts = await storage.reviews.counts(procedure, "0001-01-01", "9999-12-31")
            return [(each.name, (each.count, each.value, each.low, each.high)) for each in indicators(counts)]

    return asyncio.run(read())


def send(service: Service, key: str, mine: UUID, **answers: object) -> int:
    body = {"id": str(mine), "key": key, "answers": {"satisfaction": "good", **answers}}
    return httpx.post(f"{service.url}/api/v1/reviews", json=body).status_code


def at(service: Service, link: dict[str, Any]) -> str:
    return str(link["url"]).replace("https://avis.exemple.fr", service.url)


def test_nobody_notices_a_move_but_the_operator(old: dict[str, str], new: dict[str, str], tmp_path: Path) -> None:
    run = Commands(old)
    run("demo", "--reviews", "400", "--days", "60")
    slug = run.json("procedure", "list")[0]["slug"]
    key = run.json(*ADD)[0]["placements"][0]["key"]
    (link,) = run.json("link", "create", "--all", "--content", "reviews", "--format", "ndjson")
    # What a number was given to once, no other may get: here a row that is gone was the last.
    execute(
        old,
        *REMARKS,
        "INSERT INTO organisation (id, name, ministry) VALUES (77, 'a', 'b')",
        "DELETE FROM organisation WHERE id = 77",
    )
    sealed = seal("alice@exemple.fr", (old["AVIS_SECRET_KEYS"],))
    contact = "INSERT INTO contact SELECT procedure_id, 'x', x'SEALED', '2999' FROM placement LIMIT 1"
    execute(old, contact.replace("SEALED", sealed.hex()))
    mine, copy = uuid4(), tmp_path / "copy"
    with serving(old, tmp_path / "log") as service:
        assert send(service, key, mine) == 201
        first = pull(at(service, link), copy)
    before, shown = everything(old), figures(old, slug)
    assert dict(shown)["satisfaction"] != (0, None, None, None)
    journal = run.json("journal")

    (said,) = run.json("move", "--to", new["AVIS_DATABASE"])
    assert (said["resumed"], said["tables"]["review"]["rows"]) == (0, 401)

    assert everything(new) == before
    assert len(before["operation"]) > len(before["operation_import"]) > 0, "what owners brought in, and can take back"
    assert len(before["note"]) == len(before["review_tag"]) == 1
    assert len(before["edition"]) == 1
    assert len(before["criterion"]) > 20
    assert everything(old) == before, "the source stays as it was"
    assert figures(new, slug) == shown
    run = Commands(new)
    moved, *others = run.json("journal")
    assert (moved["act"], others) == ("database.move", journal)
    assert run.json("journal", "--verify")[0]["broken"] is None
    with serving(new, tmp_path / "log") as service:
        assert pull(at(service, link), copy).cursor >= first.cursor
        assert send(service, key, mine, comprehension=5) == 200, "a page that was open meanwhile completes its review"
        assert send(service, key, uuid4()) == 201
        last = pull(at(service, link), copy)
        assert (last.added, last.updated, last.total) == (1, 1, first.total + 1)
        assert len(httpx.get(at(service, link)).text.splitlines()) == first.total + 1
    added = run.json("procedure", "add", "--title", "T", "--slug", "t", "--organisation", "O", "--ministry", "M")
    assert execute(new, "SELECT id FROM organisation WHERE name = 'O'") == [(78,)]
    assert added
    assert (
        unseal(bytes(execute(new, "SELECT sealed FROM contact")[0][0]), (old["AVIS_SECRET_KEYS"],))
        == "alice@exemple.fr"
    )
    (backed,) = run.json("backup", str(tmp_path / "after.avis"))
    assert backed["recount"]["differing"] == 0


def test_people_read_which_setting_to_change_and_never_a_password(old: dict[str, str], new: dict[str, str]) -> None:
    Commands(old)(*ADD)
    url = new["AVIS_DATABASE"].replace("avis@", "avis:s3cret@")
    said = Commands(old)("move", "--to", url)
    assert "AVIS_DATABASE=postgresql://avis:…@" in said
    assert "s3cret" not in said


def start(old: dict[str, str], url: str, tmp_path: Path) -> "subprocess.Popen[bytes]":
    service = Service(old, tmp_path / "log", 1)
    return subprocess.Popen([AVIS, "move", "--to", url], env=service.environ, stderr=subprocess.DEVNULL)


def carried(url: str) -> int:
    """How many reviews have arrived."""
    with psycopg.connect(url) as server:
        row = server.execute("SELECT COUNT(*) FROM review").fetchone()
        assert row
        return int(row[0])


def many(old: dict[str, str], number: int) -> None:
    """Reviews enough for several batches."""
    Commands(old)(*ADD)
    execute(
        old,
        "INSERT INTO review (procedure_id, capability, public_id, placement_id, form, form_version, lang, minute, day,"
        " contact_tried, contact_reached, contact_satisfaction, verbatim, revision, change)"
        " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < NUMBER)"
        " SELECT 1, 'c' || i, 'p' || i, 1, 'satisfaction', 1, 'fr', i, '2026-03-12', '[]', '{}', '{}', 'été ' || i,"
        " 1, i FROM n".replace("NUMBER", str(number)),
    )


def killed_half_way(old: dict[str, str], url: str, tmp_path: Path) -> int:
    """Kill a move once some reviews have arrived; how many had."""
    process = start(old, url, tmp_path)
    deadline = time.monotonic() + 60
    while not (arrived := carried(url)):
        assert process.poll() is None, "it was faster than we"
        assert time.monotonic() < deadline
    process.send_signal(signal.SIGKILL)
    process.wait()
    return arrived


def test_a_move_that_was_killed_goes_on_where_it_was(old: dict[str, str], new: dict[str, str], tmp_path: Path) -> None:
    many(old, 60_000)
    url = new["AVIS_DATABASE"]
    arrived = killed_half_way(old, url, tmp_path)
    assert 0 < carried(url) < 60_000
    with pytest.raises(UnfinishedMove, match="Relancez"):
        Commands(new)("procedure", "list")
    done = subprocess.run(
        [AVIS, "serve", "--port", f"{free_port()}"],
        env=Service(new, tmp_path / "log", 1).environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "déménagement" in done.stderr) == (1, True)
    (said,) = Commands(old).json("move", "--to", url)
    assert said["resumed"] >= arrived
    assert everything(new) == everything(old)


def test_a_source_that_was_used_in_between_is_carried_anew(
    old: dict[str, str], new: dict[str, str], tmp_path: Path
) -> None:
    many(old, 60_000)
    killed_half_way(old, new["AVIS_DATABASE"], tmp_path)
    execute(old, "UPDATE review SET verbatim = 'masqué' WHERE seq = 1")
    (said,) = Commands(old).json("move", "--to", new["AVIS_DATABASE"])
    assert said["resumed"] == 0
    assert everything(new) == everything(old)


def test_a_row_that_arrives_otherwise_is_found_and_the_next_attempt_mends_it(
    old: dict[str, str], new: dict[str, str]
) -> None:
    many(old, 20)
    execute(
        new,
        "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NEW.verbatim := upper(NEW.verbatim); RETURN NEW; END $$",
        "CREATE TRIGGER spoil BEFORE INSERT ON review FOR EACH ROW WHEN (NEW.seq = 7) EXECUTE FUNCTION spoil()",
    )
    with pytest.raises(NotTheSame, match=r"review\. Relancez"):
        Commands(old)("move", "--to", new["AVIS_DATABASE"])
    with pytest.raises(UnfinishedMove):
        Commands(new)("procedure", "list")
    execute(new, "DROP FUNCTION spoil CASCADE")
    Commands(old)("move", "--to", new["AVIS_DATABASE"])
    assert everything(new) == everything(old)


def test_what_cannot_be_moved_is_refused_with_what_to_do(
    old: dict[str, str], new: dict[str, str], tmp_path: Path
) -> None:
    url, run = new["AVIS_DATABASE"], Commands(old)
    with pytest.raises(Unmovable, match="part de la base SQLite"):
        run("move", "--to", url)
    run(*ADD)
    with pytest.raises(Unmovable, match="postgresql://"):
        run("move", "--to", "mysql://localhost/avis")
    with pytest.raises(StorageUnavailable, match="La base refuse"):
        run("move", "--to", "postgresql://127.0.0.1:1/avis")
    with pytest.raises(Unmovable):
        Commands(new)("move", "--to", url)
    with serving(old, tmp_path / "log"), pytest.raises(InUse, match="Arrêtez"):
        run("move", "--to", url)
    with closing(sqlite3.connect(Path(old["AVIS_DATA"], "avis.db"), isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        with pytest.raises(InUse):
            run("move", "--to", url)
    Commands(new)("procedure", "add", "--title", "Autre", "--slug", "autre")
    with pytest.raises(NotEmpty, match="rien n'y est jamais effacé"):
        run("move", "--to", url)
    assert [each["slug"] for each in Commands(new).json("procedure", "list")] == ["autre"]


def test_a_database_that_was_only_ever_migrated_and_served_is_empty(
    old: dict[str, str], new: dict[str, str], tmp_path: Path
) -> None:
    """An update leaves a line in the journal, a service its salt and its days: nothing that anybody would miss."""
    Commands(old)(*ADD)
    execute(
        new,
        "INSERT INTO journal VALUES (1, '2026-03-12', 'command', 'schema.migrate', '0001_first', '{}', 'x')",
        "INSERT INTO journal_head (one, number, digest) VALUES (1, 1, 'x')",
        "INSERT INTO purge (day, change) VALUES ('2026-03-12', 1)",
    )
    with serving(new, tmp_path / "log"):
        pass
    Commands(old)("move", "--to", new["AVIS_DATABASE"])
    assert everything(new) == everything(old)
    assert Commands(new).json("journal", "--verify")[0]["broken"] is None


def test_a_database_that_another_service_fills_is_not_moved_into(
    old: dict[str, str], new: dict[str, str], tmp_path: Path
) -> None:
    Commands(old)(*ADD)
    with serving(new, tmp_path / "log"), pytest.raises(InUse):
        Commands(old)("move", "--to", new["AVIS_DATABASE"])
    with psycopg.connect(new["AVIS_DATABASE"]) as other:
        other.execute("SELECT pg_advisory_lock(%s)", (0x4D4F5645,))
        with pytest.raises(InUse, match="Un autre"):
            Commands(old)("move", "--to", new["AVIS_DATABASE"])
