"""Who did what, in lines that are only ever added, each by the transaction that does what it says.

Each line's digest covers the digest before it: a line that was changed, removed or put in between breaks the chain from
there on, and the head kept apart shows that the end was cut off. The head is sealed with the secret keys (`seal.py`):
whoever has only the database cannot write another chain. Only an older copy of all of it would pass, so an operator
notes the head elsewhere now and then (`avis journal --verify` prints it).

What is too old is removed from the beginning; a line says up to where, and with which digest the rest goes on.

A line never holds a text of a review: of a masked word, its kind and its length. What somebody signed in does carries
the label of the session (`acting.py`), among what the digest covers.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import pairwise
from typing import Any, Literal, get_args

import msgspec
from msgspec import Struct

from collector.schema import Clock
from collector.storage.acting import session_of
from collector.storage.engine import Engine, Row, listed
from collector.storage.many import inserted
from collector.storage.rows import moment, stamp, text_of
from collector.storage.seal import Seals

Act = Literal[
    "organisation.create",
    "organisation.change",
    "organisation.merge",
    "procedure.create",
    "procedure.change",
    "procedure.state",
    "placement.create",
    "placement.change",
    "placement.close",
    "placement.open",
    "placement.adopt",
    "placement.release",
    "form.draft",
    "form.discard",
    "form.publish",
    "form.show",
    "link.create",
    "link.revoke",
    "user.create",
    "user.invite",
    "user.recover",
    "user.rights",
    "user.password",
    "user.disable",
    "user.enable",
    "service.create",
    "service.rights",
    "key.create",
    "key.revoke",
    "key.use",
    "factor.add",
    "factor.remove",
    "factor.reset",
    "factor.recover",
    "identity.link",
    "identity.refuse",
    "identity.remove",
    "session.open",
    "session.refuse",
    "session.close",
    "session.revoke",
    "reviews.import",
    "review.mask",
    "review.erase",
    "remask.start",
    "reviews.remask",
    "reviews.purge",
    "reviews.judge",
    "announcement.add",
    "announcement.change",
    "announcement.end",
    "announcement.resume",
    "improvement.add",
    "improvement.publish",
    "improvement.withhold",
    "improvement.remove",
    "improvement.restore",
    "operations.import",
    "operations.undo",
    "criterion.declare",
    "criterion.undo",
    "edition.make",
    "edition.correct",
    "review.tag",
    "review.untag",
    "note.add",
    "note.remove",
    "note.restore",
    "view.add",
    "view.rename",
    "view.share",
    "view.keep",
    "view.remove",
    "view.restore",
    "alerts.stop",
    "hook.create",
    "hook.secret",
    "hook.stop",
    "hook.start",
    "hook.remove",
    "problem.change",
    "problem.return",
    "problem.move",
    "problem.merge",
    "problem.separate",
    "database.restore",
    "database.move",
    "schema.migrate",
    "keys.change",
    "journal.export",
    "journal.forget",
    "journal.seal",
]
ACTS: tuple[Act, ...] = get_args(Act)

COMMAND = "command"
"""The actor of whatever is done with the `avis` command: whoever may run it holds the machine."""
SERVICE = "service"
"""The actor of what happens without anybody asking."""
NOBODY = "nobody"
"""The actor of a sign-in that failed: whoever it was."""
LATEST = 2**62
PAGE = 500
PART = 5_000
"""Lines that a page verifies: some tenths of a second."""
_SESSION = "session"

Details = Mapping[str, str | int | list[str] | None]


_COLUMNS = ("number", "at", "actor", "act", "subject", "details", "digest")
_INSERT_LINES = inserted("journal", _COLUMNS)


class Entry(Struct, frozen=True):
    """What a line is going to say."""

    act: Act
    subject: str
    details: Details


class Line(Struct, frozen=True):
    number: int
    at: datetime
    actor: str
    act: str
    subject: str
    details: dict[str, Any]
    digest: str
    session: str | None = None


class Verdict(Struct, frozen=True):
    """How many `lines` are as they were written, from the first on, and the digest they end with (`head`).

    `broken` is the number of the first line that is not, None when all are. `sealed`: one of our keys has sealed the
    end.
    """

    lines: int
    head: str
    broken: int | None
    sealed: bool


class Part(Struct, frozen=True):
    """What was found in the lines from `first` to `last`; `before` is where those before them end, if there are any."""

    first: int
    last: int
    verdict: Verdict
    before: int | None


class Forgotten(Struct, frozen=True):
    """What a line says of the `lines` it replaces, up to `through`: the rest goes on from the last one's `digest`."""

    through: int
    lines: int
    digest: str


class Search(Struct, frozen=True, kw_only=True):
    """Instants are UTC: `since` included, `until` not. A subject is found by any part of it."""

    act: str | None = None
    actor: str | None = None
    subject: str | None = None
    session: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class Journal:
    def __init__(self, engine: Engine, clock: Clock, keys: Sequence[str]) -> None:
        self._engine = engine
        self._clock = clock
        self._seals = Seals(keys)

    async def append(self, connection: Any, *, by: str, act: Act, subject: str, details: Details | None = None) -> None:
        """Add a line to the open transaction of `connection`. Last in it: who appends makes other appends wait."""
        head = await self._next(connection)
        await self._write(connection, head, by, act, subject, _with_session(by, details or {}))

    async def append_all(self, connection: Any, entries: Sequence[Entry], *, by: str) -> None:
        """As `append`, many lines in the time of one."""
        if not entries:
            return
        head: Mapping[str, Any] = await self._next(connection)
        now, rows = self._clock(), []
        for one in entries:
            row, seal = next_line(self._seals, head, now, by, one.act, one.subject, _with_session(by, one.details))
            rows.append(row)
            head = {"number": row["number"] + 1, "digest": row["digest"], "seal": seal}
        await self._engine.put(connection, _INSERT_LINES, [tuple(row[name] for name in _COLUMNS) for row in rows])
        await self._engine.sql.end_lines(
            connection, number=head["number"] - 1, digest=head["digest"], seal=head["seal"]
        )

    async def _next(self, connection: Any) -> Row:
        """The number of the line to write, after one that says that there is a new key, if there is."""
        head: Row = await self._engine.sql.next_line(connection)
        if is_older(self._seals, head):
            await self._write(connection, head, SERVICE, "keys.change", "AVIS_SECRET_KEYS", {})
            head = await self._engine.sql.next_line(connection)
        return head

    async def reseal(self, *, by: str) -> None:
        """Seal what is there with today's key, for an operator who lost the one before. A line says that it was."""
        async with self._engine.write() as connection:
            head = await self._engine.sql.next_line(connection)
            await self._write(connection, head, by, "journal.seal", "AVIS_SECRET_KEYS", {}, reseal=True)

    async def forget(self, before: datetime, *, by: str) -> int:
        """Remove the lines older than `before`, and say so in a line that the rest can be verified from."""
        async with self._engine.write() as connection:
            through = await self._aged(connection, before)
            last = through and await self._engine.sql.line(connection, number=through)
            if not last:
                return 0
            lines = int(await self._engine.sql.forget_lines(connection, through=through))
            said = Forgotten(through, lines, last["digest"])
            await self.append(
                connection, by=by, act="journal.forget", subject=stamp(before), details=msgspec.structs.asdict(said)
            )
        return lines

    async def aged(self, before: datetime) -> int:
        """How many lines are older."""
        async with self._engine.read() as connection:
            through, start = await self._aged(connection, before), await self._start(connection)
        return max(0, through - start[0])

    async def _aged(self, connection: Any, before: datetime) -> int:
        """The number of the last line that is older. By number: should a clock have gone back, rather too few."""
        kept = await self._engine.sql.first_line_since(connection, since=stamp(before))
        head = None if kept else await self._engine.sql.journal_head(connection)
        return int(kept["number"]) - 1 if kept else head["number"] if head else 0

    async def _write(
        self,
        connection: Any,
        head: Row,
        by: str,
        act: Act,
        subject: str,
        details: Details,
        *,
        reseal: bool = False,
    ) -> None:
        row, seal = next_line(self._seals, head, self._clock(), by, act, subject, details, reseal=reseal)
        await self._engine.sql.insert_line(connection, **row)
        await self._engine.sql.end_line(connection, digest=row["digest"], seal=seal)

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
                    subject=wanted.subject,
                    session=wanted.session and text_of({_SESSION: wanted.session})[1:-1],
                    since=stamp(wanted.since) if wanted.since else None,
                    until=stamp(wanted.until) if wanted.until else None,
                )
            )
        return [_line(row) for row in rows]

    async def verify(self) -> Verdict:
        """Read the chain from its first line to its head."""
        async with self._engine.read() as connection:
            first, digest = await self._start(connection)
        # From the very first line there is: what was removed must not come back either.
        return await self._follow(first, digest, after=0)

    async def verify_part(self, *, before: int = LATEST, number: int = PART) -> Part:
        """Read `number` lines, with the head or up to line `before`. All parts together are the whole chain."""
        last, _, _ = await self._head()
        until = min(before, last)
        async with self._engine.read() as connection:
            first, digest = await self._start(connection)
            if until - number <= first:
                start, reads = first, 0
            else:
                start = reads = until - number
                row = await self._engine.sql.line(connection, number=start)
                if not row:
                    return Part(start, until, Verdict(0, "", start, sealed=False), None)
                digest = row["digest"]
        verdict = await self._follow(start, digest, after=reads, until=before if before < last else None)
        return Part(start + 1, max(until, start + verdict.lines), verdict, start if start > first else None)

    async def _follow(self, first: int, digest: str, *, after: int, until: int | None = None) -> Verdict:
        """Whether each line goes on from the one before: after line `first` of this digest, to `until` or the head."""
        number = first
        while True:
            # The head before the lines: while somebody appends, there is another line to read after it.
            last, end, seal = await self._head()
            rows = [row for row in await self._after(after) if until is None or row["number"] <= until]
            if not rows and until is not None:
                return Verdict(number - first, digest, None if number == until else number + 1, sealed=True)
            if not rows:
                broken = None if (number, digest) == (last, end) else min(number, last) + 1
                sealed = last == 0 or self._seals.hold(seal, last, end)
                return Verdict(number - first, digest, broken, sealed)
            for row in rows:
                if row["number"] != number + 1 or row["digest"] != _digest(digest, row):
                    return Verdict(number - first, digest, number + 1, sealed=False)
                number, digest = row["number"], row["digest"]
            after = number

    async def ends_well(self, number: int) -> bool:
        """Whether the last `number` lines follow one another up to a sealed head: a look at the end of the chain."""
        async with self._engine.read() as connection:
            row = await self._engine.sql.journal_head(connection)
            if row is None:
                return True
            # Nothing later than the head: somebody may append meanwhile.
            newest = self._engine.sql.last_lines(connection, through=row["number"], number=number)
            lines = (await listed(newest))[::-1]
        follows = all(
            (line["number"], line["digest"]) == (before["number"] + 1, _digest(before["digest"], line))
            for before, line in pairwise(lines)
        )
        ends = bool(lines) and (lines[-1]["number"], lines[-1]["digest"]) == (row["number"], row["digest"])
        return follows and ends and self._seals.hold(row["seal"], row["number"], row["digest"])

    async def _start(self, connection: Any) -> tuple[int, str]:
        """The last line that was removed, and its digest."""
        row = await self._engine.sql.last_forgotten(connection)
        try:
            said = msgspec.json.decode(row["details"], type=Forgotten) if row else None
        except msgspec.MsgspecError:
            said = None  # somebody has been at it: the chain will show it
        return (said.through, said.digest) if said else (0, "")

    async def _head(self) -> tuple[int, str, str]:
        async with self._engine.read() as connection:
            row = await self._engine.sql.journal_head(connection)
        return (row["number"], row["digest"], row["seal"]) if row else (0, "", "")

    async def _after(self, number: int) -> list[Row]:
        async with self._engine.read() as connection:
            return await listed(self._engine.sql.lines_after(connection, after=number, number=PAGE))


def next_line(
    seals: Seals,
    head: Mapping[str, Any],
    now: datetime,
    by: str,
    act: Act,
    subject: str,
    details: Details,
    *,
    reseal: bool = False,
) -> tuple[dict[str, Any], str]:
    """A line to insert after `head` (which has its number already), and the seal of the journal that ends with it.

    A seal that is not ours stays as it is, so that no line after it makes good what somebody has forged.
    """
    row = {
        "number": head["number"],
        "at": stamp(now),
        "actor": by,
        "act": act,
        "subject": subject,
        "details": text_of(details),
    }
    digest = _digest(head["digest"], row)
    is_ours = reseal or head["number"] == 1 or seals.hold(head["seal"], head["number"] - 1, head["digest"])
    return {**row, "digest": digest}, seals.on(head["number"], digest) if is_ours else head["seal"]


def _with_session(by: str, details: Details) -> Details:
    label = session_of(by)
    return {**details, _SESSION: label} if label else details


def is_older(seals: Seals, head: Mapping[str, Any]) -> bool:
    """Whether the line before was sealed with one of our keys that is no longer the first."""
    sealed = (head["seal"], head["number"] - 1, head["digest"])
    return seals.hold(*sealed) and not seals.are_newest(*sealed)


def _digest(before: str, row: Mapping[str, Any]) -> str:
    said = [row[name] for name in ("number", "at", "actor", "act", "subject", "details")]
    return sha256(msgspec.json.encode([before, *said])).hexdigest()


def _line(row: Row) -> Line:
    details: dict[str, Any] = msgspec.json.decode(row["details"])
    session = details.pop(_SESSION, None)
    return Line(
        row["number"],
        moment(row["at"]),
        row["actor"],
        row["act"],
        row["subject"],
        details,
        row["digest"],
        session,
    )
