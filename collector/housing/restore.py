"""Put a backup in the place of a database. What was there is moved aside, never deleted."""

import math
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from msgspec import Struct
from psycopg import sql as pg

from collector.housing import archive, postgres, sqlite
from collector.housing.archive import Manifest
from collector.housing.backup import expect, expect_in_file, translated
from collector.housing.databases import PostgresDatabase, SqliteDatabase, has_rows, reading
from collector.housing.errors import BackupForeign, BackupNewer, InUse, NotEmpty
from collector.housing.pace import Pace
from collector.housing.workshop import workshop
from collector.settings import Settings
from collector.storage.migrate import known, migrate

LEAP = 1_000_000_000
"""How far change numbers jump: jobs have read on to numbers that this backup had not given yet (`after=N`), and must
not take the next reviews for known ones. Nine million restores fit into what every JSON reader counts exactly."""


_UNHURRIED = Pace(math.inf)
"""Nobody waits for the disk: the service has stopped."""


class Restored(Struct, frozen=True):
    """`aside` is where the former database lies now; `same_keys` whether the secret keys here are the backup's."""

    manifest: Manifest
    aside: str | None
    migrations: Sequence[str]
    same_keys: bool


def restore(settings: Settings, file: Path, *, now: datetime, force: bool = False) -> Restored:
    """Raises HousingError or StorageUnavailable; the former database is then still in its place."""
    with translated():
        manifest = archive.read(file)
        _fits(settings, manifest)
        name = f"avant-restauration-{now.astimezone(UTC):%Y%m%dT%H%M%S%fZ}"
        path = settings.sqlite_path
        if path:
            aside = _into_file(path, file, manifest, force=force, name=name)
        else:
            aside = _into_server(settings.database, file, manifest, force=force, name=name.replace("-", "_").lower())
    same = set(manifest.keys) <= set(archive.fingerprints(settings.secret_keys))
    return Restored(manifest, aside, migrate(settings), same)


def _fits(settings: Settings, manifest: Manifest) -> None:
    engine = "sqlite" if settings.sqlite_path else "postgres"
    if manifest.engine != engine:
        raise BackupForeign(
            f"Elle vient de {manifest.server}. Restaurez-la sur le même ; « avis move » va de SQLite à PostgreSQL."
        )
    newer = sorted(set(manifest.migrations) - {step.name for step in known(engine)})
    if newer:
        raise BackupNewer(
            f"Cette version ne connaît pas {', '.join(newer)}. Installez Avis {manifest.avis} ou plus récent."
        )


def _into_file(path: Path, file: Path, manifest: Manifest, *, force: bool, name: str) -> str | None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if sqlite.in_use(path):
        raise InUse
    if not force and _holds_data(path):
        raise NotEmpty(f"{path} contient des données. Ajoutez --force : elle sera mise de côté, pas effacée.")
    with workshop(path) as folder:
        new = folder / path.name
        archive.unpack(file, manifest, new, _UNHURRIED)
        expect_in_file(new, manifest)
        with closing(sqlite3.connect(new, isolation_level=None)) as connection:
            connection.execute("UPDATE progress SET change = change + ?, directory = directory + 1", (LEAP,))
        aside = _set_aside(path, name)
        new.replace(path)
        archive.fsync_folder(path.parent)
    return aside


def _set_aside(path: Path, name: str) -> str | None:
    """Under another name too, in one file if it can be: a write-ahead log that stays would be read into the new one."""
    existed = path.exists()
    if existed:
        # A file that is broken is kept as it is, with its log.
        with suppress(sqlite3.Error), closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    aside = path.with_name(f"{path.name}.{name}")
    if existed:
        # A second name, so that a service which starts just now does not find nothing and begin anew.
        aside.hardlink_to(path)
    for ending in ("-wal", "-shm"):
        if (old := path.with_name(f"{path.name}{ending}")).exists():
            old.replace(aside.with_name(f"{aside.name}{ending}"))
    return str(aside) if existed else None


def _holds_data(path: Path) -> bool:
    """A file that cannot be read may well hold some."""
    if not path.exists():
        return False
    try:
        with closing(reading(path)) as connection:
            return has_rows(SqliteDatabase(connection))
    except sqlite3.Error:
        return True


def _into_server(url: str, file: Path, manifest: Manifest, *, force: bool, name: str) -> str | None:
    with workshop(file) as folder:
        data = folder / manifest.data.name
        archive.unpack(file, manifest, data, _UNHURRIED)
        with postgres.connected(url) as server:
            if postgres.in_use(server):
                raise InUse
            if not force and has_rows(PostgresDatabase(server)):
                raise NotEmpty("La base contient des données. Ajoutez --force : son schéma sera renommé, pas effacé.")
            version = postgres.major(server)
            # Asked for before anything is moved: it may be missing.
            postgres.program("pg_restore", version)
            aside = _clear(server, manifest.schema, name)
        try:
            postgres.restore(url, data, schema=manifest.schema, version=version)
            with postgres.connected(url) as server:
                expect(PostgresDatabase(server), manifest)
                server.execute("UPDATE progress SET change = change + %s, directory = directory + 1", (LEAP,))
        except BaseException:
            _undo(url, manifest.schema, aside)
            raise
    return aside


def _clear(server: psycopg.Connection[Any], schema: str, name: str) -> str | None:
    """An empty schema; the former one, if it held anything, beside it under another name."""
    if not server.execute("SELECT 1 FROM pg_class WHERE relnamespace = %s::regnamespace", (schema,)).fetchone():
        return None
    _rename(server, schema, name)
    return name


def _rename(server: psycopg.Connection[Any], schema: str, name: str) -> None:
    server.execute(pg.SQL("ALTER SCHEMA {} RENAME TO {}").format(pg.Identifier(schema), pg.Identifier(name)))
    server.execute(pg.SQL("CREATE SCHEMA {}").format(pg.Identifier(schema)))


def _undo(url: str, schema: str, aside: str | None) -> None:
    """Back to the former schema. What is dropped was made by this run."""
    with postgres.connected(url) as server:
        server.execute(pg.SQL("DROP SCHEMA {} CASCADE").format(pg.Identifier(schema)))
        if aside:
            server.execute(pg.SQL("ALTER SCHEMA {} RENAME TO {}").format(pg.Identifier(aside), pg.Identifier(schema)))
        else:
            server.execute(pg.SQL("CREATE SCHEMA {}").format(pg.Identifier(schema)))
