"""PostgreSQL's own programs: `pg_dump` and `pg_restore`, of a version that knows the server's."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from time import sleep
from typing import Any

import psycopg
from psycopg import sql as pg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from collector.housing.errors import InUse, ProgramFailed, ProgramMissing
from collector.storage.migrate import MOVING

DEBIAN = Path("/usr/lib/postgresql")
APPLICATION = "avis-housing"
_CHECKING = 0x43484543  # "CHEC"


@contextmanager
def connected(url: str, **options: Any) -> Iterator[psycopg.Connection[Any]]:
    """A connection of ours: it says its name, and may wait between two statements as long as a dump takes."""
    with psycopg.connect(
        url,
        connect_timeout=10,
        application_name=APPLICATION,
        options="-c timezone=UTC -c idle_in_transaction_session_timeout=0 -c statement_timeout=0",
        **options,
    ) as connection:
        yield connection


def major(connection: psycopg.Connection[Any]) -> int:
    return connection.info.server_version // 10_000


def version_of(server: str) -> int:
    """The major version in what a server says of itself, as a manifest keeps it: `PostgreSQL 15.8 (Debian …)`."""
    found = re.match(r"PostgreSQL (\d+)", server)
    return int(found[1]) if found else 0


def program(name: str, at_least: int, folder: Path = DEBIAN, path: str | None = None) -> Path:
    """The oldest installed `name` that knows servers of `at_least` this version. Raises ProgramMissing."""
    on_path = shutil.which(name, path=path)
    # Debian keeps each version apart, and puts a wrapper on PATH that guesses: the last of a version is the one taken.
    found = [*([Path(on_path)] if on_path else []), *folder.glob(f"*/bin/{name}")]
    versions = {version: file for file in found if (version := _version(file))}
    fitting = [version for version in versions if version >= at_least]
    if not fitting:
        had = f"la version {max(versions)} est trop ancienne" if versions else "il n'est pas installé"
        raise ProgramMissing(
            f"{name} {at_least} ou plus récent est nécessaire, et {had}. "
            f"Sur Debian ou Ubuntu : apt install postgresql-client-{at_least}"
        )
    return versions[min(fitting)]


def dump(url: str, into: Path, *, snapshot: str, schema: str, without: Iterable[str], version: int) -> None:
    """What the transaction that exported `snapshot` sees, in PostgreSQL's own format."""
    os.close(os.open(into, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    left_out = [f"--exclude-table-data={schema}.{table}" for table in without]
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--schema={schema}", f"--snapshot={snapshot}"]
    _run(program("pg_dump", version), url, *options, *left_out, f"--file={into}", "--dbname")


def restore(url: str, dumped: Path, *, schema: str, version: int) -> None:
    """Put a dump into a database that has none of its tables: all of it or nothing."""
    # The schema itself is there already; `--schema` restores what is in it.
    options = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", f"--schema={schema}"]
    _run(program("pg_restore", version), url, *options, str(dumped), "--dbname")


def counted(dumped: Path, *, version: int) -> dict[str, int]:
    """How many rows a dump holds of each table: read to its end, without a server."""
    found: dict[str, int] = {}
    table = ""
    command: Sequence[str | Path] = [program("pg_restore", version), "--data-only", "--file=-", dumped]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603 - our own arguments
        assert process.stdout is not None  # noqa: S101 - asked for above
        for line in process.stdout:
            if table and line == b"\\.\n":
                table = ""
            elif table:
                found[table] += 1
            elif begin := re.match(rb'COPY (?:\w+|"[^"]+")\.(\w+|"[^"]+") .*FROM stdin;', line):
                table = begin[1].decode().strip('"')
                found[table] = 0
        said = process.stderr.read().decode(errors="replace") if process.stderr else ""
    if process.returncode:
        raise ProgramFailed(f"pg_restore : {_last(said)}")
    return found


@contextmanager
def scratch(url: str) -> Iterator[str | None]:
    """A new database on the same server, dropped afterwards; None where this role may make none.

    Its name is always the same for the same database: what somebody who was killed left there, the next one drops.
    """
    with connected(url, autocommit=True) as connection:
        name = f"avis_check_{blake2b(connection.info.dbname.encode(), digest_size=8).hexdigest()}"
        drop = pg.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(pg.Identifier(name))
        if not _alone(connection):
            raise InUse("Une autre sauvegarde de cette base est en train d'être contrôlée. Attendez qu'elle ait fini.")
        try:
            connection.execute(drop)
            connection.execute(pg.SQL("CREATE DATABASE {} TEMPLATE template0").format(pg.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            yield None
            return
        try:
            yield make_conninfo(url, dbname=name)
        finally:
            connection.execute(drop)


def _alone(connection: psycopg.Connection[Any]) -> bool:
    """Until the connection ends, nobody else checks a backup of this database."""
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (_CHECKING,)).fetchone()
    return bool(row and row[0])


LEAVING = 10
"""Looks in a second, before a connection is taken for one that stays."""


def in_use(connection: psycopg.Connection[Any]) -> bool:
    """Whether a service is connected to this database. The server sees a while later that one has gone."""
    for _ in range(LEAVING):
        row = connection.execute(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'avis'"
        ).fetchone()
        if not (row and row[0]):
            return False
        sleep(0.1)
    return True


def is_moving(connection: psycopg.Connection[Any]) -> bool:
    """Whether a move into this database was begun and not ended."""
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (MOVING,)).fetchone()
    return bool(row and row[0])


def without_password(url: str) -> str:
    """The address as it may be shown."""
    return re.sub(r"(//[^:/@]+):[^@/]*@", r"\1:…@", url)


def _version(file: Path) -> int:
    try:
        said = subprocess.run([file, "--version"], check=True, capture_output=True, text=True, timeout=20).stdout  # noqa: S603 - found above
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


def _run(file: Path, url: str, *options: str) -> None:
    # Everybody on the machine may read arguments; only we and root read the environment.
    parts: dict[str, Any] = conninfo_to_dict(url)
    password = parts.pop("password", None)
    command: Sequence[str | Path] = [file, "--no-password", *options, make_conninfo(**parts)]
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {}), "LC_ALL": "C"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)  # noqa: S603 - our own arguments
    if done.returncode:
        raise ProgramFailed(f"{file.name} : {_last(done.stderr)}")


def _last(said: str) -> str:
    lines = [line for line in said.strip().splitlines() if line]
    return lines[-1] if lines else "sans explication"
