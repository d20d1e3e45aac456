"""Service accounts: programs that read or manage an organisation or some procedures by the API, with their own keys.

A key is kept as a digest (`collector.keys`). Two may hold at once, so that a program can be given the next one before
the last is revoked. `by` is who did it, for the journal.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from collector.errors import Conflict, StorageUnavailable
from collector.keys import Key, is_digest_of, name_of
from collector.schema import GivenRole, Organisation, Procedure, Right, strongest
from collector.storage.engine import Engine, Row, listed
from collector.storage.journal import Journal
from collector.storage.rows import moment, right_of, stamp

MOST_ALIVE = 2
SHOWN = 20
"""Keys that a page lists: the latest."""
SEEN_WITHIN = timedelta(minutes=5)
"""How exactly it is known when a key was last used: not every request is worth a write."""

KeyState = Literal["alive", "expired", "revoked"]


class Service(Struct, frozen=True):
    id: int
    name: str
    purpose: str
    created_by: str
    created_at: datetime


class ApiKey(Struct, frozen=True):
    id: str
    service_id: int
    created_by: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    def state(self, now: datetime) -> KeyState:
        if self.revoked_at:
            return "revoked"
        return "alive" if now < self.expires_at else "expired"


class Access(Struct, frozen=True):
    """A key that was recognised, the name of its service account, and what that one may do."""

    key: ApiKey
    service: str
    rights: tuple[Right, ...]

    @property
    def name(self) -> str:
        """Who acts, for the journal."""
        return name_of(self.key.id)

    def role_in(self, procedure: Procedure) -> GivenRole | None:
        return strongest(self.rights, procedure)


class Services:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def add(
        self,
        *,
        name: str,
        purpose: str,
        over: Organisation | Procedure,
        role: GivenRole,
        now: datetime,
        by: str,
    ) -> Service:
        sql = self._engine.sql
        async with self._engine.write() as connection:
            row = await sql.insert_service(connection, name=name, purpose=purpose, by=by, at=stamp(now))
            await self._opens(over)(connection, service_id=row["id"], id=over.id, role=role)
            details = {"given": _named(over), "role": role, "purpose": purpose}
            await self._journal.append(connection, by=by, act="service.create", subject=name, details=details)
        return Service(int(row["id"]), name, purpose, by, now)

    async def all(self) -> list[Service]:
        async with self._engine.read() as connection:
            return [_service(row) for row in await listed(self._engine.sql.services(connection))]

    async def get(self, id: int) -> Service | None:
        async with self._engine.read() as connection:
            row = await self._engine.sql.service(connection, id=id)
        return _service(row) if row else None

    async def rights(self, service_id: int) -> tuple[Right, ...]:
        """Organisations first."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.rights_of_service(connection, service_id=service_id))
        return tuple(map(right_of, rows))

    async def grant(self, service: Service, over: Organisation | Procedure, role: GivenRole, *, by: str) -> None:
        """Let its keys read or manage one procedure, or an organisation with all of them. Replaces its role there."""
        async with self._engine.write() as connection:
            if await self._opens(over)(connection, service_id=service.id, id=over.id, role=role):
                details = {"given": _named(over), "role": role}
                await self._journal.append(
                    connection, by=by, act="service.rights", subject=service.name, details=details
                )

    async def revoke(self, service: Service, over: Organisation | Procedure, *, by: str) -> None:
        """Take back what `grant` gave."""
        sql = self._engine.sql
        take = sql.shut_organisation_to_service if isinstance(over, Organisation) else sql.shut_procedure_to_service
        async with self._engine.write() as connection:
            if await take(connection, service_id=service.id, id=over.id):
                await self._journal.append(
                    connection, by=by, act="service.rights", subject=service.name, details={"taken": _named(over)}
                )

    async def add_key(self, service: Service, key: Key, *, expires: datetime, now: datetime, by: str) -> None:
        """Raises Conflict when there are two that hold."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            await sql.take_turn_for_key(connection, service_id=service.id)
            alive = await sql.live_keys(connection, service_id=service.id, now=stamp(now))
            if alive["number"] >= MOST_ALIVE:
                raise Conflict("Deux clés sont déjà actives : révoquez celle qui ne sert plus, puis recommencez.")
            await sql.insert_key(
                connection,
                id=key.id,
                service_id=service.id,
                digest=key.digest,
                by=by,
                at=stamp(now),
                expires_at=stamp(expires),
            )
            details = {"service": service.name, "expires_at": stamp(expires)}
            await self._journal.append(connection, by=by, act="key.create", subject=name_of(key.id), details=details)

    async def keys(self, service_id: int) -> Sequence[ApiKey]:
        """The latest first."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.keys_of_service(connection, service_id=service_id, number=SHOWN))
        return [_key(row) for row in rows]

    async def revoke_key(self, service: Service, id: str, now: datetime, *, by: str) -> bool:
        """False when it is none of this account's, or was revoked before."""
        async with self._engine.write() as connection:
            was_there = bool(await self._engine.sql.revoke_key(connection, id=id, service_id=service.id, at=stamp(now)))
            if was_there:
                await self._journal.append(
                    connection, by=by, act="key.revoke", subject=name_of(id), details={"service": service.name}
                )
        return was_there

    async def open(self, key: Key) -> Access | None:
        """What a key is, whether it still holds or not; None when it is none of ours."""
        async with self._engine.read() as connection:
            row = await self._engine.sql.key_with_service(connection, id=key.id)
        if not row or not is_digest_of(row["digest"], key):
            return None
        return Access(_key(row), row["name"], await self.rights(row["service_id"]))

    async def note_use(self, access: Access, now: datetime) -> None:
        """The first use is a line of the journal, and a key that cannot leave it opens nothing (StorageUnavailable)."""
        key = access.key
        if key.used_at is None:
            await self._note_first_use(access, now)
        elif key.used_at < now - SEEN_WITHIN:
            # What can be read is read while nothing can be written.
            with suppress(StorageUnavailable):
                async with self._engine.write() as connection:
                    await self._engine.sql.touch_key(connection, id=key.id, at=stamp(now))

    async def _note_first_use(self, access: Access, now: datetime) -> None:
        name = access.name
        async with self._engine.write() as connection:
            if await self._engine.sql.use_key_first(connection, id=access.key.id, at=stamp(now)):
                await self._journal.append(
                    connection, by=name, act="key.use", subject=name, details={"service": access.service}
                )

    def _opens(self, over: Organisation | Procedure) -> Callable[..., Awaitable[int]]:
        sql = self._engine.sql
        opens: Callable[..., Awaitable[int]] = (
            sql.open_organisation_to_service if isinstance(over, Organisation) else sql.open_procedure_to_service
        )
        return opens


def _named(over: Organisation | Procedure) -> str:
    return over.name if isinstance(over, Organisation) else over.slug


def _service(row: Row) -> Service:
    return Service(row["id"], row["name"], row["purpose"], row["created_by"], moment(row["created_at"]))


def _key(row: Row) -> ApiKey:
    used, revoked = row["used_at"], row["revoked_at"]
    return ApiKey(
        id=row["id"],
        service_id=row["service_id"],
        created_by=row["created_by"],
        created_at=moment(row["created_at"]),
        expires_at=moment(row["expires_at"]),
        used_at=moment(used) if used else None,
        revoked_at=moment(revoked) if revoked else None,
    )
