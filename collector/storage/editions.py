"""Editions of the observatory, as the bytes that they were made as. Nothing here can change one."""

from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from msgspec import Struct

from collector.editions import Edition, read
from collector.errors import Conflict
from collector.storage.engine import Engine, Row, listed
from collector.storage.journal import Journal
from collector.storage.rows import moment, stamp


class Heading(Struct, frozen=True, kw_only=True):
    """What a list says of an edition. `digest` is the SHA-256 of its bytes; `signed_with` names the key.

    The public key is kept with it: keys come and go, an edition stays.
    """

    name: str
    quarter: str
    number: int
    made_at: datetime
    corrects: str | None
    reason: str | None
    digest: str
    signature: str
    signed_with: str
    public_key: str


class Kept(Struct, frozen=True, dict=True):
    heading: Heading
    content: bytes

    @cached_property
    def edition(self) -> Edition:
        return read(self.content)

    @property
    def is_whole(self) -> bool:
        """Whether these are the bytes that were written."""
        return sha256(self.content).hexdigest() == self.heading.digest


class Editions:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def all(self) -> list[Heading]:
        """The latest first; a correction before what it corrects."""
        async with self._engine.read() as connection:
            return [_heading(row) for row in await listed(self._engine.sql.editions(connection))]

    async def latest(self) -> Kept | None:
        """The last one of the last quarter that has any."""
        async with self._engine.read() as connection:
            return _kept(await self._engine.sql.latest_edition(connection))

    async def get(self, name: str) -> Kept | None:
        """The one of exactly this name, even when a later one corrects it."""
        async with self._engine.read() as connection:
            return _kept(await self._engine.sql.edition_named(connection, name=name))

    async def of_quarter(self, quarter: str) -> Kept | None:
        """The last one of a quarter."""
        async with self._engine.read() as connection:
            return _kept(await self._engine.sql.edition_of_quarter(connection, quarter=quarter))

    async def before(self, quarter: str) -> Kept | None:
        """The last one of the quarters before."""
        async with self._engine.read() as connection:
            return _kept(await self._engine.sql.edition_before(connection, quarter=quarter))

    async def keep(self, heading: Heading, content: bytes, *, by: str) -> None:
        """Raises Conflict when one of this name was made meanwhile."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            # Two that are made at once take turns here.
            await sql.hold_progress(connection)
            if await sql.edition_named(connection, name=heading.name):
                raise Conflict(f"L'édition {heading.name} vient d'être faite par ailleurs. Rien n'a été écrit.")
            await sql.insert_edition(connection, **_row(heading), content=content)
            await self._journal.append(
                connection,
                by=by,
                act="edition.correct" if heading.corrects else "edition.make",
                subject=heading.name,
                details={"digest": heading.digest}
                | ({"corrects": heading.corrects, "reason": heading.reason} if heading.corrects else {}),
            )


def _row(heading: Heading) -> dict[str, Any]:
    return {name: getattr(heading, name) for name in Heading.__struct_fields__} | {"made_at": stamp(heading.made_at)}


def _heading(row: Row) -> Heading:
    values = {name: row[name] for name in Heading.__struct_fields__}
    return Heading(**{**values, "made_at": moment(row["made_at"])})


def _kept(row: Row | None) -> Kept | None:
    return Kept(_heading(row), bytes(row["content"])) if row else None
