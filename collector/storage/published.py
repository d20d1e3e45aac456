"""Keep what the public was told of each procedure, and tell it more once enough people stand behind that."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

import msgspec
from msgspec import Struct

from collector.indicators import COUNTS, total
from collector.schema import Procedure, parse_day
from collector.storage.counting import period_of
from collector.storage.engine import Engine, Row, listed
from collector.storage.reviews import FIRST_DAY, LAST_DAY
from collector.storage.rows import text_of
from collector.suppression import COLUMNS, Family, Figures, Step, differences, figures, steps_due

Sums = Mapping[str, int]


class _Known(Struct, frozen=True):
    """The latest steps, and the sums since the first review at the end of each day since (today: as they stand)."""

    steps: dict[Family, Step]
    sums: list[tuple[str, Sums]]


class Published:
    """`least` is how many reviews must stand behind whatever is told."""

    def __init__(self, engine: Engine, least: int) -> None:
        self._engine = engine
        self._least = least

    async def figures(self, procedure: Procedure, first: date, today: date) -> Figures:
        """The public figures from `first` until today, to within a step at either end."""
        async with self._engine.read() as connection:
            known = await self._known(connection, procedure, today)
        if steps_due(known.steps, _told_by(known.steps), known.sums, self._least):
            known = await self._step(procedure, today)
        async with self._engine.read() as connection:
            before = await self._steps(connection, procedure, first - timedelta(days=1))
        return figures(known.steps, before, known.sums[-1][1] if known.sums else total([]), self._least)

    async def by_month(self, procedure: Procedure, first: date, today: date) -> dict[str, Figures]:
        """What was told of each month (`2026-03`) from that of `first` on: from its first step to its last.

        Steps are only read here: what `figures` has taken is what there is to say.
        """
        start = first.replace(day=1)
        async with self._engine.read() as connection:
            before = await self._steps(connection, procedure, start - timedelta(days=1))
            rows = await listed(
                self._engine.sql.steps_by_month(
                    connection, procedure_id=procedure.id, first=start.isoformat(), last=today.isoformat()
                )
            )
        last: dict[str, dict[Family, Step]] = {}
        for row in rows:
            last.setdefault(row["day"][:7], {})[row["family"]] = _step_of(row)
        return differences(months(start, today), before, last, self._least)

    async def several(self, procedures: Sequence[Procedure], first: date, today: date) -> dict[int, Figures]:
        """The same of many procedures, read together: only where a step is due is a procedure looked at by itself."""
        ids = text_of([one.id for one in procedures])
        async with self._engine.read() as connection:
            latest = await self._steps_of(connection, ids, today)
            rows = await listed(
                self._engine.sql.counts_of_procedures(
                    connection, procedures=ids, first=FIRST_DAY[:7], last=LAST_DAY[:7]
                )
            )
        sums = {one.id: total([]) for one in procedures} | {row["procedure_id"]: _counts(row) for row in rows}
        for one in procedures:
            steps, now = latest.get(one.id, {}), [(today.isoformat(), sums[one.id])]
            if steps_due(steps, _told_by(steps), now, self._least):
                latest[one.id] = (await self._step(one, today)).steps
        async with self._engine.read() as connection:
            before = await self._steps_of(connection, ids, first - timedelta(days=1))
        return {
            one.id: figures(latest.get(one.id, {}), before.get(one.id, {}), sums[one.id], self._least)
            for one in procedures
        }

    async def _step(self, procedure: Procedure, today: date) -> _Known:
        """Take the steps that are due; alone, because two workers that each took one could be subtracted."""
        sql = self._engine.sql

        async def work(connection: Any) -> _Known:
            await sql.hold_progress(connection)
            known = await self._known(connection, procedure, today)
            told: dict[Family, set[int]] = {family: set() for family in COLUMNS}
            for row in await listed(sql.told(connection, procedure_id=procedure.id)):
                told[row["family"]].update(msgspec.json.decode(row["told"], type=list[int]))
            taken = steps_due(known.steps, told, known.sums, self._least)
            if taken:
                await sql.put_steps(connection, [_row(procedure, step) for step in taken])
            return _Known({**known.steps, **{step.family: step for step in taken}}, known.sums)

        return await self._engine.run(work)

    async def _known(self, connection: Any, procedure: Procedure, today: date) -> _Known:
        steps = await self._steps(connection, procedure, today)
        # Days before the oldest of the latest steps are summed by the database, later ones one by one.
        since = min((step.day for step in steps.values()), default="") if len(steps) == len(COLUMNS) else ""
        period = {"procedure_id": procedure.id, "placement_id": None}
        start = await self._engine.sql.counts_of_period(
            connection, **period_of(FIRST_DAY, _day_before(since) if since else FIRST_DAY), **period
        )
        rows = await listed(
            self._engine.sql.counts_by_day(connection, from_day=since, to_day=today.isoformat(), **period)
        )
        sums = list(accumulate((_counts(row) for row in rows), _plus, initial=_counts(start)))[1:]
        return _Known(steps, list(zip([row["day"] for row in rows], sums, strict=True)))

    async def _steps(self, connection: Any, procedure: Procedure, day: date) -> dict[Family, Step]:
        rows = await listed(self._engine.sql.latest_steps(connection, procedure_id=procedure.id, day=day.isoformat()))
        return {row["family"]: _step_of(row) for row in rows}

    async def _steps_of(self, connection: Any, procedures: str, day: date) -> dict[int, dict[Family, Step]]:
        rows = await listed(self._engine.sql.latest_steps_of(connection, procedures=procedures, day=day.isoformat()))
        found: dict[int, dict[Family, Step]] = {}
        for row in rows:
            found.setdefault(row["procedure_id"], {})[row["family"]] = _step_of(row)
        return found


def months(first: date, last: date) -> list[str]:
    """`2026-03` and those after it, to that of `last`."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12}-{number % 12 + 1:02}" for number in numbers]


def _step_of(row: Row) -> Step:
    return Step(
        row["family"],
        row["day"],
        msgspec.json.decode(row["counts"], type=dict[str, int]),
        tuple(msgspec.json.decode(row["told"], type=list[int])),
    )


def _told_by(steps: Mapping[Family, Step]) -> dict[Family, tuple[int, ...]]:
    return {family: step.told for family, step in steps.items()}


def _row(procedure: Procedure, step: Step) -> dict[str, Any]:
    return {
        "procedure_id": procedure.id,
        "family": step.family,
        "day": step.day,
        "counts": text_of(step.counts),
        "told": text_of(step.told),
    }


def _counts(row: Row) -> Sums:
    return {name: int(row[name]) for name in COUNTS}


def _plus(one: Sums, other: Sums) -> Sums:
    return {name: one[name] + other[name] for name in COUNTS}


def _day_before(day: str) -> str:
    return (parse_day(day) - timedelta(days=1)).isoformat()
