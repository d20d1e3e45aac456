"""A whole SQLite transaction in one trip to the connection's thread.

aiosqlite makes a trip for each statement, and while the event loop is busy each trip waits for its turn at the
interpreter: a batch of ten statements was mostly waiting. Here the same coroutine runs on that thread, with a
connection whose awaits return at once.
"""

import sqlite3
from collections.abc import Callable, Coroutine, Generator, Iterable
from types import TracebackType
from typing import Any, Self, TypeVar

Result = TypeVar("Result")
Work = Callable[[Any], Coroutine[Any, Any, Result]]


def in_one_trip(connection: sqlite3.Connection, work: Work[Result]) -> Result:
    """Begin, do the work, commit. Undone when it raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = _finish(work(_Connection(connection)))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result


def _finish(coroutine: Coroutine[Any, Any, Result]) -> Result:
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: Result = done.value
        return result
    coroutine.close()
    raise RuntimeError("A transaction may wait for nothing but its database.")


class _Connection:
    """What aiosql uses of an aiosqlite connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, parameters: Any = ()) -> "_Cursor":
        return _Cursor(self._connection.execute(sql, parameters))

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> "_Cursor":
        return _Cursor(self._connection.executemany(sql, parameters))


class _Cursor:
    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    def __await__(self) -> Generator[None, None, Self]:
        yield from ()
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cursor.close()

    async def close(self) -> None:
        self._cursor.close()

    async def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()

    async def fetchone(self) -> Any:
        return self._cursor.fetchone()

    @property
    def description(self) -> Any:
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._cursor.lastrowid
