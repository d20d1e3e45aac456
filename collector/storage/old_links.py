"""Where links of the national service lead: each to one placement, and all of one number to one procedure."""

from collections.abc import Mapping, Sequence

from msgspec import Struct, convert

from collector.errors import Conflict
from collector.old_links import OldLink
from collector.schema import Placement, Procedure
from collector.storage.engine import Engine, listed
from collector.storage.journal import Journal


class Led(Struct, frozen=True):
    """The public key and the procedure that a link leads to."""

    key: str
    procedure_id: int


class OldLinks:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def known(self, number: int) -> list[tuple[OldLink, Led]]:
        """All that is known under a number of the national service, of either of its platforms."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.old_links_of_number(connection, number=number))
        return [(OldLink(number, row["parameter"], row["value"]), Led(row["key"], row["procedure_id"])) for row in rows]

    async def of(self, placement: Placement) -> list[OldLink]:
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.old_links_of_placement(connection, placement_id=placement.id))
        return [convert(dict(row), OldLink) for row in rows]

    async def numbers(self) -> Mapping[int, int]:
        """By procedure, the number by which the national service's present platform, and so its API, knows it."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.old_numbers(connection))
        return {row["procedure_id"]: row["number"] for row in rows}

    async def adopt(self, procedure: Procedure, placement: Placement, links: Sequence[OldLink], *, by: str) -> None:
        """Let the links lead to a placement. Raises Conflict when their number leads to another procedure."""
        async with self._engine.write() as connection:
            for link in links:
                rows = await listed(self._engine.sql.old_links_of_number(connection, number=link.number))
                is_new = link.parameter == "button"
                if any(
                    row["procedure_id"] != procedure.id and (row["parameter"] == "button") == is_new for row in rows
                ):
                    raise Conflict("Les liens de ce numéro mènent déjà à une autre démarche.")
                await self._engine.sql.put_old_link(
                    connection,
                    number=link.number,
                    parameter=link.parameter,
                    value=link.value,
                    placement_id=placement.id,
                )
            subject = f"{procedure.slug}/{placement.key}"
            details = {"number": links[0].number}
            await self._journal.append(connection, by=by, act="placement.adopt", subject=subject, details=details)

    async def release(self, procedure: Procedure, placement: Placement, number: int, *, by: str) -> bool:
        """Let links of that number lead nowhere again; False when none led here."""
        async with self._engine.write() as connection:
            removed = await self._engine.sql.remove_old_links(connection, placement_id=placement.id, number=number)
            if removed:
                subject, details = f"{procedure.slug}/{placement.key}", {"number": number}
                await self._journal.append(connection, by=by, act="placement.release", subject=subject, details=details)
        return bool(removed)
