"""What people asked to be told of a procedure, what there is to tell them, and the letters that tell it.

An event becomes a row for each person who wants it, and a letter takes the rows that wait, each in the transaction that
moves what says how far we are: whatever is killed, nothing is told twice and nothing is left out. A letter is sent
outside of any transaction; whoever sends it has claimed it first, for as long as its next try is away.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

import msgspec
from msgspec import Struct

from collector.schema import Procedure, User
from collector.storage.engine import Engine, Row, listed
from collector.storage.hooks import Post, post_later
from collector.storage.journal import NOBODY, Journal
from collector.storage.rows import stamp, text_of

AlertKind = Literal["problem", "spike", "silence", "fall", "satisfaction", "words"]
ALERT_KINDS: tuple[AlertKind, ...] = get_args(AlertKind)
Rhythm = Literal["none", "daily", "weekly", "monthly"]
RHYTHMS: tuple[Rhythm, ...] = get_args(Rhythm)
LetterKind = Literal["alerts", "daily", "weekly", "monthly"]
Details = Mapping[str, str | int | float | None]

HOUR = timedelta(hours=1)
"""Between two letters of alerts to one person about one procedure, however much happens."""
KEPT = timedelta(days=40)
"""A monthly letter looks back so far."""
ALARMS_KEPT = timedelta(days=100)
BATCH = 200


class Wanted(Struct, frozen=True, kw_only=True):
    """What somebody wants to be told. `threshold` is in tenths of a point, held against `least` answers or more.

    `words` are searches, separated by commas.
    """

    kinds: tuple[AlertKind, ...]
    at_once: bool
    digest: Rhythm
    threshold: int
    least: int
    words: str


class Subscription(Struct, frozen=True, kw_only=True):
    id: int
    account_id: int
    procedure_id: int
    wanted: Wanted
    words_after: int
    next_digest: int | None
    since: datetime
    stopped: bool


class Event(Struct, frozen=True):
    """Something that happened to a procedure: `about` tells it from every other of its kind. No citizen's words."""

    procedure_id: int
    kind: AlertKind
    about: str
    details: Details


class Told(Struct, frozen=True):
    """An event, and whom it is for."""

    event: Event
    to: Sequence[Subscription]
    posts: Sequence[Post] = ()


class Alert(Struct, frozen=True):
    kind: AlertKind
    about: str
    details: dict[str, Any]
    at: datetime


class Waiting(Struct, frozen=True):
    """A letter to send. `about` is the last day of a digest."""

    id: int
    subscription_id: int
    kind: LetterKind
    about: str
    created: datetime
    tries: int


class NewProblem(Struct, frozen=True):
    id: int
    procedure_id: int
    kind: str
    first_minute: int


class Text(Struct, frozen=True):
    """What a comment says at this change; None where it says nothing, or is set aside."""

    change: int
    seq: int
    public_id: str
    verbatim: str | None


class Alarm(Struct, frozen=True):
    since: int
    seen: int


Alarms = Mapping[tuple[int, str, str], Alarm]


class Alerts:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    # ---- What people asked for

    async def of(self, user: User, procedure: Procedure) -> Subscription | None:
        async with self._engine.read() as connection:
            row = await self._engine.sql.subscription(connection, account_id=user.id, procedure_id=procedure.id)
        return _subscription(row) if row else None

    async def by_id(self, id: int) -> Subscription | None:
        async with self._engine.read() as connection:
            row = await self._engine.sql.subscription_by_id(connection, id=id)
        return _subscription(row) if row else None

    async def of_user(self, user: User) -> list[Subscription]:
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.subscriptions_of(connection, account_id=user.id))
        return [_subscription(row) for row in rows]

    async def active(self) -> list[Subscription]:
        """Everybody's, except of accounts that are disabled."""
        async with self._engine.read() as connection:
            return [_subscription(row) for row in await listed(self._engine.sql.active_subscriptions(connection))]

    async def save(
        self, user: User, procedure: Procedure, wanted: Wanted, *, next_digest: int | None, now: datetime
    ) -> None:
        """From now on: what happened before is not told."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            await sql.put_subscription(
                connection,
                account_id=user.id,
                procedure_id=procedure.id,
                kinds=text_of(wanted.kinds),
                at_once=int(wanted.at_once),
                digest=wanted.digest,
                threshold=wanted.threshold,
                least=wanted.least,
                words=wanted.words,
                words_after=(await sql.last_change(connection))["change"],
                next_digest=next_digest,
                at=stamp(now),
            )

    async def stop(
        self, subscription: Subscription, procedure: Procedure, email: str, *, by: str, now: datetime
    ) -> bool:
        """Nothing more is sent, nor what waits. Whoever holds a letter may do this: that is in the journal."""
        async with self._engine.write() as connection:
            stopped = await self._engine.sql.stop_subscription(connection, id=subscription.id, at=stamp(now))
            await self._engine.sql.forget_waiting_alerts(connection, id=subscription.id)
            if stopped and by == NOBODY:
                await self._journal.append(
                    connection, by=by, act="alerts.stop", subject=email, details={"procedure": procedure.slug}
                )
        return bool(stopped)

    async def resume(self, subscription: Subscription, *, next_digest: int | None, now: datetime) -> bool:
        sql = self._engine.sql
        async with self._engine.write() as connection:
            change = (await sql.last_change(connection))["change"]
            return bool(
                await sql.resume_subscription(
                    connection, id=subscription.id, words_after=change, next_digest=next_digest, at=stamp(now)
                )
            )

    # ---- What there is to tell

    async def alarms(self) -> Alarms:
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.alarms(connection))
        return {(row["procedure_id"], row["kind"], row["about"]): Alarm(row["since"], row["seen"]) for row in rows}

    async def begin(self, told: Told, now: datetime, ends_after: timedelta) -> bool:
        """Tell of something that goes on, if it begins now; whether it does."""
        event, moment = told.event, int(now.timestamp())
        async with self._engine.write() as connection:
            begun = await self._engine.sql.put_alarm(
                connection,
                procedure_id=event.procedure_id,
                kind=event.kind,
                about=event.about,
                now=moment,
                ended=moment - int(ends_after.total_seconds()),
            )
            if begun:
                once = msgspec.structs.replace(event, about=f"{event.about}@{moment}")
                await self._tell(connection, msgspec.structs.replace(told, event=once), now)
        return bool(begun)

    async def still(self, event: Event, now: datetime) -> None:
        """It goes on."""
        async with self._engine.write() as connection:
            await self._engine.sql.see_alarm(
                connection,
                procedure_id=event.procedure_id,
                kind=event.kind,
                about=event.about,
                now=int(now.timestamp()),
            )

    async def new_problems(self) -> list[NewProblem]:
        """Problems that nobody was told of yet, the first ones. From the first time that this is asked on."""
        sql = self._engine.sql
        async with self._engine.read() as connection:
            row = await sql.told_until(connection)
            rows = await listed(sql.problems_after(connection, after=row["problem"], number=BATCH)) if row else []
        if row is None:
            async with self._engine.write() as connection:
                await sql.put_told(connection, problem=(await sql.last_problem(connection))["problem"])
        return [NewProblem(each["id"], each["procedure_id"], each["kind"], each["first_minute"]) for each in rows]

    async def tell_problems(self, last: int, told: Sequence[Told], now: datetime) -> None:
        """Tell these, and that problems up to `last` need not be looked at again."""
        async with self._engine.write() as connection:
            for one in told:
                await self._tell(connection, one, now)
            await self._engine.sql.put_told(connection, problem=last)

    async def texts(self, subscription: Subscription) -> list[Text]:
        """Reviews of its procedure that came or changed since the last time, the first ones."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.texts_changed(
                    connection,
                    procedure_id=subscription.procedure_id,
                    after=subscription.words_after,
                    number=BATCH,
                )
            )
        return [Text(row["change"], row["seq"], row["public_id"], row["verbatim"]) for row in rows]

    async def tell_words(self, subscription: Subscription, after: int, events: Sequence[Event], now: datetime) -> None:
        """Tell these events, and that changes up to `after` need not be looked at again."""
        async with self._engine.write() as connection:
            for event in events:
                await self._tell(connection, Told(event, [subscription]), now)
            await self._engine.sql.move_words(connection, id=subscription.id, after=after)

    async def _tell(self, connection: Any, told: Told, now: datetime) -> None:
        event, moment = told.event, int(now.timestamp())
        for one in told.to:
            await self._engine.sql.insert_alert(
                connection,
                subscription_id=one.id,
                kind=event.kind,
                about=event.about,
                details=text_of(event.details),
                at=moment,
                waiting=int(one.wanted.at_once),
            )
        for post in told.posts:
            await post_later(self._engine.sql, connection, post, event.kind, event.about, moment)

    # ---- Letters

    async def enclose(self, now: datetime) -> int:
        """Put what waits into letters, one an hour for each subscription at most. How many letters that made."""
        sql, moment, made = self._engine.sql, int(now.timestamp()), 0
        async with self._engine.read() as connection:
            rows = await listed(sql.waiting_subscriptions(connection, now=moment))
        for row in rows:
            number = row["subscription_id"]
            async with self._engine.write() as connection:
                if not await sql.put_letter_after(
                    connection, id=number, now=moment, after=moment + int(HOUR.total_seconds())
                ):
                    continue
                letter = await sql.insert_letter(
                    connection, subscription_id=number, kind="alerts", about=str(moment), now=moment
                )
                if letter:
                    await sql.enclose_alerts(connection, subscription_id=number, letter_id=letter["id"])
                    made += 1
        return made

    async def make_digest(
        self, subscription: Subscription, kind: LetterKind, about: str, *, next_digest: int, now: datetime
    ) -> bool:
        """A digest to send, and the date of the next. False when somebody was faster."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            if not await sql.move_digest(
                connection, id=subscription.id, due=subscription.next_digest, next=next_digest
            ):
                return False
            await sql.insert_letter(
                connection, subscription_id=subscription.id, kind=kind, about=about, now=int(now.timestamp())
            )
        return True

    async def to_send(self, now: datetime, number: int) -> list[Waiting]:
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.letters_to_send(connection, now=int(now.timestamp()), number=number))
        return [
            Waiting(
                row["id"],
                row["subscription_id"],
                row["kind"],
                row["about"],
                datetime.fromtimestamp(row["created"], UTC),
                row["tries"],
            )
            for row in rows
        ]

    async def claim(self, letter: Waiting, until: datetime) -> bool:
        """Whether it is ours to send: until then nobody else tries."""
        async with self._engine.write() as connection:
            return bool(
                await self._engine.sql.claim_letter(
                    connection, id=letter.id, tries=letter.tries, next_try=int(until.timestamp())
                )
            )

    async def end(self, letter: Waiting, now: datetime) -> None:
        """It was sent, or never will be."""
        async with self._engine.write() as connection:
            await self._engine.sql.end_letter(connection, id=letter.id, now=int(now.timestamp()))

    async def in_letter(self, letter: Waiting, number: int) -> tuple[list[Alert], int]:
        """The first alerts that a letter tells, and how many it tells of."""
        sql = self._engine.sql
        async with self._engine.read() as connection:
            rows = await listed(sql.alerts_of_letter(connection, letter_id=letter.id, number=number))
            whole = await sql.count_alerts_of_letter(connection, letter_id=letter.id)
        return [_alert(row) for row in rows], int(whole["alerts"])

    async def between(
        self, subscription_id: int, since: datetime, until: datetime, number: int
    ) -> tuple[list[Alert], int]:
        """The first alerts of a time, and how many there were."""
        sql = self._engine.sql
        named = {
            "subscription_id": subscription_id,
            "since": int(since.timestamp()),
            "until": int(until.timestamp()),
        }
        async with self._engine.read() as connection:
            rows = await listed(sql.alerts_between(connection, **named, number=number))
            whole = await sql.count_alerts_between(connection, **named)
        return [_alert(row) for row in rows], int(whole["alerts"])

    async def forget(self, now: datetime) -> None:
        """What was told long ago."""
        sql, before = self._engine.sql, int((now - KEPT).timestamp())
        async with self._engine.write() as connection:
            await sql.forget_alerts(connection, before=before)
            await sql.forget_letters(connection, before=before)
            await sql.forget_alarms(connection, before=int((now - ALARMS_KEPT).timestamp()))


def _subscription(row: Row) -> Subscription:
    return Subscription(
        id=row["id"],
        account_id=row["account_id"],
        procedure_id=row["procedure_id"],
        wanted=Wanted(
            kinds=tuple(msgspec.json.decode(row["kinds"])),
            at_once=bool(row["at_once"]),
            digest=row["digest"],
            threshold=row["threshold"],
            least=row["least"],
            words=row["words"],
        ),
        words_after=row["words_after"],
        next_digest=row["next_digest"],
        since=datetime.fromisoformat(row["created_at"]),
        stopped=row["stopped_at"] is not None,
    )


def _alert(row: Row) -> Alert:
    return Alert(row["kind"], row["about"], msgspec.json.decode(row["details"]), datetime.fromtimestamp(row["at"], UTC))
