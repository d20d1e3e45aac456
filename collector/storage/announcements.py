"""What administrators tell accounts at the top of each page of the admin, until a day, or until each has read it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, get_args

from msgspec import Struct

from collector.schema import Right, User
from collector.storage.engine import Engine, Row, listed
from collector.storage.journal import Act, Details, Journal
from collector.storage.rows import stamp

LONGEST_TITLE, LONGEST = 80, 500
MOST = 200
"""As many are listed: the latest."""

Importance = Literal["information", "warning"]
IMPORTANCES: tuple[Importance, ...] = get_args(Importance)
Move = Literal["end", "resume"]
MOVES: tuple[Move, ...] = get_args(Move)


class Wanted(Struct, frozen=True, kw_only=True):
    """An announcement as its writer wants it: to one organisation, or to everybody; both days are in."""

    title: str
    words: str
    importance: Importance
    organisation_id: int | None
    first: date
    last: date


class Announcement(Wanted, frozen=True, kw_only=True):
    id: int
    organisation: str | None
    by: str
    is_ended: bool

    def concerns(self, rights: Iterable[Right]) -> bool:
        return self.organisation_id is None or any(one.organisation_id == self.organisation_id for one in rights)

    def standing(self, today: date) -> Literal["ended", "over", "coming", "shown"]:
        if self.is_ended:
            return "ended"
        return "over" if self.last < today else "coming" if self.first > today else "shown"


class Announcements:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def all(self) -> list[Announcement]:
        """The latest first."""
        async with self._engine.read() as connection:
            return [_of(row) for row in await listed(self._engine.sql.announcements(connection, number=MOST))]

    async def one(self, id: int) -> Announcement | None:
        async with self._engine.read() as connection:
            row = await self._engine.sql.announcement_by_id(connection, id=id)
        return _of(row) if row else None

    async def to(self, user: User, rights: Iterable[Right], day: str) -> list[Announcement]:
        """What an account is to see on a day, warnings first."""
        given = list(rights)
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.announcements_shown(connection, account_id=user.id, day=day))
        return [one for one in map(_of, rows) if one.concerns(given)]

    async def add(self, wanted: Wanted, *, now: datetime, by: str) -> int:
        async with self._engine.write() as connection:
            made = await self._engine.sql.insert_announcement(connection, **_values(wanted), by=by, at=stamp(now))
            number = int(made["id"])
            await self._note(connection, "announcement.add", number, wanted, by)
        return number

    async def change(self, id: int, wanted: Wanted, *, by: str) -> bool:
        """Whoever had read it sees it again. False when there is none."""
        async with self._engine.write() as connection:
            changed = await self._engine.sql.change_announcement(connection, id=id, **_values(wanted))
            if changed:
                await self._engine.sql.show_announcement_again(connection, id=id)
                await self._note(connection, "announcement.change", id, wanted, by)
        return bool(changed)

    async def move(self, id: int, move: Move, *, now: datetime, by: str) -> bool:
        """End one now, or take that back. False when it stands so already."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            if move == "end":
                moved = await sql.end_announcement(connection, id=id, at=stamp(now))
            else:
                moved = await sql.resume_announcement(connection, id=id)
            if moved:
                await self._journal.append(connection, by=by, act=_ACTS[move], subject=str(id))
        return bool(moved)

    async def dismiss(self, user: User, id: int) -> None:
        async with self._engine.write() as connection:
            await self._engine.sql.dismiss_announcement(connection, id=id, account_id=user.id)

    async def _note(self, connection: object, act: Act, id: int, wanted: Wanted, by: str) -> None:
        details: Details = {
            "from_day": wanted.first.isoformat(),
            "to_day": wanted.last.isoformat(),
            "importance": wanted.importance,
        }
        await self._journal.append(connection, by=by, act=act, subject=str(id), details=details)


_ACTS: dict[Move, Act] = {"end": "announcement.end", "resume": "announcement.resume"}


def _values(wanted: Wanted) -> dict[str, str | int | None]:
    return {
        "title": wanted.title,
        "words": wanted.words,
        "importance": wanted.importance,
        "organisation_id": wanted.organisation_id,
        "first_day": wanted.first.isoformat(),
        "last_day": wanted.last.isoformat(),
    }


def _of(row: Row) -> Announcement:
    return Announcement(
        id=row["id"],
        title=row["title"],
        words=row["words"],
        importance=row["importance"],
        organisation_id=row["organisation_id"],
        organisation=row["organisation"],
        first=date.fromisoformat(row["first_day"]),
        last=date.fromisoformat(row["last_day"]),
        by=row["created_by"],
        is_ended=row["ended_at"] is not None,
    )
