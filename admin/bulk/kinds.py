"""What can be imported and exported: each kind of table with its columns, its rows of today, what a file would do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from admin.bulk import procedures
from admin.bulk.files import Row
from admin.bulk.plans import Plan
from collector.storage import Storage
from collector.storage.bulk import Catalogued


class Kind(Protocol):
    @property
    def columns(self) -> Mapping[str, str]: ...

    async def cells(self, storage: Storage) -> list[dict[str, str]]:
        """What is there, as rows that can be imported again."""
        ...

    async def plan(self, storage: Storage, rows: Sequence[Row]) -> tuple[Plan, Catalogued]:
        """What the rows would do, and what this was compared with."""
        ...

    async def put(self, storage: Storage, plan: Plan, there: Catalogued, *, now: datetime, by: str) -> None:
        """Do all of it, or nothing. Raises Conflict."""
        ...


class Procedures:
    columns = procedures.COLUMNS

    async def cells(self, storage: Storage) -> list[dict[str, str]]:
        return [procedures.cells_of(one) for one in (await storage.bulk.catalogued()).known]

    async def plan(self, storage: Storage, rows: Sequence[Row]) -> tuple[Plan, Catalogued]:
        there = await storage.bulk.catalogued()
        return procedures.plan(rows, there.known, there.organisations), there

    async def put(self, storage: Storage, plan: Plan, there: Catalogued, *, now: datetime, by: str) -> None:
        await storage.bulk.put_procedures(there, plan.wanted, now=now, by=by)


KINDS: dict[str, Kind] = {"demarches": Procedures()}
"""By their names in addresses."""
