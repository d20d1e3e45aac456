"""Closed placements that somebody still uses: what tells an owner that a button was left on a page.

Nobody is followed for that: a form that is asked for and an opinion that is refused are counted, by day, and that is
all. Anybody can ask again and again, so there is one write a second at most, whatever the number of requests. In
between they are counted in memory, which a stop may lose.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from collector.schema import Clock, Placement, day_of
from collector.storage.engine import Engine, listed

KEPT = timedelta(days=35)
_PAUSE = timedelta(seconds=1)

Use = Literal["opened", "sent"]


class ClosedUse(Struct, frozen=True):
    """How often a form was opened, and an opinion refused."""

    opened: int
    sent: int


class ClosedUses:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._waiting: Counter[tuple[int, str, Use]] = Counter()
        self._next_write: datetime | None = None

    async def count(self, placement: Placement, use: Use) -> None:
        """Raises StorageUnavailable: what waited is then not counted."""
        now = self._clock()
        self._waiting[placement.id, day_of(now), use] += 1
        if self._next_write and now < self._next_write:
            return
        self._next_write = now + _PAUSE
        sql, counted, self._waiting = self._engine.sql, self._waiting, Counter()
        async with self._engine.write() as connection:
            for placement_id, day in {key[:2] for key in counted}:
                times = {name: counted[placement_id, day, name] for name in ("opened", "sent")}
                await sql.count_closed_use(connection, placement_id=placement_id, day=day, **times)
            await sql.trim_closed_uses(connection, day=day_of(now - KEPT))

    async def since(self, day: str) -> dict[int, ClosedUse]:
        """By placement, from a day on."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.closed_uses(connection, from_day=day))
        return {row["placement_id"]: ClosedUse(int(row["opened"]), int(row["sent"])) for row in rows}
