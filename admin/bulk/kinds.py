"""What can be imported and exported: each kind of table with its columns, its rows of today, what a file would do."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from admin.bulk import procedures, users
from admin.bulk.files import Row
from admin.bulk.plans import Plan
from collector.storage import Storage


class Trial(Struct, frozen=True):
    """What rows would do, compared with what is there now."""

    plan: Plan
    put: Callable[[datetime, str], Awaitable[list[str]]]
    """Do all of it at a time and by somebody, or nothing. The e-mails of new accounts. Raises Conflict."""


class Kind(Protocol):
    @property
    def columns(self) -> Mapping[str, str]: ...

    async def cells(self, storage: Storage) -> list[dict[str, str]]:
        """What is there, as rows that can be imported again."""
        ...

    async def trial(self, storage: Storage, rows: Sequence[Row], today: date) -> Trial: ...


class Procedures:
    columns = procedures.COLUMNS

    async def cells(self, storage: Storage) -> list[dict[str, str]]:
        return [procedures.cells_of(one) for one in (await storage.bulk.catalogued()).known]

    async def trial(self, storage: Storage, rows: Sequence[Row], today: date) -> Trial:
        there = await storage.bulk.catalogued()
        plan = procedures.plan(rows, there.known, there.organisations, today)

        async def put(now: datetime, by: str) -> list[str]:
            await storage.bulk.put_procedures(there, plan.wanted, now=now, by=by)
            return []

        return Trial(plan, put)


class Users:
    columns = users.COLUMNS

    async def cells(self, storage: Storage) -> list[dict[str, str]]:
        return users.cells_of(await storage.bulk.registered())

    async def trial(self, storage: Storage, rows: Sequence[Row], today: date) -> Trial:  # noqa: ARG002 - no days in it
        there = await storage.bulk.registered()
        plan = users.plan(rows, there)

        async def put(now: datetime, by: str) -> list[str]:
            return await storage.bulk.put_rights(there, plan.wanted, now=now, by=by)

        return Trial(plan, put)


KINDS: dict[str, Kind] = {"demarches": Procedures(), "utilisateurs": Users()}
"""By their names in addresses."""
