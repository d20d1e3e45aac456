"""Copy a SQLite file while a service writes into it, and tell whether one is used at all.

The copy is that of one moment: the connection holds a snapshot, so that writers neither wait nor make the copy begin
anew (SQLite's backup restarts at every foreign write otherwise). Until it ends the write-ahead log only grows.
"""

import fcntl
import os
import sqlite3
import struct
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from collector.housing.databases import quoted
from collector.housing.errors import DatabaseDamaged
from collector.housing.pace import CHUNK, Pace

# Every connection in WAL mode holds this byte of the `-shm` file while it lives (SQLite's os_unix.c, UNIX_SHM_DMS).
_ALIVE = 128
_FLOCK = "hhqqi4x"


def copy(source: sqlite3.Connection, into: Path, pace: Pace) -> None:
    """Write the snapshot of `source` into a new file."""
    os.close(os.open(into, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    page = source.execute("PRAGMA page_size").fetchone()[0]
    with closing(sqlite3.connect(into)) as target:
        # Nobody needs half a copy: it waits for the disk in steps of its own, below.
        target.execute("PRAGMA synchronous = OFF")
        with into.open("rb") as file:

            def breathe(_status: int, _remaining: int, _total: int) -> None:
                pace(file.fileno(), CHUNK)

            source.backup(target, pages=CHUNK // page, progress=breathe)


def settle(path: Path, without: Iterable[str]) -> None:
    """Make a copy one plain file, without the rows of what must not outlive its hour."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # Out of WAL, and then without any journal: a copy that this spoils is found out and thrown away.
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA secure_delete = ON")
        for table in without:
            connection.execute(f"DELETE FROM {quoted(table)}")  # noqa: S608 - names from the catalogue


def check(path: Path) -> None:
    """Raises DatabaseDamaged with what SQLite says."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            found = [text for (text,) in connection.execute("PRAGMA integrity_check(3)")]
            foreign = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.Error as error:
        found, foreign = [str(error)], []
    if found != ["ok"] or foreign:
        raise DatabaseDamaged(f"SQLite dit de {path.name} : {' ; '.join(found)}{', liens rompus' if foreign else ''}.")


def in_use(path: Path) -> bool:
    """Whether another process has the database open, also one that only waits for visitors."""
    shared = path.with_name(f"{path.name}-shm")
    try:
        handle = os.open(shared, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, _ALIVE, 1, 0)
        return bool(struct.unpack(_FLOCK, fcntl.fcntl(handle, fcntl.F_GETLK, asked))[0] != fcntl.F_UNLCK)
    finally:
        os.close(handle)
