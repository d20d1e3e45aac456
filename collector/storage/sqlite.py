"""The embedded database: WAL, `synchronous=FULL`, one writer connection, a few that can only read."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing, suppress
from contextvars import copy_context
from pathlib import Path
from time import monotonic
from typing import Any, Literal

import aiosqlite
import structlog

from collector.errors import StorageUnavailable
from collector.storage.engine import Question, Row, statements
from collector.storage.many import Many, Rows, in_parameters
from collector.storage.trip import Result, Work, in_one_trip

READERS = 3
# A writer in another process (a command, a second worker) may hold the file this long before we give up.
PATIENCE = 3.0
CHANGES = 20_000
"""Rows written before the log is copied into the file beside the writer: all would wait for a commit that did it."""
WAL_PAGES = 16_000
"""Where a commit does it all the same (64 MB), should copying beside it ever fail."""

log = structlog.get_logger("avis.sqlite")


class SqliteEngine:
    name: Literal["sqlite"] = "sqlite"
    # Seconds for which whoever has written, a command or another service, may be expected to write again.
    company = 10.0

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sql: Any = statements("sqlite", "aiosqlite")
        self._writer: aiosqlite.Connection | None = None
        self._turn = asyncio.Lock()
        self._readers: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        self._open: list[aiosqlite.Connection] = []
        self._file = 0
        self._version = 0
        self._alone_from = 0.0
        self._copied = 0
        self._copying: asyncio.Task[None] | None = None

    async def open(self) -> None:
        with _translated():
            self._writer = await self._connect(writer=True)
            self._file = self.path.stat().st_ino
            for _ in range(READERS):
                self._readers.put_nowait(await self._connect(writer=False))

    async def close(self) -> None:
        if self._copying:
            await self._copying
        connections, self._open, self._writer = self._open, [], None
        self._readers = asyncio.Queue()
        for connection in connections:
            with suppress(sqlite3.Error, ValueError):
                await connection.close()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[aiosqlite.Connection]:
        connection = await self._readers.get()
        try:
            with _translated():
                yield connection
        finally:
            self._readers.put_nowait(connection)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[aiosqlite.Connection]:
        async with self._turn:
            with _translated():
                self._same_file()
                if self._writer is None:
                    self._writer = await self._connect(writer=True)
                writer = self._writer
                try:
                    await writer.execute("BEGIN IMMEDIATE")
                    yield writer
                    await writer.execute("COMMIT")
                except BaseException:
                    await self._undo(writer)
                    raise
                self._copy_when_due(writer)

    async def run(self, work: Work[Result]) -> Result:
        async with self._turn:
            with _translated():
                self._same_file()
                if self._writer is None:
                    self._writer = await self._connect(writer=True)
                writer = self._writer
                try:
                    # aiosqlite has no public door to its thread.
                    trip: Any = writer._execute  # noqa: SLF001
                    # The journal asks on whose behalf: a thread does not know by itself.
                    result: Result = await trip(copy_context().run, in_one_trip, writer._conn, work)  # noqa: SLF001
                except sqlite3.Error:
                    await self._undo(writer)
                    raise
                self._copy_when_due(writer)
                return result

    async def ask(self, connection: Any, *questions: Question) -> list[list[Row]]:
        return [await (await connection.execute(*question)).fetchall() for question in questions]

    async def is_alone(self, connection: Any) -> bool:
        row = await (await connection.execute("PRAGMA data_version")).fetchone()
        if row["data_version"] != self._version:
            self._version, self._alone_from = row["data_version"], monotonic() + self.company
        return monotonic() >= self._alone_from

    async def put(self, connection: Any, many: Many, rows: Rows) -> None:
        for statement, parameters in in_parameters(many, rows):
            await connection.execute(statement, parameters)

    async def tuples(
        self, connection: aiosqlite.Connection, sql: str, parameters: Mapping[str, Any]
    ) -> list[tuple[Any, ...]]:
        # As in `run`: one trip to the connection's thread instead of four.
        trip: Any = connection._execute  # noqa: SLF001
        rows: list[tuple[Any, ...]] = await trip(_tuples, connection._conn, sql, parameters)  # noqa: SLF001
        return rows

    async def scrub(self) -> bool:
        """Empty the write-ahead log, which holds earlier states of pages. `secure_delete` has emptied the pages."""
        return await self._begin_log_anew("TRUNCATE")

    def _copy_when_due(self, writer: aiosqlite.Connection) -> None:
        if abs(writer.total_changes - self._copied) >= CHANGES and self._copying is None:
            self._copied = writer.total_changes
            self._copying = asyncio.create_task(self._copy_log(), name="avis-checkpoint")

    async def _copy_log(self) -> None:
        """Most of it beside the writer; then the little that came meanwhile, so that the log can begin anew."""
        try:
            async with self.read() as connection:
                await connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            await self._begin_log_anew("RESTART")
        except StorageUnavailable as error:
            # Nobody asked for it: the next try is due soon, and a commit finds out by itself what is wrong.
            log.warning("log-not-copied", cause=type(error.__cause__ or error).__name__)
        finally:
            self._copying = None

    async def _begin_log_anew(self, mode: Literal["RESTART", "TRUNCATE"]) -> bool:
        """Whether nobody still reads what the log holds."""
        async with self._turn:
            with _translated():
                self._same_file()
                if self._writer is None:
                    self._writer = await self._connect(writer=True)
                # Not a moment's patience: while this waited for a reader, citizens would wait for this.
                await self._writer.execute("PRAGMA busy_timeout = 0")
                try:
                    cursor = await self._writer.execute(f"PRAGMA wal_checkpoint({mode})")
                    row: Any = await cursor.fetchone()
                finally:
                    await self._writer.execute(f"PRAGMA busy_timeout = {int(PATIENCE * 1000)}")
                return not row["busy"]

    async def _connect(self, *, writer: bool) -> aiosqlite.Connection:
        connection = await aiosqlite.connect(self.path, isolation_level=None, timeout=PATIENCE, cached_statements=256)
        self._open.append(connection)
        connection.row_factory = _row  # type: ignore[assignment]  # aiosqlite says type, sqlite3 takes any callable
        await connection.execute("PRAGMA foreign_keys = ON")
        if writer:
            await connection.execute("PRAGMA journal_mode = WAL")
            await connection.execute("PRAGMA synchronous = FULL")
            await connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
            # What is masked or removed later must not stay in the free space of a page.
            await connection.execute("PRAGMA secure_delete = ON")
            # To take back half of a statement on many rows, SQLite copies pages: into memory, not into a file.
            await connection.execute("PRAGMA temp_store = MEMORY")
        else:
            await connection.execute("PRAGMA query_only = ON")
        return connection

    async def _undo(self, writer: aiosqlite.Connection) -> None:
        try:
            await writer.execute("ROLLBACK")
        except sqlite3.Error:
            # After some disk errors SQLite has already rolled back; after others only a new connection is clean.
            if writer.in_transaction:
                self._writer = None
                with suppress(sqlite3.Error, ValueError):
                    await writer.close()

    def _same_file(self) -> None:
        """Refuse to write into a file that was deleted or replaced: it would be acknowledged and lost."""
        try:
            found = self.path.stat().st_ino
        except FileNotFoundError:
            found = 0
        if found != self._file:
            raise StorageUnavailable(retry_after=30)


class _translated:  # noqa: N801 - reads as a verb where it is used
    """Driver errors become ours; everything else passes."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, sqlite3.IntegrityError):
            return
        if isinstance(error, (sqlite3.Error, OSError)):
            raise StorageUnavailable(retry_after=5) from error


def _tuples(connection: sqlite3.Connection, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with closing(connection.cursor()) as cursor:
        cursor.row_factory = None
        return cursor.execute(sql, parameters).fetchall()


def _row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> dict[str, Any]:
    return {column[0]: value for column, value in zip(cursor.description, values, strict=True)}
