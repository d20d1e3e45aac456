"""Sites that showed a form without being allowed to: what an owner needs to see that a page of theirs was forgotten.

Anybody can ask for a form and say any site, so what is kept is bounded: so many sites for a procedure, and one write a
second, whatever the number of requests. In between they are counted in memory, which a stop may lose.
"""

import re
from datetime import datetime, timedelta

from collector.schema import Clock, Procedure, RefusedOrigin
from collector.storage.engine import Engine, listed
from collector.storage.rows import moment, stamp

MOST_KEPT = 30
_MOST_WAITING = 100
_PAUSE = timedelta(seconds=1)
_ORIGIN = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?")


class Refused:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._waiting: dict[tuple[int, str], int] = {}
        self._next_write: datetime | None = None

    async def count(self, procedure: Procedure, origin: str) -> None:
        """Raises StorageUnavailable: what waited is then not counted."""
        one = (procedure.id, origin)
        if not _ORIGIN.fullmatch(origin) or (one not in self._waiting and len(self._waiting) >= _MOST_WAITING):
            return
        self._waiting[one] = self._waiting.get(one, 0) + 1
        now = self._clock()
        if self._next_write and now < self._next_write:
            return
        self._next_write = now + _PAUSE
        sql, counted, self._waiting = self._engine.sql, self._waiting, {}
        async with self._engine.write() as connection:
            for (procedure_id, name), times in counted.items():
                await sql.count_refused(
                    connection, procedure_id=procedure_id, origin=name, times=times, last_at=stamp(now)
                )
                await sql.trim_refused(connection, procedure_id=procedure_id, origin=name, most=MOST_KEPT)

    async def of(self, procedure: Procedure) -> list[RefusedOrigin]:
        """The latest first."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.refused_origins(connection, procedure_id=procedure.id))
        return [RefusedOrigin(row["origin"], row["times"], moment(row["last_at"])) for row in rows]

    async def forget(self, procedure: Procedure, origin: str) -> None:
        async with self._engine.write() as connection:
            await self._engine.sql.forget_refused(connection, procedure_id=procedure.id, origin=origin)
