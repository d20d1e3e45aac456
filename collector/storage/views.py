"""Names for filters of reviews: each person's own of a procedure, and those that colleagues share.

Who owns a view changes it, nobody else. The address of a list carries the filters themselves, so a link that was sent
to a colleague goes on working whatever becomes of the view.
"""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from collector.schema import Procedure, User
from collector.storage.engine import Engine, Row, listed
from collector.storage.journal import Act, Journal
from collector.storage.rows import stamp

LONGEST_NAME = 60
MOST_VIEWS = 30
"""Of one person, of one procedure."""
MOST_SHOWN = 100
"""One's own come first."""

Move = Literal["share", "keep", "remove", "restore"]
MOVES: tuple[Move, ...] = ("share", "keep", "remove", "restore")
Outcome = Literal["done", "gone", "full", "taken"]
"""`gone` is a view that is not there or somebody else's; `taken` a name that one's own views have already."""


class View(Struct, frozen=True):
    id: int
    name: str
    query: str
    shared: bool
    mine: bool
    owner: str


class Views:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def of(self, procedure: Procedure, user: User) -> list[View]:
        """One's own, then those that colleagues share, each from A to Z."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.views(
                    connection, procedure_id=procedure.id, account_id=user.id, number=MOST_VIEWS + MOST_SHOWN
                )
            )
        return [_view(row, user) for row in rows]

    async def add(self, procedure: Procedure, user: User, name: str, query: str, *, shared: bool) -> Outcome:
        mine = await self._names(procedure, user)
        if name in mine.values():
            return "taken"
        if len(mine) >= MOST_VIEWS:
            return "full"
        async with self._engine.write() as connection:
            row = await self._engine.sql.insert_view(
                connection,
                procedure_id=procedure.id,
                account_id=user.id,
                name=name,
                query=query,
                shared=int(shared),
            )
            details = {"shared": "yes" if shared else "no"}
            subject = f"{procedure.slug}/{row['id']}"
            await self._journal.append(connection, by=user.email, act="view.add", subject=subject, details=details)
        return "done"

    async def rename(self, procedure: Procedure, user: User, id: int, name: str) -> Outcome:
        others = {other: theirs for other, theirs in (await self._names(procedure, user)).items() if other != id}
        if name in others.values():
            return "taken"
        async with self._engine.write() as connection:
            if not await self._engine.sql.rename_view(
                connection, procedure_id=procedure.id, account_id=user.id, id=id, name=name
            ):
                return "gone"
            await self._journal.append(connection, by=user.email, act="view.rename", subject=f"{procedure.slug}/{id}")
        return "done"

    async def move(self, procedure: Procedure, user: User, id: int, move: Move, *, now: datetime) -> Outcome:
        sql, place = self._engine.sql, {"procedure_id": procedure.id, "account_id": user.id, "id": id}
        # A view that comes back counts like a new one: somebody may have made another in its place.
        if move == "restore" and len(await self._names(procedure, user)) >= MOST_VIEWS:
            return "full"
        async with self._engine.write() as connection:
            if move == "remove":
                moved = await sql.remove_view(connection, **place, at=stamp(now))
                await sql.forget_removed_views(connection, **place)
            elif move == "restore":
                moved = await sql.restore_view(connection, **place)
            else:
                moved = await sql.share_view(connection, **place, shared=int(move == "share"))
            if not moved:
                return "gone"
            await self._journal.append(connection, by=user.email, act=_ACTS[move], subject=f"{procedure.slug}/{id}")
        return "done"

    async def _names(self, procedure: Procedure, user: User) -> dict[int, str]:
        return {one.id: one.name for one in await self.of(procedure, user) if one.mine}


_ACTS: dict[Move, Act] = {
    "share": "view.share",
    "keep": "view.keep",
    "remove": "view.remove",
    "restore": "view.restore",
}


def _view(row: Row, user: User) -> View:
    mine = row["account_id"] == user.id
    return View(row["id"], row["name"], row["query"], bool(row["shared"]), mine, row["owner"])
