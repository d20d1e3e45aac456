"""Move the sums: by day as everything is counted, by month for what years are read from.

Always in the transaction that changes the reviews, so that sums are never behind and never differ from a recount.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from collector.storage.batch import CountKey
from collector.storage.rows import counts_row

Moved = Mapping[CountKey, Mapping[str, int]]


async def move(sql: Any, connection: Any, moved: Moved) -> None:
    if not moved:
        return
    months: dict[tuple[int, str, int], Counter[str]] = {}
    for (procedure_id, day, placement_id, _version, _lang), counts in moved.items():
        months.setdefault((procedure_id, day[:7], placement_id), Counter()).update(counts)
    await sql.add_counts(
        connection,
        [
            counts_row(counts, procedure_id=key[0], day=key[1], placement_id=key[2], form_version=key[3], lang=key[4])
            for key, counts in moved.items()
        ],
    )
    await sql.add_month_counts(
        connection,
        [counts_row(counts, procedure_id=key[0], month=key[1], placement_id=key[2]) for key, counts in months.items()],
    )
