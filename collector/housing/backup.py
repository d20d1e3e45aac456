"""Copy a live database into one file, and believe it only after having restored it and counted again.

The original is counted in the very snapshot that is copied. What the archive gives back is then counted too: a row
that is missing, doubled or different is found whatever lost it. The archive gets its name as the last thing of all.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import psycopg
from msgspec import Struct

from collector.errors import StorageUnavailable
from collector.housing import archive, postgres, sqlite
from collector.housing.archive import NAMES, Manifest
from collector.housing.census import Census, census, differing
from collector.housing.databases import Database, PostgresDatabase, SqliteDatabase, reading
from collector.housing.errors import BackupExists, HousingError, NoSpace, NotTheSame
from collector.housing.pace import Pace
from collector.housing.passing import NOT_IN_BACKUPS
from collector.housing.recount import Recount, kept_from
from collector.housing.workshop import workshop
from collector.schema import PARIS
from collector.settings import Settings

Verified = Literal["restored", "read"]
Stage = Callable[[str], None]
RATE = 50.0
"""Megabytes in a second that a copy may write: an ordinary disk has as much again for the service."""


class Backup(Struct, frozen=True):
    """A backup that is as it should be. `verified`: restored, or only read to its end where that is not allowed."""

    file: Path
    manifest: Manifest
    verified: Verified


def make(
    settings: Settings,
    file: Path,
    *,
    version: str,
    now: datetime,
    force: bool = False,
    rate: float = RATE,
    stage: Stage = lambda _: None,
) -> Backup:
    """Raises HousingError or StorageUnavailable; a file of that name is then as it was before."""
    if file.exists() and not force:
        raise BackupExists(f"{file} existe déjà. {BackupExists.detail}")
    pace = Pace(rate)
    with translated(), workshop(file) as folder:
        made = folder / "archive"
        data = folder / NAMES[_engine(settings)]
        stage("Copie")
        with _source(settings, pace, data) as (database, server, schema):
            recount = Recount(kept_from(settings, now.astimezone(PARIS).date()))
            tables = census(database, without=NOT_IN_BACKUPS, watched=recount.watched)
            manifest = Manifest(
                avis=version,
                engine=database.engine,
                server=server,
                schema=schema,
                made_at=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                migrations=database.migrations(),
                tables=tables,
                left_out=sorted(NOT_IN_BACKUPS),
                recount=recount.result(),
                keys=archive.fingerprints(settings.secret_keys),
                data=archive.measure(data, data.name),
            )
        archive.pack(manifest, data, made, pace)
        data.unlink()
        stage("Contrôle")
        verified = _verify(settings, made, manifest, folder, pace)
        made.replace(file)
        archive.fsync_folder(file.absolute().parent)
    return Backup(file, manifest, verified)


def check(settings: Settings, file: Path, *, rate: float = RATE) -> Backup:
    """Restore a backup to where nobody needs it, and count. Raises BackupDamaged or NotTheSame."""
    with translated():
        manifest = archive.read(file)
        with workshop(file) as folder:
            return Backup(file, manifest, _verify(settings, file, manifest, folder, Pace(rate)))


def _verify(settings: Settings, file: Path, manifest: Manifest, folder: Path, pace: Pace) -> Verified:
    data = folder / manifest.data.name
    archive.unpack(file, manifest, data, pace)
    if manifest.engine == "sqlite":
        expect_in_file(data, manifest)
        return "restored"
    return _verify_dump(settings, data, manifest)


def expect_in_file(data: Path, manifest: Manifest) -> None:
    """Raises DatabaseDamaged or NotTheSame unless this SQLite file holds what the manifest says."""
    sqlite.check(data)
    with closing(reading(data)) as connection:
        expect(SqliteDatabase(connection), manifest)


def expect(database: Database, manifest: Manifest) -> None:
    """Raises NotTheSame unless the database holds what the manifest says."""
    found = census(database, without=manifest.left_out)
    if wrong := differing(manifest.tables, found):
        raise NotTheSame(_told(wrong, manifest.tables, found))


def _verify_dump(settings: Settings, data: Path, manifest: Manifest) -> Verified:
    known = postgres.version_of(manifest.server)
    if not settings.sqlite_path:
        with postgres.scratch(settings.database) as url:
            if url:
                postgres.restore(url, data, schema=manifest.schema, version=known)
                with postgres.connected(url) as connection:
                    expect(PostgresDatabase(connection), manifest)
                return "restored"
    rows = postgres.counted(data, version=known)
    wrong = [name for name, tally in manifest.tables.items() if rows.get(name, 0) != tally.rows]
    if wrong:
        raise NotTheSame(f"Nombre de lignes différent : {', '.join(wrong)}.")
    return "read"


def _told(wrong: list[str], expected: Census, found: Census) -> str:
    lines = [
        f"{name} ({expected[name].rows if name in expected else 0} lignes attendues, "
        f"{found[name].rows if name in found else 0} trouvées)"
        for name in wrong
    ]
    return f"Tables différentes : {', '.join(lines)}."


def _engine(settings: Settings) -> Literal["sqlite", "postgres"]:
    return "sqlite" if settings.sqlite_path else "postgres"


@contextmanager
def _source(settings: Settings, pace: Pace, into: Path) -> Iterator[tuple[Database, str, str]]:
    """One moment of the live database: copied into a file already, and open to be counted."""
    path = settings.sqlite_path
    if path:
        _room_for(path, into.parent)
        with closing(reading(path)) as connection:
            sqlite.copy(connection, into, pace)
            sqlite.settle(into, NOT_IN_BACKUPS & SqliteDatabase(connection).tables().keys())
            yield SqliteDatabase(connection), f"SQLite {sqlite3.sqlite_version}", "main"
    else:
        with postgres.connected(settings.database) as server:
            server.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            snapshot, schema, said = _moment(server)
            postgres.dump(
                settings.database,
                into,
                snapshot=snapshot,
                schema=schema,
                without=sorted(NOT_IN_BACKUPS & PostgresDatabase(server).tables().keys()),
                version=postgres.major(server),
            )
            yield PostgresDatabase(server), said, schema


def _moment(server: psycopg.Connection[Any]) -> tuple[str, str, str]:
    """Names for what this transaction sees: its snapshot, its schema, its server."""
    row = server.execute(
        "SELECT pg_export_snapshot(), current_schema(), 'PostgreSQL ' || current_setting('server_version')"
    ).fetchone()
    assert row  # noqa: S101 - one row
    return row[0], row[1], row[2]


def _room_for(path: Path, folder: Path) -> None:
    # The copy and the archive, then the archive and what is unpacked from it.
    log = path.with_name(f"{path.name}-wal")
    needed = 2 * (path.stat().st_size + (log.stat().st_size if log.exists() else 0))
    if shutil.disk_usage(folder).free < needed:
        raise NoSpace(f"Il faut {needed / 1e9:.1f} Go libres dans {folder}, le temps de la copie et de son contrôle.")


@contextmanager
def translated() -> Iterator[None]:
    """Errors of drivers and of the disk become ours, here and in the rest of the room."""
    try:
        yield
    except (sqlite3.Error, psycopg.Error) as error:
        raise StorageUnavailable(f"La base refuse : {str(error).strip()}.") from error
    except OSError as error:
        raise HousingError(f"{error.filename or 'Le disque'} : {error.strerror or error}.") from error
