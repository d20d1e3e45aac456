"""PostgreSQL through psycopg 3: one pool for reading and writing, the same statements and the same rows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from collector.errors import StorageUnavailable
from collector.storage.engine import statements
from collector.storage.trip import Result, Work

# A stalled writer would hold up every other one (they take turns, see 0001_first.sql): the server ends it.
STALLED = "5s"


class PostgresEngine:
    name: Literal["postgres"] = "postgres"

    def __init__(self, url: str) -> None:
        self.sql: Any = statements("postgres", "apsycopg")
        self._pool = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=6,
            open=False,
            timeout=5,
            kwargs={
                "row_factory": dict_row,
                "autocommit": True,
                "options": f"-c idle_in_transaction_session_timeout={STALLED} -c lock_timeout=3s -c timezone=UTC",
                "application_name": "avis",
                "connect_timeout": 5,
            },
            check=AsyncConnectionPool.check_connection,
        )

    async def open(self) -> None:
        with _translated():
            await self._pool.open(wait=True, timeout=10)

    async def close(self) -> None:
        await self._pool.close(timeout=5)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        with _translated():
            async with self._pool.connection() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        with _translated():
            async with self._pool.connection() as connection, connection.transaction():
                yield connection

    async def scrub(self) -> bool:
        """Free the space of what was erased for others to fill. The server's own log is its operators'."""
        with _translated():
            async with self._pool.connection() as connection:
                try:
                    await connection.execute("VACUUM review, contact, limit_count, visitor_salt")
                except psycopg.errors.LockNotAvailable:
                    return False
        return True

    async def run(self, work: Work[Result]) -> Result:
        async with self.write() as connection:
            return await work(connection)


class _translated:  # noqa: N801 - reads as a verb where it is used
    """Driver errors become ours; everything else passes."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (psycopg.IntegrityError, psycopg.DataError)):
            return  # a fault of the value, not of the database
        if isinstance(error, (psycopg.Error, PoolTimeout, OSError)):
            raise StorageUnavailable(retry_after=5) from error
