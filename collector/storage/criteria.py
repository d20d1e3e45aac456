"""What is declared of procedures: a line for each statement, never changed; the last line of a criterion holds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from collector.criteria import UNSAID, Statement
from collector.schema import Procedure
from collector.storage.engine import Engine, Row, listed
from collector.storage.journal import Act, Details, Entry, Journal
from collector.storage.many import inserted
from collector.storage.rows import moment, stamp

SHOWN = 100
"""Lines of its history that the page of a procedure shows."""

_COLUMNS = ("procedure_id", "name", "standing", "value", "evidence", "day", "declared_by", "declared_at")
PUT_CRITERIA = inserted("criterion", _COLUMNS)


class Declaration(Struct, frozen=True):
    """A line: who said what of a criterion, and when."""

    id: int
    name: str
    said: Statement
    by: str
    at: datetime


class Criteria:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def of(self, procedure: Procedure) -> dict[str, Declaration]:
        """What holds now, by criterion."""
        async with self._engine.read() as connection:
            return await self._now(connection, procedure)

    async def on(self, procedure: Procedure, day: str) -> dict[str, Statement]:
        """What holds for that day, by what has been declared until now."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.criteria_on(connection, procedure_id=procedure.id, day=day))
        return {row["name"]: said_of(row) for row in rows}

    async def all(self) -> dict[int, dict[str, Statement]]:
        """What holds now of every procedure."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.all_criteria_now(connection))
        found: dict[int, dict[str, Statement]] = {}
        for row in rows:
            found.setdefault(row["procedure_id"], {})[row["name"]] = said_of(row)
        return found

    async def history(self, procedure: Procedure) -> list[Declaration]:
        """The newest first."""
        async with self._engine.read() as connection:
            rows = self._engine.sql.criterion_history(connection, procedure_id=procedure.id, number=SHOWN)
            return [_declaration(row) for row in await listed(rows)]

    async def declare(
        self, procedure: Procedure, said: Mapping[str, Statement], *, now: datetime, by: str
    ) -> list[Declaration]:
        """Write what differs from what holds; the lines that were written, none when nothing differs."""
        async with self._engine.write() as connection:
            # Whoever declares next waits here; an import that was tried before sees that something has changed.
            await self._engine.sql.move_directory(connection)
            before = await self._now(connection, procedure)
            new = {name: one for name, one in said.items() if one != _of(before, name)}
            if not new:
                return []
            await self._engine.put(connection, PUT_CRITERIA, lines_of(procedure.id, new, now=now, by=by))
            await self._journal.append_all(connection, entries_of(procedure.slug, new), by=by)
            after = await self._now(connection, procedure)
        return [after[name] for name in new]

    async def undo(self, procedure: Procedure, ids: Sequence[int], *, now: datetime, by: str) -> bool:
        """Say again what held before these lines; False, and nothing is done, unless each still holds."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            await sql.move_directory(connection)
            held = {one.id: one for one in (await self._now(connection, procedure)).values()}
            if not ids or not set(ids) <= set(held):
                return False
            again = {held[one].name: await self._before(connection, procedure, held[one]) for one in ids}
            await self._engine.put(connection, PUT_CRITERIA, lines_of(procedure.id, again, now=now, by=by))
            await self._journal.append_all(connection, entries_of(procedure.slug, again, "criterion.undo"), by=by)
        return True

    async def _before(self, connection: Any, procedure: Procedure, line: Declaration) -> Statement:
        """What nobody had declared before is not declared, for the same day on: an earlier day never heard of it."""
        row = await self._engine.sql.criterion_before(connection, procedure_id=procedure.id, name=line.name, id=line.id)
        return said_of(row) if row else Statement(day=line.said.day)

    async def _now(self, connection: Any, procedure: Procedure) -> dict[str, Declaration]:
        rows = await listed(self._engine.sql.criteria_now(connection, procedure_id=procedure.id))
        return {row["name"]: _declaration(row) for row in rows}


def lines_of(procedure_id: int, said: Mapping[str, Statement], *, now: datetime, by: str) -> list[tuple[object, ...]]:
    """The rows of `PUT_CRITERIA`."""
    return [
        (procedure_id, name, one.standing, one.value, one.evidence, one.day, by, stamp(now))
        for name, one in said.items()
    ]


def entries_of(slug: str, said: Mapping[str, Statement], act: Act = "criterion.declare") -> list[Entry]:
    """What the journal says of these lines."""
    return [Entry(act, f"{slug}/{name}", _details(one)) for name, one in said.items()]


def said_of(row: Row) -> Statement:
    return Statement(row["standing"], row["value"], row["evidence"], row["day"])


def _details(one: Statement) -> Details:
    return {"standing": one.standing, "value": one.value, "evidence": one.evidence, "day": one.day}


def _of(found: Mapping[str, Declaration], name: str) -> Statement:
    return found[name].said if name in found else UNSAID


def _declaration(row: Row) -> Declaration:
    return Declaration(row["id"], row["name"], said_of(row), row["declared_by"], moment(row["declared_at"]))
