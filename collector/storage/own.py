"""How often each answer to an owner's own questions was given, day by day: a tall table, only where such are asked.

Moved by every transaction that moves `day_count`, by the same differences, so that it equals a recount of the reviews,
always. Nobody answers own questions in the national questionnaire, so its reviews cost nothing here.
"""

from collections.abc import Mapping
from typing import Any

from collector.schema import OWN_NAMES, STANDARD, OwnName, Procedure
from collector.storage.batch import CountKey
from collector.storage.engine import Engine, listed
from collector.storage.many import inserted

_KEY = ("procedure_id", "day", "placement_id", "form_version", "lang", "question", "answer")
ADD_OWN_COUNTS = inserted(
    "own_count",
    (*_KEY, "reviews"),
    f"ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET reviews = own_count.reviews + excluded.reviews",
)


Answers = dict[tuple[OwnName, str], int]
"""How many reviews give each answer, by question; `ANSWERED` counts whoever answered the question at all."""


class OwnCounts:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def by_part(self, procedure: Procedure, from_day: str, to_day: str) -> dict[tuple[int, int, str], Answers]:
        """The sums of a period, by placement, form version and language."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.own_counts_of_period(
                    connection, procedure_id=procedure.id, from_day=from_day, to_day=to_day
                )
            )
        found: dict[tuple[int, int, str], Answers] = {}
        for row in rows:
            part = found.setdefault((row["placement_id"], row["form_version"], row["lang"]), {})
            part[row["question"], row["answer"]] = int(row["reviews"])
        return found


async def move_own(engine: Engine, connection: Any, moved: Mapping[CountKey, Mapping[str, int]]) -> None:
    rows = [
        (*key, *name.split(":"), number)
        for key, counts in moved.items()
        if key[3] != STANDARD
        for name, number in counts.items()
        if name.startswith(OWN_NAMES)
    ]
    # In one order, whoever writes.
    await engine.put(connection, ADD_OWN_COUNTS, sorted(rows))
