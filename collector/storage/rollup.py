"""Move the sums: by day as everything is counted, by month for what years are read from.

Always in the transaction that changes the reviews, so that sums are never behind and never differ from a recount.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from collector.indicators import COUNTS
from collector.storage.batch import CountKey
from collector.storage.counting import ADD_COUNTS, ADD_MONTH_COUNTS
from collector.storage.engine import Engine
from collector.storage.own import move_own

Moved = Mapping[CountKey, Mapping[str, int]]


async def move(engine: Engine, connection: Any, moved: Moved) -> None:
    months: dict[tuple[int, str, int], Counter[str]] = {}
    for (procedure_id, day, placement_id, _version, _lang), counts in moved.items():
        months.setdefault((procedure_id, day[:7], placement_id), Counter()).update(counts)
    await engine.put(connection, ADD_COUNTS, [_row(key, counts) for key, counts in moved.items()])
    await engine.put(connection, ADD_MONTH_COUNTS, [_row(key, counts) for key, counts in months.items()])
    await move_own(engine, connection, moved)


def _row(key: tuple[int | str, ...], moved: Mapping[str, int]) -> tuple[int | str, ...]:
    return (*key, *(moved.get(name, 0) for name in COUNTS))
