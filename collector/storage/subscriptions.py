"""What people asked to be told of a procedure, from the moment they asked until they or a letter's link stop it."""

from datetime import datetime
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from collector.schema import Procedure, User
from collector.storage.engine import Engine, Row, listed
from collector.storage.journal import NOBODY, Journal
from collector.storage.rows import stamp, text_of

AlertKind = Literal["problem", "spike", "silence", "fall", "satisfaction", "words"]
ALERT_KINDS: tuple[AlertKind, ...] = get_args(AlertKind)
Rhythm = Literal["none", "daily", "weekly", "monthly"]
RHYTHMS: tuple[Rhythm, ...] = get_args(Rhythm)


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


class Subscriptions:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

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
