"""The sums of a part of a procedure (some placements, one form version, one language) over steps of time.

From `day_count` alone: what a chart costs depends on its days and their parts, never on how many reviews they had.
"""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from collector.indicators import total
from collector.schema import Procedure
from collector.storage.engine import Engine, listed
from collector.storage.reviews import counts_of
from collector.storage.rows import text_of

Counts = dict[str, int]
Days = tuple[date, date]
"""Both included."""


class Part(Struct, frozen=True):
    """None is everything; no placement at all is nothing."""

    placements: tuple[int, ...] | None = None
    form_version: int | None = None
    lang: str | None = None


class Sums:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def by_step(self, procedure: Procedure, steps: Sequence[Days], part: Part) -> list[dict[str, int]]:
        """One row of sums a step, in their order, in one statement. Steps may overlap."""
        if not steps:
            return []
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.counts_by_step(
                    connection,
                    procedure_id=procedure.id,
                    **_asked(steps),
                    placements=None if part.placements is None else text_of(list(part.placements)),
                    form_version=part.form_version,
                    lang=part.lang,
                )
            )
        found = {int(row["step"]): counts_of(row) for row in rows}
        return [found.get(n) or total([]) for n in range(len(steps))]

    async def by_step_and_placement(self, procedure: Procedure, steps: Sequence[Days]) -> list[dict[int, Counts]]:
        """Of each step, the sums of each placement that has any."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.counts_by_step_and_placement(connection, procedure_id=procedure.id, **_asked(steps))
            )
        found: list[dict[int, Counts]] = [{} for _ in steps]
        for row in rows:
            found[int(row["step"])][row["placement_id"]] = counts_of(row)
        return found


def _asked(steps: Sequence[Days]) -> dict[str, str]:
    days = [(n, first.isoformat(), last.isoformat()) for n, (first, last) in enumerate(steps)]
    return {
        "steps": text_of(days),
        "from_day": min(first for _, first, _ in days),
        "to_day": max(last for _, _, last in days),
    }
