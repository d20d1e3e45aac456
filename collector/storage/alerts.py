"""What there is to tell those who asked.

An event becomes a row for each of them, in the transaction that moves what says how far we are: whatever is killed,
nothing is told twice and nothing is left out.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from collector.storage.engine import Engine, listed
from collector.storage.hooks import Post, post_later
from collector.storage.rows import text_of
from collector.storage.subscriptions import AlertKind, Subscription

Details = Mapping[str, str | int | float | None]

KEPT = timedelta(days=40)
"""A monthly letter looks back so far."""
ALARMS_KEPT = timedelta(days=100)
BATCH = 200


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
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

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

    async def forget(self, now: datetime) -> None:
        """What was told long ago."""
        sql, before = self._engine.sql, int((now - KEPT).timestamp())
        async with self._engine.write() as connection:
            await sql.forget_alerts(connection, before=before)
            await sql.forget_letters(connection, before=before)
            await sql.forget_alarms(connection, before=int((now - ALARMS_KEPT).timestamp()))
