"""What a database must offer. Two exist: `sqlite.py` (embedded, the default) and `postgres.py`."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from importlib.resources import files
from typing import Any, Literal, Protocol

import aiosql

from collector.storage import counting
from collector.storage.many import Many, Rows
from collector.storage.trip import Result, Work

Row = Mapping[str, Any]
Question = tuple[str, Mapping[str, Any]]
"""A statement and its parameters."""

# What two statements share to the letter stands in a file of its own.
_INCLUDE = re.compile(r"-- include (\S+)")


class Engine(Protocol):
    """Connections to one database. Every driver error leaves as `StorageUnavailable`, its cause in the log.

    `sql` holds the named statements of `collector/storage/sql`. Rows are mappings.
    """

    @property
    def name(self) -> Literal["sqlite", "postgres"]: ...

    @property
    def sql(self) -> Any: ...

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    def read(self) -> AbstractAsyncContextManager[Any]:
        """A connection that can only read."""
        ...

    async def run(self, work: Work[Result]) -> Result:
        """A transaction around `work(connection)`, which may wait for nothing but the connection; else as `write`."""
        ...

    async def ask(self, connection: Any, *questions: Question) -> list[list[Row]]:
        """The rows of each statement, in one trip to a server where there is one. Only within `run`."""
        ...

    async def is_alone(self, connection: Any) -> bool:
        """Whether no other process has written here lately: what this one remembers of the tables then still holds."""
        ...

    async def put(self, connection: Any, many: Many, rows: Rows) -> None:
        """Carry out a statement on many rows, within the transaction of `connection`."""
        ...

    async def tuples(self, connection: Any, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Rows as the driver has them: for the one place where a name for each value costs too much."""
        ...

    async def scrub(self) -> bool:
        """Let the files forget what the tables have: whether that could be done now."""
        ...

    def write(self) -> AbstractAsyncContextManager[Any]:
        """A transaction: on disk when the block ends, undone when it raises."""
        ...


def statements(dialect: Literal["sqlite", "postgres"], adapter: str) -> Any:
    """The named statements: those that both databases understand, then the few that only this one does."""
    folder = files(__package__) / "sql"
    texts = [
        _INCLUDE.sub(lambda part: (folder / part[1]).read_text("utf-8"), file.read_text("utf-8"))
        for part in (folder, folder / dialect)
        for file in sorted(part.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".sql")
    ]
    return aiosql.from_str("\n".join([*texts, counting.statements(dialect)]), adapter, mandatory_parameters=False)


async def listed(rows: AsyncIterator[Row]) -> list[Row]:
    return [row async for row in rows]
