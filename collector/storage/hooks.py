"""Webhooks of a procedure, and what is posted to them. Secrets arrive sealed: the database alone signs nothing.

What is to be posted is written by the transaction that tells the event, and claimed before it leaves, as letters are.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal, get_args

import msgspec
from msgspec import Struct

from collector.schema import Procedure
from collector.storage.engine import Engine, Row, listed
from collector.storage.journal import SERVICE, Journal
from collector.storage.rows import stamp, text_of

HookKind = Literal["problem", "spike", "silence", "fall", "digest"]
HOOK_KINDS: tuple[HookKind, ...] = get_args(HookKind)
Why = Literal["asked", "failing", "gone"]
MOST = 5
"""Webhooks of one procedure."""
SHOWN = 20


class Post(Struct, frozen=True):
    """What a webhook is to be sent; `message` is its identifier."""

    hook_id: int
    message: str
    body: str


class Hook(Struct, frozen=True, kw_only=True):
    """`secret` and `former` (until a moment) are sealed. `why` it was stopped, if it was."""

    id: int
    procedure_id: int
    url: str
    kinds: tuple[HookKind, ...]
    secret: str
    former: str | None
    former_until: datetime | None
    next_digest: int
    created_by: str
    created_at: datetime
    why: Why | None


class Delivery(Struct, frozen=True):
    """A post that is due."""

    id: int
    hook_id: int
    message: str
    kind: str
    body: str
    created: datetime
    tries: int


class Tried(Struct, frozen=True):
    """A line of a webhook's log. `outcome` is an HTTP status, or a word."""

    kind: str
    created: datetime
    tried: datetime | None
    tries: int
    outcome: str
    waits: bool


async def post_later(sql: Any, connection: Any, post: Post, kind: str, about: str, now: int) -> None:
    """In the transaction that tells the event; the same one again changes nothing."""
    await sql.insert_delivery(
        connection, hook_id=post.hook_id, message=post.message, kind=kind, about=about, body=post.body, now=now
    )


class Hooks:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def of(self, procedure: Procedure) -> list[Hook]:
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.hooks_of(connection, procedure_id=procedure.id))
        return [_hook(row) for row in rows]

    async def at(self, procedure: Procedure, id: int) -> Hook | None:
        found = await self.by_id(id)
        return found if found and found.procedure_id == procedure.id else None

    async def by_id(self, id: int) -> Hook | None:
        async with self._engine.read() as connection:
            row = await self._engine.sql.hook(connection, id=id)
        return _hook(row) if row else None

    async def active(self) -> list[Hook]:
        async with self._engine.read() as connection:
            return [_hook(row) for row in await listed(self._engine.sql.active_hooks(connection))]

    async def add(
        self,
        procedure: Procedure,
        url: str,
        kinds: Sequence[HookKind],
        secret: str,
        *,
        next_digest: int,
        now: datetime,
        by: str,
    ) -> int:
        """The journal keeps the host, not the address: that may hold a secret of the receiver's."""
        async with self._engine.write() as connection:
            made = await self._engine.sql.insert_hook(
                connection,
                procedure_id=procedure.id,
                url=url,
                kinds=text_of(kinds),
                secret=secret,
                next_digest=next_digest,
                by=by,
                at=stamp(now),
            )
            subject = f"{procedure.slug}/{made['id']}"
            await self._journal.append(
                connection, by=by, act="hook.create", subject=subject, details={"kinds": list(kinds)}
            )
        return int(made["id"])

    async def renew(self, procedure: Procedure, id: int, secret: str, *, until: datetime, by: str) -> None:
        """Another secret; the one before signs too, until a moment."""
        async with self._engine.write() as connection:
            await self._engine.sql.put_hook_secret(
                connection, procedure_id=procedure.id, id=id, secret=secret, until=int(until.timestamp())
            )
            await self._journal.append(connection, by=by, act="hook.secret", subject=f"{procedure.slug}/{id}")

    async def stop(self, procedure: Procedure, id: int, why: Why, *, now: datetime, by: str = SERVICE) -> bool:
        """What waits is not posted any more."""
        async with self._engine.write() as connection:
            stopped = await self._engine.sql.stop_hook(connection, id=id, at=stamp(now), why=why)
            if stopped:
                await self._engine.sql.end_deliveries_of(connection, id=id)
                await self._journal.append(
                    connection, by=by, act="hook.stop", subject=f"{procedure.slug}/{id}", details={"why": why}
                )
        return bool(stopped)

    async def start(self, procedure: Procedure, id: int, *, next_digest: int, by: str) -> bool:
        """Again, from now on."""
        async with self._engine.write() as connection:
            started = await self._engine.sql.start_hook(
                connection, procedure_id=procedure.id, id=id, next_digest=next_digest
            )
            if started:
                await self._journal.append(connection, by=by, act="hook.start", subject=f"{procedure.slug}/{id}")
        return bool(started)

    async def remove(self, procedure: Procedure, id: int, *, by: str) -> None:
        """For good, with its secrets and its log."""
        async with self._engine.write() as connection:
            await self._engine.sql.delete_deliveries(connection, id=id)
            if await self._engine.sql.delete_hook(connection, procedure_id=procedure.id, id=id):
                await self._journal.append(connection, by=by, act="hook.remove", subject=f"{procedure.slug}/{id}")

    async def post(self, post: Post, kind: str, about: str, now: datetime) -> None:
        async with self._engine.write() as connection:
            await post_later(self._engine.sql, connection, post, kind, about, int(now.timestamp()))

    async def make_digest(self, hook: Hook, post: Post, about: str, *, next_digest: int, now: datetime) -> bool:
        sql = self._engine.sql
        async with self._engine.write() as connection:
            if not await sql.move_hook_digest(connection, id=hook.id, due=hook.next_digest, next=next_digest):
                return False
            await post_later(sql, connection, post, "digest", about, int(now.timestamp()))
        return True

    async def to_send(self, now: datetime, number: int) -> list[Delivery]:
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.deliveries_to_send(connection, now=int(now.timestamp()), number=number)
            )
        return [_delivery(row) for row in rows]

    async def find(self, message: str) -> Delivery | None:
        async with self._engine.read() as connection:
            row = await self._engine.sql.delivery_of(connection, message=message)
        return _delivery(row) if row else None

    async def claim(self, delivery: Delivery, now: datetime, until: datetime) -> bool:
        """Whether it is ours to post: until then nobody else tries."""
        async with self._engine.write() as connection:
            return bool(
                await self._engine.sql.claim_delivery(
                    connection,
                    id=delivery.id,
                    tries=delivery.tries,
                    now=int(now.timestamp()),
                    next_try=int(until.timestamp()),
                )
            )

    async def end(self, delivery: Delivery, outcome: str, *, over: bool) -> None:
        """What came of a try. When it is `over`, what was to be posted is forgotten."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            await (sql.end_delivery if over else sql.put_outcome)(connection, id=delivery.id, outcome=outcome)

    async def log(self, hook: Hook) -> list[Tried]:
        """The last first."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.deliveries_of(connection, hook_id=hook.id, number=SHOWN))
        return [
            Tried(
                row["kind"],
                _at(row["created"]),
                None if row["tried"] is None else _at(row["tried"]),
                row["tries"],
                row["outcome"],
                row["next_try"] is not None,
            )
            for row in rows
        ]

    async def forget(self, before: datetime) -> None:
        async with self._engine.write() as connection:
            await self._engine.sql.forget_deliveries(connection, before=int(before.timestamp()))


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _delivery(row: Row) -> Delivery:
    return Delivery(
        row["id"], row["hook_id"], row["message"], row["kind"], row["body"], _at(row["created"]), row["tries"]
    )


def _hook(row: Row) -> Hook:
    return Hook(
        id=row["id"],
        procedure_id=row["procedure_id"],
        url=row["url"],
        kinds=tuple(msgspec.json.decode(row["kinds"])),
        secret=row["secret"],
        former=row["former"],
        former_until=None if row["former_until"] is None else _at(row["former_until"]),
        next_digest=row["next_digest"],
        created_by=row["created_by"],
        created_at=datetime.fromisoformat(row["created_at"]),
        why=row["stopped_why"] if row["stopped_at"] else None,
    )
