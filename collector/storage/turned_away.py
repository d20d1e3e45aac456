"""Submissions that a limit or a foreign site's rule refused: how many of a procedure's day, for which reason.

Nobody is followed for that. Whoever is refused may come a thousand times a second, so each costs an addition in memory;
once a minute what was added is written, and again when the service stops. A process that dies loses that minute.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from collector.schema import Clock, Procedure, Refusal, day_of
from collector.storage.engine import Engine, listed
from collector.storage.many import inserted

KEPT = timedelta(days=60)
ADD = inserted(
    "turned_away",
    ("procedure_id", "day", "why", "times"),
    "ON CONFLICT (procedure_id, day, why) DO UPDATE SET times = turned_away.times + excluded.times",
)

Refusals = Mapping[int, Mapping[str, Mapping[Refusal, int]]]
"""By procedure, day and reason."""


class TurnedAway:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._waiting: Counter[tuple[int, str, Refusal]] = Counter()

    def count(self, procedure: Procedure, why: Refusal) -> None:
        self._waiting[procedure.id, day_of(self._clock()), why] += 1

    async def settle(self) -> None:
        """Write what was counted, drop what is too old. Raises StorageUnavailable: it is then still to be written."""
        counted, self._waiting = self._waiting, Counter()
        try:
            async with self._engine.write() as connection:
                await self._engine.put(connection, ADD, [(*key, times) for key, times in counted.items()])
                await self._engine.sql.trim_turned_away(connection, day=day_of(self._clock() - KEPT))
        except BaseException:
            self._waiting += counted
            raise

    async def since(self, day: str) -> Refusals:
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.turned_away_since(connection, from_day=day))
        found: dict[int, dict[str, dict[Refusal, int]]] = {}
        for row in rows:
            found.setdefault(row["procedure_id"], {}).setdefault(row["day"], {})[row["why"]] = row["times"]
        return found
