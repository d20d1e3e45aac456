"""Export links as they were signed, and the journal of their use."""

from datetime import datetime

from collector.schema import Link, LinkUse
from collector.storage.engine import Engine, listed
from collector.storage.journal import COMMAND, Journal
from collector.storage.rows import link_of, moment, stamp, text_of


class Links:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def add(self, link: Link, *, by: str) -> None:
        async with self._engine.write() as connection:
            await self._engine.sql.insert_link(
                connection,
                id=link.id,
                procedures=text_of(link.procedures),
                content=link.content,
                format=link.format,
                from_day=link.from_day,
                to_day=link.to_day,
                recipient=link.recipient,
                created_by=link.created_by,
                created_at=stamp(link.created_at),
                expires_at=stamp(link.expires_at),
                interval=link.interval,
                by=link.by,
            )
            await self._journal.append(
                connection,
                by=by,
                act="link.create",
                subject=link.id,
                details={
                    "procedures": list(link.procedures),
                    "content": link.content,
                    "from_day": link.from_day,
                    "to_day": link.to_day,
                    "expires_at": stamp(link.expires_at),
                },
            )

    async def all(self) -> list[Link]:
        """Newest first."""
        async with self._engine.read() as connection:
            return [link_of(row) for row in await listed(self._engine.sql.links(connection))]

    async def get(self, id: str) -> Link | None:
        async with self._engine.read() as connection:
            row = await self._engine.sql.link(connection, id=id)
        return link_of(row) if row else None

    async def revoke(self, id: str, now: datetime, *, by: str = COMMAND) -> bool:
        """Returns whether it was alive."""
        async with self._engine.write() as connection:
            was_alive = bool(await self._engine.sql.revoke_link(connection, id=id, revoked_at=stamp(now)))
            if was_alive:
                await self._journal.append(connection, by=by, act="link.revoke", subject=id)
        return was_alive

    async def begin_use(self, id: str, kind: str, now: datetime) -> int:
        """Open a line in the journal before the first byte leaves: a cut connection shows as `started`."""
        async with self._engine.write() as connection:
            row = await self._engine.sql.insert_use(connection, link_id=id, at=stamp(now), kind=kind)
        return int(row["id"])

    async def end_use(self, use: int, rows: int, outcome: str) -> None:
        async with self._engine.write() as connection:
            await self._engine.sql.end_use(connection, id=use, rows=rows, outcome=outcome)

    async def add_use(self, id: str, kind: str, rows: int, outcome: str, now: datetime) -> None:
        """One finished line of the journal."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            row = await sql.insert_use(connection, link_id=id, at=stamp(now), kind=kind)
            await sql.end_use(connection, id=row["id"], rows=rows, outcome=outcome)

    async def uses(self, id: str, number: int = 50) -> list[LinkUse]:
        """The latest uses, newest first."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.uses(connection, link_id=id, number=number))
        return [LinkUse(moment(row["at"]), row["kind"], row["rows"], row["outcome"]) for row in rows]
