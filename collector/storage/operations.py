"""Daily numbers of procedures: a file is brought in as a whole, and the last one can be taken back."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec
from msgspec import Struct

from collector.operations.days import Differences, Key, OperationsDay, differences, key_of
from collector.schema import Procedure
from collector.storage.engine import Engine, Row, listed
from collector.storage.journal import Details, Journal
from collector.storage.many import Many, inserted
from collector.storage.rows import moment, stamp, text_of

Cursor = tuple[str, str]
"""A day and a channel; before all channels of a day stands the empty one."""
_COLUMNS = ("procedure_id", "day", "channel", "started", "completed", "delay")
_KEY = _COLUMNS[:3]
_KEYS = ", ".join(_KEY)
_MOVED = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[3:])
PUT_OPERATIONS = inserted("operation", _COLUMNS, f"ON CONFLICT ({_KEYS}) DO UPDATE SET {_MOVED}")
DELETE_OPERATIONS = Many(
    "operation",
    _KEY,
    f"DELETE FROM operation WHERE ({_KEYS}) IN (SELECT {_KEYS} FROM new)",  # noqa: S608 - our own names
    prepared=False,
)


class Import(Struct, frozen=True):
    """The last import of a procedure that changed anything."""

    at: datetime
    by: str
    added: int
    changed: int


class Operations:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def between(self, procedure: Procedure, from_day: str, to_day: str) -> list[OperationsDay]:
        """In the order of days, both included."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.operations(connection, procedure_id=procedure.id, from_day=from_day, to_day=to_day)
            )
        return [_day_of(row) for row in rows]

    async def page(self, procedure: Procedure, after: Cursor, to_day: str, *, number: int) -> list[OperationsDay]:
        """At most `number` rows that come after this day and channel, in that order."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.operations_after(
                    connection, procedure_id=procedure.id, day=after[0], channel=after[1], to_day=to_day, number=number
                )
            )
        return [_day_of(row) for row in rows]

    async def last_day(self, procedure: Procedure) -> str | None:
        async with self._engine.read() as connection:
            row = await self._engine.sql.last_operation(connection, procedure_id=procedure.id)
        return row["day"] if row else None

    async def last_import(self, procedure: Procedure) -> Import | None:
        async with self._engine.read() as connection:
            row = await self._engine.sql.last_import(connection, procedure_id=procedure.id)
        return Import(moment(row["imported_at"]), row["imported_by"], row["added"], row["changed"]) if row else None

    async def compare(self, procedure: Procedure, given: Mapping[Key, OperationsDay]) -> Differences:
        """What an import would do. It does nothing."""
        stored = await self.between(procedure, min(given)[0], max(given)[0])
        return differences({key_of(one): one for one in stored}, given)

    async def bring(
        self, procedure: Procedure, given: Mapping[Key, OperationsDay], *, now: datetime, by: str
    ) -> Differences:
        """Days that are known already are corrected, others stay. What changes nothing is no import."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            await sql.hold_import(connection, procedure_id=procedure.id)
            span = {"from_day": min(given)[0], "to_day": max(given)[0]}
            stored = map(_day_of, await listed(sql.operations(connection, procedure_id=procedure.id, **span)))
            found = differences({key_of(one): one for one in stored}, given)
            if not found.put:
                return found
            await self._engine.put(connection, PUT_OPERATIONS, _rows(procedure, found.put))
            counted = {"added": len(found.added), "changed": len(found.changed)}
            before = text_of(found.before)
            await sql.put_import(connection, procedure_id=procedure.id, at=stamp(now), by=by, before=before, **counted)
            details: Details = {"added": len(found.added), "corrected": len(found.changed), **span}
            await self._journal.append(
                connection, by=by, act="operations.import", subject=procedure.slug, details=details
            )
        return found

    async def undo(self, procedure: Procedure, at: datetime, *, by: str) -> bool:
        """Everything as it was before the import of that instant; False unless it is still the last one."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            await sql.hold_import(connection, procedure_id=procedure.id)
            row = await sql.before_import(connection, procedure_id=procedure.id, at=stamp(at))
            if not row:
                return False
            before = msgspec.json.decode(row["before"], type=list[tuple[Key, OperationsDay | None]])
            new = [(procedure.id, *key) for key, was in before if was is None]
            await self._engine.put(connection, DELETE_OPERATIONS, new)
            await self._engine.put(connection, PUT_OPERATIONS, _rows(procedure, (was for _, was in before if was)))
            await sql.forget_import(connection, procedure_id=procedure.id)
            details: Details = {"removed": len(new), "corrected": len(before) - len(new)}
            await self._journal.append(
                connection, by=by, act="operations.undo", subject=procedure.slug, details=details
            )
        return True


def _rows(procedure: Procedure, days: Iterable[OperationsDay]) -> list[tuple[object, ...]]:
    return [(procedure.id, *msgspec.structs.astuple(one)) for one in days]


def _day_of(row: Row) -> OperationsDay:
    return msgspec.convert({name: row[name] for name in OperationsDay.__struct_fields__}, OperationsDay)
