"""Read what changed in several procedures in one order, without reading a page of each for a page of all.

Each procedure's changes are read in small chunks, and a chunk more only once the one before is used up: a page over 250
procedures reads little more than itself.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from heapq import heapify, heappop, heapreplace
from typing import Any

from collector.storage.engine import Row, listed

# A chunk of fewer would cost a statement for a handful of rows.
LEAST = 20


class Changes:
    """What changed with `after` < change <= `last`; about `number` of them are wanted."""

    def __init__(
        self, sql: Any, connection: Any, procedures: Sequence[int], *, after: int, last: int, number: int
    ) -> None:
        self._connection = connection
        self._last = last
        self._after = after
        self._chunk = max(LEAST, min(number, 2 * number // max(1, len(procedures))))
        self._sources = [
            (statement, procedure)
            for procedure in procedures
            for statement in (sql.reviews_of_procedure_after, sql.gone_of_procedure_after)
        ]

    async def in_order(self) -> AsyncIterator[Row]:
        chunks = [await self._read(*source, self._after) for source in self._sources]
        # No two rows have the same change, so the rows themselves are never compared.
        heads = [(chunk[0]["change"], n, 0) for n, chunk in enumerate(chunks) if chunk]
        heapify(heads)
        while heads:
            change, n, place = heads[0]
            yield chunks[n][place]
            place += 1
            if place == len(chunks[n]) == self._chunk:
                chunks[n], place = await self._read(*self._sources[n], change), 0
            if place < len(chunks[n]):
                heapreplace(heads, (chunks[n][place]["change"], n, place))
            else:
                heappop(heads)

    async def _read(self, statement: Callable[..., AsyncIterator[Row]], procedure: int, after: int) -> Sequence[Row]:
        return await listed(
            statement(self._connection, procedure_id=procedure, after=after, last=self._last, number=self._chunk)
        )
