"""The versions of a procedure's satisfaction form: one draft at most, and all that were ever published.

What was published never changes, because reviews keep the number of the version they answered. Publishing moves the
directory, so that every process shows the new version at once.
"""

from datetime import datetime
from typing import Any

import msgspec

from collector.schema import STANDARD, Adjustments, FormVersion, Procedure
from collector.storage.engine import Engine, listed
from collector.storage.journal import Act, Journal
from collector.storage.rows import adjustments_of, form_version_of, stamp

MOST = 100
"""Versions shown. Those before are kept, because reviews name them."""


class Forms:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def versions(self, procedure: Procedure) -> list[FormVersion]:
        """The latest first, so the draft before all others. The national questionnaire is not among them."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.form_versions(connection, procedure_id=procedure.id, number=MOST))
        return [form_version_of(row) for row in rows]

    async def shown(self, procedure: Procedure) -> int:
        """The number of the version that citizens see."""
        async with self._engine.read() as connection:
            row = await self._engine.sql.shown_form(connection, procedure_id=procedure.id)
        return int(row["number"])

    async def published(self, procedure: Procedure, number: int) -> Adjustments | None:
        """What a version that was published asks; None when there never was one of that number."""
        if number == STANDARD:
            return Adjustments()
        async with self._engine.read() as connection:
            row = await self._engine.sql.form_published(connection, procedure_id=procedure.id, number=number)
        return adjustments_of(row["adjustments"]) if row else None

    async def any(self, procedure: Procedure, number: int) -> Adjustments | None:
        """The same, or the draft of that number: for those who try it out."""
        found = [one.adjustments for one in await self.versions(procedure) if one.number == number]
        return found[0] if found else await self.published(procedure, number)

    async def draft(self, procedure: Procedure, adjustments: Adjustments, *, now: datetime, by: str) -> int:
        """Put this in the place of the draft. Citizens see nothing of it."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            await sql.hold_progress(connection)
            await sql.drop_form_draft(connection, procedure_id=procedure.id)
            made = await sql.insert_form_draft(
                connection,
                procedure_id=procedure.id,
                adjustments=msgspec.json.encode(adjustments).decode(),
                at=stamp(now),
                by=by,
            )
            number = int(made["number"])
            await self._tell(connection, "form.draft", procedure, number, by)
        return number

    async def discard(self, procedure: Procedure, *, by: str) -> bool:
        """False without a draft."""
        async with self._engine.write() as connection:
            await self._engine.sql.hold_progress(connection)
            dropped = bool(await self._engine.sql.drop_form_draft(connection, procedure_id=procedure.id))
            if dropped:
                await self._journal.append(connection, by=by, act="form.discard", subject=procedure.slug)
        return dropped

    async def publish(self, procedure: Procedure, *, now: datetime, by: str) -> int | None:
        """Show the draft to citizens, under its number; None without a draft."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            await sql.move_directory(connection)
            row = await sql.publish_form_draft(connection, procedure_id=procedure.id, at=stamp(now), by=by)
            if not row:
                return None
            number = int(row["number"])
            await sql.show_form(connection, procedure_id=procedure.id, number=number)
            await self._tell(connection, "form.publish", procedure, number, by)
        return number

    async def show(self, procedure: Procedure, number: int, *, by: str) -> bool:
        """Show a version that was published before. False when there is none, or when it is the one that is shown."""
        sql, place = self._engine.sql, {"procedure_id": procedure.id, "number": number}
        async with self._engine.write() as connection:
            await sql.move_directory(connection)
            if number != STANDARD and not await sql.form_published(connection, **place):
                return False
            moved = bool(await sql.show_form(connection, **place))
            if moved:
                await self._tell(connection, "form.show", procedure, number, by)
        return moved

    async def _tell(self, connection: Any, act: Act, procedure: Procedure, number: int, by: str) -> None:
        await self._journal.append(connection, by=by, act=act, subject=procedure.slug, details={"version": number})
