"""Organisations as an administrator keeps them: another name or ministry, and two that become one."""

from typing import Literal

from msgspec import Struct

from collector.errors import Conflict, NotFound
from collector.schema import GivenRole, Organisation
from collector.storage.engine import Engine, listed
from collector.storage.journal import Journal
from collector.storage.rows import organisation_of

_TAKEN = "Une administration de ce ministère porte déjà ce nom. Réunissez-les plutôt."


class Held(Struct, frozen=True):
    """An organisation, how many procedures it has, and how many accounts have a right over all of it."""

    organisation: Organisation
    procedures: int
    people: int


class Joined(Struct, frozen=True):
    """Somebody's role over each of two organisations, and what it would be over both as one."""

    kind: Literal["person", "service"]
    name: str
    here: GivenRole | None
    there: GivenRole | None

    @property
    def then(self) -> GivenRole:
        return "manager" if "manager" in (self.here, self.there) else "reader"


class Organisations:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def all(self) -> list[Held]:
        """By ministry, then by name."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.organisations_held(connection))
        return [Held(organisation_of(row), row["procedures"], row["people"]) for row in rows]

    async def rename(self, id: int, name: str, ministry: str, *, by: str) -> None:
        """Raises NotFound, or Conflict when another one is called so."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            # Who remembers a procedure has to read its organisation's name again.
            await sql.move_directory(connection)
            row = await sql.organisation_by_id(connection, id=id)
            if not row:
                raise NotFound
            before = organisation_of(row)
            if (before.name, before.ministry) == (name, ministry):
                return
            if await sql.organisation_named(connection, name=name, ministry=ministry):
                raise Conflict(_TAKEN)
            await sql.rename_organisation(connection, id=id, name=name, ministry=ministry)
            said = {"ministry": ministry, "before": before.name, "ministry_before": before.ministry}
            await self._journal.append(connection, by=by, act="organisation.change", subject=name, details=said)

    async def joined(self, id: int, target: int) -> list[Joined]:
        """Who would have which right if `id` were merged into `target`: people first."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.rights_over_two(connection, id=id, target=target))
        return [Joined(row["kind"], row["name"], row["here"], row["there"]) for row in rows]

    async def merge(self, id: int, target: int, *, by: str) -> None:
        """Give all that one has to another, rights too, and take the empty one away. Raises NotFound or Conflict."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            await sql.move_directory(connection)
            one, other = [await sql.organisation_by_id(connection, id=each) for each in (id, target)]
            if not one or not other:
                raise NotFound
            if id == target:
                raise Conflict("Choisissez une autre administration.")
            moved = await sql.move_procedures(connection, id=id, target=target)
            await sql.move_announcements(connection, id=id, target=target)
            for step in (sql.copy_rights, sql.copy_service_rights):
                await step(connection, id=id, target=target)
            for step in (sql.drop_rights, sql.drop_service_rights, sql.drop_organisation):
                await step(connection, id=id)
            said = {"into": other["name"], "ministry": other["ministry"], "procedures_moved": int(moved)}
            await self._journal.append(connection, by=by, act="organisation.merge", subject=one["name"], details=said)
