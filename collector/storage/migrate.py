"""Bring a database to this version's schema: numbered SQL files, one transaction each, forward only.

The ledger keeps each file's digest: a migration that was edited after it ran is refused rather than ignored.
Two processes that start together do not both migrate: SQLite's file lock and PostgreSQL's advisory lock see to that.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

import collector
from collector.errors import StorageUnavailable
from collector.schema import utc_now
from collector.settings import Settings
from collector.storage.journal import SERVICE, next_line
from collector.storage.seal import Seals

if TYPE_CHECKING:
    import psycopg

_FOLDER = Path(collector.__file__).parent.parent / "migrations"
_LEDGER = "CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, digest TEXT NOT NULL, at TEXT NOT NULL)"
_LOCK = 0x41564953  # "AVIS"
MOVING = "moving"
"""A table that is there while a database is being filled: see collector/housing/move.py."""


class OutdatedSchema(StorageUnavailable):
    code, title = "schema-outdated", "Le schéma de la base n'est pas à jour"
    detail = "Exécutez « avis migrate », puis relancez le service."


class UnfinishedMove(StorageUnavailable):
    code, title = "move-unfinished", "Un déménagement vers cette base n'est pas terminé"
    detail = "Relancez « avis move » : il reprend où il s'était arrêté."


class Migration(Struct, frozen=True):
    name: str
    sql: str

    @property
    def digest(self) -> str:
        return sha256(self.sql.encode()).hexdigest()


def known(engine: str) -> list[Migration]:
    """The migrations that this version ships for `sqlite` or `postgres`, in order."""
    return [Migration(file.stem, file.read_text()) for file in sorted((_FOLDER / engine).glob("*.sql"))]


def migrate(settings: Settings, by: str = SERVICE) -> list[str]:
    """Run what is missing and return its names. Raises StorageUnavailable; a failed migration leaves no trace.

    `by` is who asked for it, for the journal. A database that is made new has nothing to tell.
    """
    path, tell = settings.sqlite_path, _Teller(Seals(settings.secret_keys), by)
    with _told(path, "n'a pas pu être migrée"):
        return _migrate_sqlite(path, tell) if path else _migrate_postgres(settings.database, tell)


def missing(settings: Settings) -> list[str]:
    """The names of migrations that have not run yet."""
    path = settings.sqlite_path
    with _told(path, "ne répond pas"):
        done = _done_sqlite(path) if path else _done_postgres(settings.database)
    return [step.name for step in known("sqlite" if path else "postgres") if step.name not in done]


@contextmanager
def _told(path: Path | None, what: str) -> Iterator[None]:
    """Raises StorageUnavailable, in words, for whatever the database raised."""
    try:
        yield
    except (sqlite3.Error, _Postgres, OSError) as error:
        raise StorageUnavailable(f"La base {path or 'PostgreSQL'} {what} : {error}.") from error


class _Postgres(Exception):
    """Whatever PostgreSQL's driver raised."""


@contextmanager
def _postgres(url: str) -> Iterator["psycopg.Connection"]:
    import psycopg  # noqa: PLC0415 - ten megabytes, which a service on SQLite does without

    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            yield connection
    except psycopg.Error as error:
        raise _Postgres(str(error)) from error


class _Teller:
    """Writes into the journal what was migrated, in the transaction that did it, as soon as there is a journal."""

    def __init__(self, seals: Seals, by: str) -> None:
        self._seals = seals
        self._by = by
        self._untold: list[str] = []

    def tell(self, step: Migration, done: dict[str, str], execute: Callable[[str, Sequence[Any]], Any]) -> None:
        """`done`: what had run before. `execute` takes a statement with `?` and what stands there."""
        if not done:
            return
        self._untold.append(step.name)
        if step.name < _SEALED and _SEALED not in done:
            return
        row = execute(_HEAD, ()).fetchone()
        head = dict(zip(("number", "digest", "seal"), row, strict=True))
        line, seal = next_line(
            self._seals,
            head,
            utc_now(),
            self._by,
            "schema.migrate",
            step.name,
            {"migrations": self._untold},
            # What was written before there were seals is what the first one seals.
            reseal=_SEALED in self._untold,
        )
        execute(f"INSERT INTO journal ({', '.join(line)}) VALUES ({', '.join('?' * len(line))})", [*line.values()])  # noqa: S608 - our own columns
        execute("UPDATE journal_head SET digest = ?, seal = ?", (line["digest"], seal))
        self._untold = []


_SEALED = "0008_journal_seal"
_HEAD = """
INSERT INTO journal_head (one, number, digest) VALUES (1, 1, '')
ON CONFLICT (one) DO UPDATE SET number = journal_head.number + 1 RETURNING number, digest, seal
"""


def _migrate_sqlite(path: Path, teller: _Teller) -> list[str]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(_LEDGER)
        before = _ledger(connection)
        ran = []
        for step in known("sqlite"):
            # Looked at before too: a worker that starts beside a busy one has no need to wait for its turn to write.
            if _is_done(step, _ledger(connection)):
                continue
            connection.execute("BEGIN IMMEDIATE")
            if _is_done(step, _ledger(connection)):
                connection.execute("ROLLBACK")
                continue
            try:
                # Statement by statement inside our own transaction: executescript would commit it first.
                for statement in _statements(step.sql):
                    connection.execute(statement)
                connection.execute(
                    "INSERT INTO migration (name, digest, at) VALUES (?, ?, datetime('now'))", (step.name, step.digest)
                )
                teller.tell(step, before, connection.execute)
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            ran.append(step.name)
    return ran


def _ledger(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(connection.execute("SELECT name, digest FROM migration"))


def _migrate_postgres(url: str, teller: _Teller) -> list[str]:
    with _postgres(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        connection.execute(_LEDGER)
        done: dict[str, str] = dict(connection.execute("SELECT name, digest FROM migration").fetchall())
        ran = []
        for step in known("postgres"):
            if not _is_done(step, done):
                connection.execute(step.sql.encode())
                connection.execute(
                    "INSERT INTO migration (name, digest, at) VALUES (%s, %s, now()::text)", (step.name, step.digest)
                )
                teller.tell(step, done, lambda sql, values: connection.execute(sql.replace("?", "%s").encode(), values))
                ran.append(step.name)
    return ran


def _is_done(step: Migration, done: dict[str, str]) -> bool:
    if step.name in done and done[step.name] != step.digest:
        raise StorageUnavailable(
            f"La migration {step.name} a changé depuis qu'elle a été exécutée : la version installée ne convient pas."
        )
    return step.name in done


def _statements(script: str) -> list[str]:
    statements, current = [], ""
    for line in script.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            statements.append(current)
            current = ""
    return statements


def _done_sqlite(path: Path) -> set[str]:
    if not path.exists():
        return set()
    # Not read-only: what a migration that was killed has left behind is undone by whoever opens the file next.
    with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=5)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'migration'").fetchone():
            return set()
        return {name for (name,) in connection.execute("SELECT name FROM migration")}


def _done_postgres(url: str) -> set[str]:
    with _postgres(url) as connection:
        if connection.execute("SELECT to_regclass(%s)", (MOVING,)).fetchone()[0]:  # type: ignore[index]  # one row
            raise UnfinishedMove
        if not connection.execute("SELECT to_regclass('migration')").fetchone()[0]:  # type: ignore[index]  # one row
            return set()
        return {name for (name,) in connection.execute("SELECT name FROM migration").fetchall()}
