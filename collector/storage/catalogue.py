"""Organisations, procedures and placements.

Every change moves the directory, so that a collector which still remembers the state before it cannot write a review
by it (see collector/storage/batch.py): a closed placement is closed at once, in every process. `by` is who did it, for
the journal.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from collector.errors import ChangedMeanwhile, Conflict, UnknownKey
from collector.schema import Audience, Channel, FormName, Organisation, Placement, Procedure, ProcedureState
from collector.storage.engine import Engine, listed
from collector.storage.journal import COMMAND, Journal
from collector.storage.rows import organisation_of, placement_of, procedure_of, stamp, text_of


class Catalogue:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def procedures(self) -> list[Procedure]:
        async with self._engine.read() as connection:
            return [procedure_of(row) for row in await listed(self._engine.sql.procedures(connection))]

    async def procedure(self, slug: str) -> Procedure | None:
        async with self._engine.read() as connection:
            row = await self._engine.sql.procedure_by_slug(connection, slug=slug)
        return procedure_of(row) if row else None

    async def organisations(self) -> list[Organisation]:
        async with self._engine.read() as connection:
            return [organisation_of(row) for row in await listed(self._engine.sql.organisations(connection))]

    async def organisation(self, name: str, ministry: str, *, by: str = COMMAND) -> Organisation:
        """The one of that name, made if there is none: rights can be given over it before its first procedure."""
        async with self._engine.write() as connection:
            row = await self._engine.sql.organisation_named(connection, name=name, ministry=ministry)
            found = organisation_of(row) if row else await self.owner_in(connection, name, ministry)
            if not row:
                await self._journal.append(
                    connection, by=by, act="organisation.create", subject=name, details={"ministry": ministry}
                )
        return found

    async def placements(self, procedure: Procedure) -> list[Placement]:
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.placements(connection, procedure_id=procedure.id))
        return [placement_of(row) for row in rows]

    async def placement(self, key: str) -> Placement:
        """Raises UnknownKey."""
        async with self._engine.read() as connection:
            row = await self._engine.sql.placement_by_key(connection, key=key)
        if not row:
            raise UnknownKey
        return placement_of(row)

    async def placement_of(self, procedure: Procedure, key: str) -> Placement | None:
        """The placement, if it is of this procedure: a key of another one is not found, whoever asks."""
        async with self._engine.read() as connection:
            row = await self._engine.sql.placement_by_key(connection, key=key)
        placement = placement_of(row) if row else None
        return placement if placement and placement.procedure_id == procedure.id else None

    async def key_of(self, placement_id: int) -> str:
        """Raises UnknownKey."""
        async with self._engine.read() as connection:
            row = await self._engine.sql.key_of_placement(connection, id=placement_id)
        if not row:
            raise UnknownKey
        return str(row["key"])

    async def add_procedure(
        self,
        *,
        title: str,
        slug: str,
        organisation: str,
        ministry: str,
        audiences: Sequence[Audience],
        origins: Sequence[str],
        now: datetime,
        form: FormName = "satisfaction",
        state: ProcedureState = "open",
        contexts: Sequence[str] = (),
        demo: bool = False,
        placement_label: str = "Fin de démarche",
        by: str = COMMAND,
    ) -> tuple[Procedure, Placement]:
        """Create a procedure with its first placement. Raises Conflict when the slug is taken."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            await sql.move_directory(connection)
            if await sql.procedure_by_slug(connection, slug=slug):
                raise Conflict(f"La démarche « {slug} » existe déjà. Choisissez un autre identifiant (slug).")
            owner = await self.owner_in(connection, organisation, ministry)
            created = await sql.insert_procedure(
                connection,
                organisation_id=owner.id,
                slug=slug,
                title=title,
                audiences=text_of(list(audiences)),
                origins=text_of(list(origins)),
                contexts=text_of(list(contexts)),
                state=state,
                demo=int(demo),
                created_at=stamp(now),
            )
            key = await self._place(connection, created["id"], "web", form, placement_label, False, now)
            procedure = procedure_of(await sql.procedure_by_slug(connection, slug=slug))
            await self._journal.append(
                connection, by=by, act="procedure.create", subject=slug, details={"origins": list(origins)}
            )
            placement = placement_of(await sql.placement_by_key(connection, key=key))
        return procedure, placement

    async def add_placement(
        self,
        procedure: Procedure,
        *,
        channel: Channel,
        form: FormName,
        label: str,
        now: datetime,
        contact: bool = False,
        by: str = COMMAND,
    ) -> Placement:
        sql = self._engine.sql
        async with self._engine.write() as connection:
            await sql.move_directory(connection)
            key = await self._place(connection, procedure.id, channel, form, label, contact, now)
            await self._journal.append(
                connection,
                by=by,
                act="placement.create",
                subject=f"{procedure.slug}/{key}",
                details={"channel": channel, "form": form},
            )
            return placement_of(await sql.placement_by_key(connection, key=key))

    async def update_procedure(
        self,
        slug: str,
        *,
        title: str,
        audiences: Sequence[Audience],
        origins: Sequence[str],
        contexts: Sequence[str],
        by: str = COMMAND,
    ) -> None:
        async with self._engine.write() as connection:
            await self._engine.sql.move_directory(connection)
            await self._update(connection, slug, title, audiences, origins, contexts, by)

    async def set_state(self, slug: str, state: ProcedureState, *, by: str = COMMAND) -> bool:
        """Returns whether the procedure exists."""
        async with self._engine.write() as connection:
            await self._engine.sql.move_directory(connection)
            return await self._set_state(connection, slug, state, by)

    async def change_procedure(self, seen: Procedure, wanted: Procedure, *, by: str) -> None:
        """Settings and state in one go. Raises ChangedMeanwhile unless it still is as it was `seen`."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            # Whoever else changes a procedure waits here.
            await sql.move_directory(connection)
            row = await sql.procedure_by_slug(connection, slug=seen.slug)
            if not row or procedure_of(row) != seen:
                raise ChangedMeanwhile
            if replace(wanted, state=seen.state) != seen:
                named = (wanted.title, wanted.audiences, wanted.origins, wanted.contexts)
                await self._update(connection, seen.slug, *named, by)
            if wanted.state != seen.state:
                await self._set_state(connection, seen.slug, wanted.state, by)

    async def change_placement(self, seen: Placement, wanted: Placement, *, by: str) -> None:
        """Label and closing in one go. Raises ChangedMeanwhile unless it still is as it was `seen`."""
        sql, key = self._engine.sql, seen.key
        async with self._engine.write() as connection:
            await sql.move_directory(connection)
            row = await sql.placement_by_key(connection, key=key)
            if not row or placement_of(row) != seen:
                raise ChangedMeanwhile
            if wanted.label != seen.label:
                await sql.label_placement(connection, key=key, label=wanted.label)
                await self._journal.append(connection, by=by, act="placement.change", subject=key)
            if wanted.closed_at and not seen.closed_at:
                await sql.close_placement(connection, key=key, closed_at=stamp(wanted.closed_at))
                await self._journal.append(connection, by=by, act="placement.close", subject=key)
            if seen.closed_at and not wanted.closed_at:
                await sql.reopen_placement(connection, key=key)
                await self._journal.append(connection, by=by, act="placement.open", subject=key)

    async def _update(
        self,
        connection: Any,
        slug: str,
        title: str,
        audiences: Sequence[Audience],
        origins: Sequence[str],
        contexts: Sequence[str],
        by: str,
    ) -> None:
        await self._engine.sql.update_procedure(
            connection,
            slug=slug,
            title=title,
            audiences=text_of(list(audiences)),
            origins=text_of(list(origins)),
            contexts=text_of(list(contexts)),
        )
        details = {"origins": list(origins)}
        await self._journal.append(connection, by=by, act="procedure.change", subject=slug, details=details)

    async def _set_state(self, connection: Any, slug: str, state: ProcedureState, by: str) -> bool:
        known = bool(await self._engine.sql.set_procedure_state(connection, slug=slug, state=state))
        if known:
            await self._journal.append(connection, by=by, act="procedure.state", subject=slug, details={"state": state})
        return known

    async def close_placement(self, key: str, now: datetime, *, by: str = COMMAND) -> bool:
        """Returns whether it was open."""
        async with self._engine.write() as connection:
            await self._engine.sql.move_directory(connection)
            was_open = bool(await self._engine.sql.close_placement(connection, key=key, closed_at=stamp(now)))
            if was_open:
                await self._journal.append(connection, by=by, act="placement.close", subject=key)
        return was_open

    async def reopen_placement(self, key: str, *, by: str = COMMAND) -> None:
        async with self._engine.write() as connection:
            await self._engine.sql.move_directory(connection)
            await self._engine.sql.reopen_placement(connection, key=key)
            await self._journal.append(connection, by=by, act="placement.open", subject=key)

    async def demo_key(self, form: FormName = "satisfaction") -> str | None:
        """The public key that the demo page embeds, or None without demo data."""
        async with self._engine.read() as connection:
            row = await self._engine.sql.demo_key(connection, form=form)
        return str(row["key"]) if row else None

    async def owner_in(self, connection: Any, name: str, ministry: str) -> Organisation:
        """The organisation of that name, made if there is none, within a transaction."""
        sql = self._engine.sql
        row = await sql.organisation_named(connection, name=name, ministry=ministry)
        return organisation_of(row or await sql.insert_organisation(connection, name=name, ministry=ministry))

    async def _place(
        self,
        connection: Any,
        procedure_id: int,
        channel: Channel,
        form: FormName,
        label: str,
        contact: bool,
        now: datetime,
    ) -> str:
        key = new_key()
        await self._engine.sql.insert_placement(
            connection,
            procedure_id=procedure_id,
            key=key,
            channel=channel,
            form=form,
            label=label,
            contact=int(contact),
            created_at=stamp(now),
        )
        return key


def new_key() -> str:
    """A public key: 80 bits are not to be guessed by counting, so nobody finds the form of an unpublished procedure."""
    return secrets.token_hex(10)
