"""What owners improved, with its day: to be held against the figures, and told to everybody if they wish."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from collector.schema import Procedure
from collector.storage.engine import Engine, listed
from collector.storage.journal import Act, Details, Journal
from collector.storage.rows import stamp

LONGEST = 250
MOST = 200

Move = Literal["publish", "withhold", "remove", "restore"]
MOVES: tuple[Move, ...] = ("publish", "withhold", "remove", "restore")


class Improvement(Struct, frozen=True):
    id: int
    day: date
    words: str
    published: bool


class Improvements:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def of(self, procedure: Procedure) -> list[Improvement]:
        """The latest first."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.improvements(connection, procedure_id=procedure.id, number=MOST))
        return [
            Improvement(row["id"], date.fromisoformat(row["day"]), row["words"], bool(row["published"])) for row in rows
        ]

    async def add(self, procedure: Procedure, day: date, words: str, *, published: bool, now: datetime, by: str) -> int:
        async with self._engine.write() as connection:
            made = await self._engine.sql.insert_improvement(
                connection,
                procedure_id=procedure.id,
                day=day.isoformat(),
                words=words,
                published=int(published),
                by=by,
                at=stamp(now),
            )
            number = int(made["id"])
            details: Details = {"day": day.isoformat(), "published": "yes" if published else "no"}
            subject = f"{procedure.slug}/{number}"
            await self._journal.append(connection, by=by, act="improvement.add", subject=subject, details=details)
        return number

    async def move(self, procedure: Procedure, id: int, move: Move, *, now: datetime, by: str) -> bool:
        """False when there is nothing to do: it stands so already, or is another procedure's."""
        sql, place = self._engine.sql, {"procedure_id": procedure.id, "id": id}
        async with self._engine.write() as connection:
            if move == "remove":
                moved = await sql.remove_improvement(connection, **place, at=stamp(now))
            elif move == "restore":
                moved = await sql.restore_improvement(connection, **place)
            else:
                moved = await sql.publish_improvement(connection, **place, published=int(move == "publish"))
            if moved:
                await self._journal.append(connection, by=by, act=_ACTS[move], subject=f"{procedure.slug}/{id}")
        return bool(moved)


_ACTS: dict[Move, Act] = {
    "publish": "improvement.publish",
    "withhold": "improvement.withhold",
    "remove": "improvement.remove",
    "restore": "improvement.restore",
}
