"""Find what is too old, and remember when everything too old was forgotten."""

from collections.abc import Sequence

from collector.storage.amend import MOST, Place
from collector.storage.engine import Engine, Row, listed


class Aged:
    """Days are YYYY-MM-DD in Paris. What is `before` a day is too old on it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def reviews(self, before: str) -> Sequence[Place]:
        """Some reviews that are too old, the oldest first."""
        async with self._engine.read() as connection:
            return _places(await listed(self._engine.sql.aged_reviews(connection, day=before, number=MOST)))

    async def texts(self, before: str) -> Sequence[Place]:
        """Some reviews whose free text is too old and still there."""
        async with self._engine.read() as connection:
            return _places(await listed(self._engine.sql.aged_texts(connection, day=before, number=MOST)))

    async def count(self, *, texts_before: str, reviews_before: str) -> tuple[int, int]:
        """How many texts, and how many reviews with all they say, are too old. No review is counted twice."""
        sql = self._engine.sql
        async with self._engine.read() as connection:
            texts = await sql.count_aged_texts(connection, day=texts_before, kept=reviews_before)
            reviews = await sql.count_aged_reviews(connection, day=reviews_before)
        return texts["number"], reviews["number"]

    async def done(self, day: str, traces_before: str) -> int:
        """Everything too old on `day` is forgotten. Also drops the traces of what was removed before; says how many."""
        async with self._engine.write() as connection:
            await self._engine.sql.put_purge(connection, day=day)
            return int(await self._engine.sql.forget_gone(connection, day=traces_before))

    async def is_done(self, day: str) -> bool:
        async with self._engine.read() as connection:
            return bool(await self._engine.sql.purged_on(connection, day=day))


def _places(rows: Sequence[Row]) -> Sequence[Place]:
    return [(row["procedure_id"], row["seq"]) for row in rows]
