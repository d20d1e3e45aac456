"""Letters that tell what happened: made of what waits, sent once.

A letter takes the alerts that wait in one transaction, so that whatever is killed, nothing is told twice and nothing is
left out. It is sent outside of any transaction; whoever sends it has claimed it first, for as long as its next try is
away.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec
from msgspec import Struct

from collector.storage.engine import Engine, Row, listed
from collector.storage.subscriptions import AlertKind, Subscription

LetterKind = Literal["alerts", "daily", "weekly", "monthly"]

HOUR = timedelta(hours=1)
"""Between two letters of alerts to one person about one procedure, however much happens."""


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


class Letters:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

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


def _alert(row: Row) -> Alert:
    return Alert(row["kind"], row["about"], msgspec.json.decode(row["details"]), datetime.fromtimestamp(row["at"], UTC))
