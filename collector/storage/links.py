"""Export links as they were signed, and the journal of their use."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

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
                networks=text_of(link.networks),
                once=int(link.once),
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
                    "networks": list(link.networks),
                    "once": link.once,
                },
            )

    async def all(self) -> list[Link]:
        """Newest first."""
        async with self._engine.read() as connection:
            return [link_of(row) for row in await listed(self._engine.sql.links(connection))]

    async def met_elsewhere(self, since: datetime) -> list[Link]:
        """Those that were used from a network for the first time since then, the first one of all included."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.links_met_elsewhere(connection, since=stamp(since)))
        return [link_of(row) for row in rows]

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

    async def begin_use(self, id: str, kind: str, now: datetime, places: Sequence[str] = ()) -> int:
        """Open a line in the journal before the first byte leaves: a cut connection shows as `started`."""
        async with self._engine.write() as connection:
            return await self._begin(connection, id, kind, now, places)

    async def spend(self, id: str, now: datetime) -> bool:
        """Take the one use of a link that gives its file once. Returns whether it was there to be taken."""
        async with self._engine.write() as connection:
            return bool(await self._engine.sql.spend_link(connection, id=id, spent_at=stamp(now)))

    async def end_use(self, id: str, use: int, rows: int, outcome: str, bytes: int = 0) -> None:
        """What did not arrive may be asked for again, also with a link for one use."""
        async with self._engine.write() as connection:
            await self._engine.sql.end_use(connection, id=use, rows=rows, bytes=bytes, outcome=outcome)
            if outcome != "complete":
                await self._engine.sql.give_link_back(connection, id=id)

    async def add_use(
        self, id: str, kind: str, rows: int, outcome: str, now: datetime, *, bytes: int = 0, places: Sequence[str] = ()
    ) -> None:
        """One finished line of the journal."""
        async with self._engine.write() as connection:
            use = await self._begin(connection, id, kind, now, places)
            await self._engine.sql.end_use(connection, id=use, rows=rows, bytes=bytes, outcome=outcome)

    async def forget_places(self, now: datetime) -> None:
        """Of links that give nothing any more."""
        async with self._engine.write() as connection:
            await self._engine.sql.forget_link_places(connection, now=stamp(now))

    async def _begin(self, connection: Any, id: str, kind: str, now: datetime, places: Sequence[str]) -> int:
        """`places` are the names of one network under each secret key, newest first."""
        sql = self._engine.sql
        known = [await sql.link_place(connection, link_id=id, name=name) for name in places]
        if places and not any(known):
            await sql.insert_link_place(connection, link_id=id, name=places[0], first_at=stamp(now))
        row = await sql.insert_use(connection, link_id=id, at=stamp(now), kind=kind)
        return int(row["id"])

    async def uses(self, id: str, number: int = 50) -> list[LinkUse]:
        """The latest uses, newest first."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.uses(connection, link_id=id, number=number))
        return [LinkUse(moment(row["at"]), row["kind"], row["rows"], row["outcome"], row["bytes"]) for row in rows]
