"""PostgreSQL through psycopg 3: a pool for writing and one for reading, the same statements and the same rows."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any, Literal
from weakref import WeakKeyDictionary

import psycopg
from psycopg.rows import dict_row, tuple_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from collector.errors import StorageUnavailable
from collector.storage.engine import Question, Row, statements
from collector.storage.many import Many, Rows, in_json
from collector.storage.trip import Result, Work

# A stalled writer would hold up every other one (they take turns, see 0001_first.sql): the server ends it.
STALLED = "5s"
# While nobody answers, whoever waits for a connection is told to come back; a browser gives up after twenty seconds.
PATIENCE = 3.0
# Whoever writes finds rows by their key, whatever statistics say: until they are first collected, a minute after it was
# new, a table is thought to be nearly empty, and would be read from end to end for each batch.
BY_KEY = "".join(
    f" -c {setting}"
    for setting in (
        "enable_seqscan=off",
        "enable_hashjoin=off",
        "enable_mergejoin=off",
        # Of two indexes, the one that leads to fewer rows.
        "random_page_cost=0",
        "cpu_tuple_cost=1",
        # Where nothing but a scan is left, as of a table of one row, its price would seem worth a compiler's while.
        "jit=off",
        # With no choice left, a plan is made once.
        "plan_cache_mode=force_generic_plan",
    )
)
# A connection that has just carried a transaction is not asked whether it works.
ANSWERED = 1.0
# A connection that cannot be made is tried again this long, then by whoever asks next. The pool's own five minutes let
# the pauses between its tries grow to a minute, and an outage of one last two.
RECONNECT = 1.0


_Pool = AsyncConnectionPool[psycopg.AsyncConnection[Any]]


class PostgresEngine:
    name: Literal["postgres"] = "postgres"

    # A server that does not even do that, or a road that swallows everything: from our side. Writes are short, what is
    # read may be a large export's page.
    longest_write = 10.0
    longest_read = 60.0

    def __init__(self, url: str) -> None:
        self.sql: Any = statements("postgres", "apsycopg")
        # Apart: charts and exports may be slow and many, and no citizen's review waits for them.
        self._writers = _pool(url, 3, BY_KEY, self._check)
        self._answered: WeakKeyDictionary[psycopg.AsyncConnection[Any], float] = WeakKeyDictionary()
        # A plan that must serve every period and every procedure takes any period for a short one: each gets its own.
        custom = " -c plan_cache_mode=force_custom_plan"
        self._readers = _pool(url, 4, f" -c default_transaction_read_only=on{custom}", _Pool.check_connection)

    async def open(self) -> None:
        """Connections are made while we go on: a worker that is started during an outage answers 503 until it ends."""
        await self._writers.open()
        await self._readers.open()

    async def close(self) -> None:
        await asyncio.gather(self._readers.close(timeout=2), self._writers.close(timeout=2))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        with _translated():
            async with asyncio.timeout(self.longest_read), self._readers.connection() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        with _translated():
            async with (
                asyncio.timeout(self.longest_write),
                self._writers.connection() as connection,
                connection.transaction(),
            ):
                yield connection
            self._answered[connection] = monotonic()

    async def tuples(
        self, connection: psycopg.AsyncConnection[Any], sql: str, parameters: Mapping[str, Any]
    ) -> list[tuple[Any, ...]]:
        async with connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(sql.encode(), parameters)
            return await cursor.fetchall()

    async def scrub(self) -> bool:
        """Free the space of what was erased for others to fill. The server's own log is its operators'."""
        with _translated():
            async with self._writers.connection() as connection:
                try:
                    await connection.execute("VACUUM review, review_word, word, contact, limit_count, visitor_salt")
                except psycopg.errors.LockNotAvailable:
                    return False
        return True

    async def ask(self, connection: Any, *questions: Question) -> list[list[Row]]:
        # Not prepared: of a table that has grown since, another index is the right one.
        cursors = [await connection.execute(*question, prepare=False) for question in questions]
        return [await cursor.fetchall() for cursor in cursors]

    async def is_alone(self, _connection: Any) -> bool:
        return False

    async def put(self, connection: Any, many: Many, rows: Rows) -> None:
        if rows:
            # psycopg would look through these long texts for its own parameters, each time.
            await psycopg.AsyncRawCursor(connection).execute(*in_json(many, rows), prepare=many.prepared)

    async def run(self, work: Work[Result]) -> Result:
        """In a pipeline: what nobody waits for inside `work` goes with what follows, the last of it with the commit."""
        with _translated():
            async with (
                asyncio.timeout(self.longest_write),
                self._writers.connection() as connection,
                connection.pipeline(),
            ):
                # The driver's own transactions would wait for the server at either end.
                await connection.execute("BEGIN")
                result = await work(connection)
                await connection.execute("COMMIT")
            self._answered[connection] = monotonic()
        return result

    async def _check(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Whether the server is still there: asking before each batch would be a third of its trips."""
        if monotonic() - self._answered.get(connection, 0) > ANSWERED:
            await _Pool.check_connection(connection)


def _pool(url: str, most: int, options: str, check: Callable[[Any], Awaitable[None]]) -> _Pool:
    return _Pool(
        url,
        min_size=1,
        max_size=most,
        open=False,
        timeout=PATIENCE,
        reconnect_timeout=RECONNECT,
        kwargs={
            "row_factory": dict_row,
            "autocommit": True,
            "options": f"-c idle_in_transaction_session_timeout={STALLED} -c lock_timeout=3s -c timezone=UTC{options}",
            "application_name": "avis",
            "connect_timeout": 3,
            # A server that is gone without a word is found out by the kernel.
            "tcp_user_timeout": 10_000,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
        },
        check=check,
    )


class _translated:  # noqa: N801 - reads as a verb where it is used
    """Driver errors become ours; everything else passes."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (psycopg.IntegrityError, psycopg.DataError)):
            return  # a fault of the value, not of the database
        if isinstance(error, (psycopg.Error, PoolTimeout, OSError)):
            raise StorageUnavailable(retry_after=5) from error
