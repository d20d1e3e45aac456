"""What a list of procedures shows of each: a few statements for all of them, however many there are, on sums alone."""

from collections.abc import Collection
from datetime import date

import msgspec

from collector.indicators import COUNTS
from collector.schema import Placement
from collector.storage.counting import period_of
from collector.storage.engine import Engine, listed
from collector.storage.rows import placement_of, text_of

Volumes = dict[int, dict[date, int]]
"""By placement: the reviews of each day that had any."""


class Overview:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def satisfaction(
        self, procedures: Collection[int], from_day: str, to_day: str
    ) -> dict[int, dict[str, dict[str, int]]]:
        """By procedure and month (YYYY-MM): the number of reviews and of each satisfaction answer."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.satisfaction_by_procedure(
                    connection, procedures=text_of(list(procedures)), **period_of(from_day, to_day)
                )
            )
        found: dict[int, dict[str, dict[str, int]]] = {}
        for row in rows:
            sums = {name: int(row[name]) for name in row if name not in {"procedure_id", "month"}}
            found.setdefault(row["procedure_id"], {})[row["month"]] = sums
        return found

    async def counts(self, procedures: Collection[int], first: str, last: str) -> dict[int, dict[str, int]]:
        """The sums of each procedure over whole months (YYYY-MM), both included."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.counts_of_procedures(
                    connection, procedures=text_of(list(procedures)), first=first, last=last
                )
            )
        return {row["procedure_id"]: {name: int(row[name]) for name in COUNTS} for row in rows}

    async def latest(self) -> dict[int, date]:
        """By procedure, of those that have any: the day of the last review."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.latest_days(connection))
        return {row["procedure_id"]: date.fromisoformat(row["day"]) for row in rows if row["day"]}

    async def volumes(self, procedures: Collection[int], from_day: str, to_day: str) -> Volumes:
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.volumes(
                    connection, procedures=text_of(list(procedures)), from_day=from_day, to_day=to_day
                )
            )
        # Tens of thousands of days for an administrator of 250 procedures: read in C.
        return {row["placement_id"]: msgspec.json.decode(row["days"], type=dict[date, int]) for row in rows}

    async def technical(self, procedures: Collection[int], from_day: str) -> dict[int, int]:
        """By procedure: how many technical problems were reported since a day."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.technical_lately(connection, procedures=text_of(list(procedures)), from_day=from_day)
            )
        return {row["procedure_id"]: int(row["reports"]) for row in rows}

    async def placements(self) -> list[Placement]:
        """All of them, of every procedure."""
        async with self._engine.read() as connection:
            return [placement_of(row) for row in await listed(self._engine.sql.every_placement(connection))]
