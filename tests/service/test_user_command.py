"""Rights as the command line gives them, and as an older database had them."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from collector.errors import Conflict, NotFound
from collector.schema import Right
from collector.settings import load
from collector.storage.migrate import known, migrate
from tests.conftest import MovableClock, environment, opened
from tests.service.test_commands import ADD, Commands


@pytest.fixture
def run(environ: dict[str, str]) -> Commands:
    commands = Commands(environ)
    if not environ["AVIS_DATABASE"]:
        commands("migrate")
    return commands


async def rights(environ: dict[str, str], email: str) -> list[Right]:
    async with opened(load(environ), MovableClock()) as storage:
        found = await storage.accounts.find(email)
        assert found
        return await storage.accounts.rights(found[0])


@pytest.fixture
def added(run: Commands) -> list[dict[str, Any]]:
    run(*ADD, "--organisation", "Mairie d'Exemple")
    given = ("--role", "manager", "--organisation", "Mairie d'Exemple", "--organisation", "Neuve")
    return [
        *run.json("user", "add", "olga@exemple.fr", *given),
        *run.json("user", "add", "rachel@exemple.fr", "--role", "reader", "--procedure", "passeport"),
        *run.json("user", "add", "claude@exemple.fr", "--role", "administrator"),
    ]


async def test_an_account_is_made_with_its_rights(
    run: Commands, environ: dict[str, str], added: list[dict[str, Any]]
) -> None:
    assert [(one["role"], one["administrator"]) for one in added] == [
        ("manager", False),
        ("reader", False),
        ("administrator", True),
    ]
    olga, rachel = await rights(environ, "olga@exemple.fr"), await rights(environ, "rachel@exemple.fr")
    assert [(one.kind, one.name, one.role) for one in olga] == [
        ("organisation", "Mairie d'Exemple", "manager"),
        ("organisation", "Neuve", "manager"),
    ]
    assert [(one.kind, one.name, one.role) for one in rachel] == [("procedure", "Demander un passeport", "reader")]
    assert await rights(environ, "claude@exemple.fr") == []


def test_a_right_over_what_is_unknown_or_has_two_meanings_makes_no_account(
    run: Commands, added: list[dict[str, Any]]
) -> None:
    with pytest.raises(NotFound, match="nulle-part"):
        run("user", "add", "zoe@exemple.fr", "--procedure", "nulle-part")
    run(*ADD[:4], "--slug", "autre", "--organisation", "Mairie d'Exemple", "--ministry", "Justice")
    with pytest.raises(Conflict, match=r"Justice.*donnez ce droit sur le site"):
        run("user", "add", "zoe@exemple.fr", "--organisation", "Mairie d'Exemple")
    assert "zoe@exemple.fr" not in run("user", "list")


OLD = """
INSERT INTO account (id, email, name, role, password, created_at) VALUES
    (1, 'claude@exemple.fr', 'C', 'administrator', 'h', '2026-01-01T00:00:00Z'),
    (2, 'bruno@exemple.fr', 'B', 'manager', 'h', '2026-01-01T00:00:00Z'),
    (3, 'rachel@exemple.fr', 'R', 'reader', 'h', '2026-01-01T00:00:00Z');
INSERT INTO organisation (id, name, ministry) VALUES (1, 'Mairie', 'Intérieur');
INSERT INTO procedure (id, organisation_id, slug, title, audiences, origins, state, created_at)
VALUES (1, 1, 'passeport', 'Passeport', '[]', '[]', 'open', '2026-01-01T00:00:00Z');
INSERT INTO account_procedure (account_id, procedure_id) VALUES (1, 1), (2, 1), (3, 1);
"""


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_accounts_of_before_keep_what_they_had_and_get_nothing_more(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    environ = environment(tmp_path / "data")
    before = [step for step in known(engine) if step.name < "0009"]
    script = "\n".join([*(step.sql for step in before), _LEDGER, OLD])
    ledger = [(step.name, step.digest) for step in before]
    if engine == "sqlite":
        (tmp_path / "data").mkdir()
        with closing(sqlite3.connect(tmp_path / "data" / "avis.db")) as file:
            file.executescript(script)
            file.executemany("INSERT INTO migration VALUES (?, ?, 'then')", ledger)
            file.commit()
    else:
        environ["AVIS_DATABASE"] = _postgres(request.getfixturevalue("postgres"), script, ledger)
    assert "0009_rights" in migrate(load(environ))
    async with opened(load(environ), MovableClock()) as storage:
        users = {user.email: user.administrator for user in await storage.accounts.all()}
        kept = {
            user: [(one.kind, one.role) for one in had] for user, had in (await storage.accounts.all_rights()).items()
        }
    assert users == {"bruno@exemple.fr": False, "claude@exemple.fr": True, "rachel@exemple.fr": False}
    assert kept == {2: [("procedure", "manager")], 3: [("procedure", "reader")]}


_LEDGER = "CREATE TABLE migration (name TEXT PRIMARY KEY, digest TEXT NOT NULL, at TEXT NOT NULL);"


def _postgres(server: str, script: str, ledger: list[tuple[str, str]]) -> str:
    name = f"avis_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = f"{server.rsplit('/', 1)[0]}/{name}"
    with psycopg.connect(url) as connection:
        connection.execute(script.encode())
        connection.cursor().executemany("INSERT INTO migration VALUES (%s, %s, 'then')", ledger)
    return url
