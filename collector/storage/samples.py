"""Read a little of everything, for whoever checks it."""

from datetime import UTC, datetime

from msgspec import Struct

from collector.storage.engine import Engine, Row, listed
from collector.storage.rows import moment

_LATEST = 100


class Sample(Struct, frozen=True):
    """A procedure's day: what it counts, and the reviews it was counted from."""

    counts: list[Row]
    own_counts: list[Row]
    reviews: list[Row]


class Samples:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def latest(self) -> datetime | None:
        """When the newest of the reviews that came last was given."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.latest_reviews(connection, number=_LATEST))
        return max((datetime.fromtimestamp(row["minute"] * 60, UTC) for row in rows), default=None)

    async def last_purge(self) -> str | None:
        """The last day on which everything too old was forgotten."""
        async with self._engine.read() as connection:
            row = await self._engine.sql.last_purge(connection)
        return row["day"] if row else None

    async def since(self) -> datetime | None:
        """When the first procedure was created: how long this service has had something to do."""
        async with self._engine.read() as connection:
            row = await self._engine.sql.first_procedure(connection)
        return moment(row["at"]) if row and row["at"] else None

    async def days(self, from_day: str, number: int) -> list[Sample]:
        """The last `number` days of procedures, from `from_day` on. Each is of one moment: it may be counted now."""
        async with self._engine.read() as connection:
            found = await listed(self._engine.sql.counted_days(connection, from_day=from_day, number=number))
        return [await self._day(row["procedure_id"], row["day"]) for row in found]

    async def _day(self, procedure_id: int, day: str) -> Sample:
        sql = self._engine.sql
        async with self._engine.read() as connection:
            level = "" if self._engine.name == "sqlite" else " ISOLATION LEVEL REPEATABLE READ"
            await connection.execute(f"BEGIN{level}")
            try:
                counts = await listed(sql.counts_of_a_day(connection, procedure_id=procedure_id, day=day))
                own = await listed(sql.own_counts_of_a_day(connection, procedure_id=procedure_id, day=day))
                reviews = await listed(sql.reviews_of_a_day(connection, procedure_id=procedure_id, day=day))
            finally:
                await connection.execute("ROLLBACK")
        return Sample(counts, own, reviews)
