"""Who did what, in lines that are only ever added, each by the transaction that does what it says.

Each line's digest covers the digest before it: a line that was changed, removed or put in between breaks the chain from
there on, and the head kept apart shows that the end was cut off. Whoever can rewrite the whole database can forge a
whole chain too, so an operator notes the head elsewhere now and then (`avis journal --verify` prints it).

A line never holds a text of a review: of a masked word, its kind and its length.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, get_args

import msgspec
from msgspec import Struct

from collector.schema import Clock
from collector.storage.engine import Engine, Row, listed
from collector.storage.rows import moment, stamp, text_of

Act = Literal[
    "procedure.create",
    "procedure.change",
    "procedure.state",
    "placement.create",
    "placement.close",
    "placement.open",
    "link.create",
    "link.revoke",
    "user.create",
    "user.rights",
    "user.password",
    "user.disable",
    "session.open",
    "review.mask",
    "reviews.remask",
    "reviews.purge",
    "reviews.judge",
    "database.restore",
    "database.move",
]
ACTS: tuple[Act, ...] = get_args(Act)

COMMAND = "command"
"""The actor of whatever is done with the `avis` command: whoever may run it holds the machine."""
SERVICE = "service"
"""The actor of what happens without anybody asking."""
LATEST = 2**62
PAGE = 500

Details = Mapping[str, str | int | list[str] | None]


class Line(Struct, frozen=True):
    number: int
    at: datetime
    actor: str
    act: str
    subject: str
    details: dict[str, Any]
    digest: str


class Verdict(Struct, frozen=True):
    """How many `lines` are as they were written, from the first on, and the digest they end with (`head`).

    `broken` is the number of the first line that is not, None when all are.
    """

    lines: int
    head: str
    broken: int | None


class Search(Struct, frozen=True, kw_only=True):
    """Instants are UTC: `since` included, `until` not."""

    act: str | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class Journal:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def append(self, connection: Any, *, by: str, act: Act, subject: str, details: Details | None = None) -> None:
        """Add a line to the open transaction of `connection`. Last in it: who appends makes other appends wait."""
        sql = self._engine.sql
        head = await sql.next_line(connection)
        row = {
            "number": head["number"],
            "at": stamp(self._clock()),
            "actor": by,
            "act": act,
            "subject": subject,
            "details": text_of(details or {}),
        }
        digest = _digest(head["digest"], row)
        await sql.insert_line(connection, **row, digest=digest)
        await sql.end_line(connection, digest=digest)

    async def before(self, wanted: Search, *, before: int = LATEST, number: int = 50) -> list[Line]:
        """Newest first: at most `number` lines older than line `before`."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.lines_before(
                    connection,
                    before=before,
                    number=number,
                    act=wanted.act,
                    actor=wanted.actor,
                    since=stamp(wanted.since) if wanted.since else None,
                    until=stamp(wanted.until) if wanted.until else None,
                )
            )
        return [_line(row) for row in rows]

    async def verify(self) -> Verdict:
        """Read the chain from its first line to its head."""
        number, digest = 0, ""
        while True:
            # The head before the lines: while somebody appends, there is another line to read after it.
            last, end = await self._head()
            rows = await self._after(number)
            if not rows:
                broken = None if (number, digest) == (last, end) else min(number, last) + 1
                return Verdict(number, digest, broken)
            for row in rows:
                if row["number"] != number + 1 or row["digest"] != _digest(digest, row):
                    return Verdict(number, digest, number + 1)
                number, digest = row["number"], row["digest"]

    async def _head(self) -> tuple[int, str]:
        async with self._engine.read() as connection:
            row = await self._engine.sql.journal_head(connection)
        return (row["number"], row["digest"]) if row else (0, "")

    async def _after(self, number: int) -> list[Row]:
        async with self._engine.read() as connection:
            return await listed(self._engine.sql.lines_after(connection, after=number, number=PAGE))


def _digest(before: str, row: Mapping[str, Any]) -> str:
    said = [row[name] for name in ("number", "at", "actor", "act", "subject", "details")]
    return sha256(msgspec.json.encode([before, *said])).hexdigest()


def _line(row: Row) -> Line:
    return Line(
        row["number"],
        moment(row["at"]),
        row["actor"],
        row["act"],
        row["subject"],
        msgspec.json.decode(row["details"]),
        row["digest"],
    )
