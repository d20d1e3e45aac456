"""Accounts of the admin and their sessions. Passwords arrive hashed and session tokens as digests, never in clear.

`by` is who did it, for the journal.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from collector.errors import Conflict, StorageUnavailable
from collector.schema import Browser, Device, GivenRole, Organisation, Procedure, Right, Session, User
from collector.storage.acting import acting
from collector.storage.engine import Engine, listed
from collector.storage.journal import COMMAND, NOBODY, Act, Journal
from collector.storage.rows import right_of, session_of, stamp, user_of
from collector.windows import Used

IDLE = timedelta(hours=2)
"""A session that was not used for so long has ended."""
SEEN_WITHIN = timedelta(minutes=5)
"""How exactly it is known when a session was last used: not every page is worth a write."""
REFUSED_IN = 3600
MOST_REFUSED = 200


class Accounts:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def add(
        self,
        *,
        email: str,
        name: str,
        administrator: bool,
        password: str,
        must_change: bool,
        now: datetime,
        by: str = COMMAND,
    ) -> User:
        """`password` is an argon2 hash, or nothing yet. Raises Conflict when the e-mail has an account."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            if await sql.account_by_email(connection, email=email):
                raise Conflict(f"Un compte existe déjà pour {email}.")
            created = await sql.insert_account(
                connection,
                email=email,
                name=name,
                administrator=int(administrator),
                password=password,
                must_change=int(must_change),
                created_at=stamp(now),
            )
            details = {"role": "administrator"} if administrator else {}
            await self._journal.append(connection, by=by, act="user.create", subject=email, details=details)
            return user_of(await sql.account_by_id(connection, id=created["id"]))

    async def all(self) -> list[User]:
        async with self._engine.read() as connection:
            return [user_of(row) for row in await listed(self._engine.sql.accounts(connection))]

    async def find(self, email: str) -> tuple[User, str] | None:
        """The account and its password hash."""
        async with self._engine.read() as connection:
            row = await self._engine.sql.account_by_email(connection, email=email)
        return (user_of(row), row["password"]) if row else None

    async def disable(self, email: str, now: datetime, *, by: str = COMMAND) -> bool:
        """Ends the account's sessions too. Returns whether it was active."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            row = await sql.account_by_email(connection, email=email)
            if not row:
                return False
            await sql.delete_sessions_of(connection, account_id=row["id"], except_digest="")
            await sql.forget_password_link(connection, account_id=row["id"])
            was_active = bool(await sql.disable_account(connection, email=email, disabled_at=stamp(now)))
            if was_active:
                await self._journal.append(connection, by=by, act="user.disable", subject=email)
        return was_active

    async def enable(self, email: str, *, by: str = COMMAND) -> bool:
        """Take back what `disable` did, but for the sessions it ended. Returns whether it was disabled."""
        async with self._engine.write() as connection:
            was_disabled = bool(await self._engine.sql.enable_account(connection, email=email))
            if was_disabled:
                await self._journal.append(connection, by=by, act="user.enable", subject=email)
        return was_disabled

    async def set_password(
        self, user: User, password: str, *, must_change: bool, keep_session: str = "", by: str = COMMAND
    ) -> None:
        """`password` is a hash. Every other session of the account ends; `keep_session` is a digest."""
        async with self._engine.write() as connection:
            await self._set_password(connection, user, password, must_change, keep_session, by)

    async def _set_password(
        self, connection: Any, user: User, password: str, must_change: bool, keep_session: str, by: str
    ) -> None:
        sql = self._engine.sql
        await sql.set_password(connection, id=user.id, password=password, must_change=int(must_change))
        await sql.delete_sessions_of(connection, account_id=user.id, except_digest=keep_session)
        # A link that was asked for before this one was chosen must not undo it.
        await sql.forget_password_link(connection, account_id=user.id)
        await self._journal.append(connection, by=by, act="user.password", subject=user.email)

    async def put_password_link(self, user: User, digest: str, expires: datetime, *, act: Act, by: str) -> None:
        """A link with which the account's holder may choose a password. Replaces the one before."""
        async with self._engine.write() as connection:
            await self._engine.sql.put_password_link(
                connection, account_id=user.id, digest=digest, expires_at=stamp(expires)
            )
            await self._journal.append(connection, by=by, act=act, subject=user.email)

    async def password_link_user(self, digest: str, now: datetime) -> User | None:
        """Whose password a link is for, while it holds."""
        async with self._engine.read() as connection:
            row = await self._engine.sql.password_link_account(connection, digest=digest, now=stamp(now))
        return user_of(row) if row else None

    async def use_password_link(self, user: User, digest: str, password: str, now: datetime) -> bool:
        """Set the password with a link, which then is none any more. False when somebody was faster."""
        async with self._engine.write() as connection:
            if not await self._engine.sql.take_password_link(connection, digest=digest, now=stamp(now)):
                return False
            await self._set_password(connection, user, password, False, "", user.email)
        return True

    async def open_session(
        self,
        user: User,
        digest: str,
        now: datetime,
        expires: datetime,
        *,
        device: Device = "other",
        browser: Browser = "other",
        pending: bool = False,
    ) -> None:
        """A `pending` one opens nothing before its holder has given a code too: see `Factors.admit`."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            await sql.forget_sessions(connection, now=stamp(now), idle=stamp(now - IDLE))
            await sql.insert_session(
                connection,
                digest=digest,
                account_id=user.id,
                created_at=stamp(now),
                expires_at=stamp(expires),
                device=device,
                browser=browser,
                pending=int(pending),
            )
            if not pending:
                acting(user.email, digest)
                await self._journal.append(connection, by=user.email, act="session.open", subject=user.email)

    async def session_user(self, digest: str, now: datetime) -> User | None:
        async with self._engine.read() as connection:
            row = await self._engine.sql.session_account(
                connection, digest=digest, now=stamp(now), idle=stamp(now - IDLE)
            )
        if row and row["used_at"] < stamp(now - SEEN_WITHIN):
            # Pages can be read while nothing can be written: the session then ends a little earlier.
            with suppress(StorageUnavailable):
                async with self._engine.write() as connection:
                    await self._engine.sql.touch_session(connection, digest=digest, now=stamp(now))
        return user_of(row) if row else None

    async def sessions(self, user: User, now: datetime) -> list[Session]:
        """Those that are open, the last used first."""
        async with self._engine.read() as connection:
            rows = self._engine.sql.sessions_of(connection, account_id=user.id, now=stamp(now), idle=stamp(now - IDLE))
            return [session_of(row) for row in await listed(rows)]

    async def close_session(self, user: User, digest: str) -> None:
        """Its own holder signs out."""
        await self._end(user, digest, "session.close", user.email)

    async def revoke_session(self, user: User, digest: str, *, by: str) -> None:
        """End a session from elsewhere."""
        await self._end(user, digest, "session.revoke", by)

    async def revoke_sessions(self, user: User, *, by: str, keep: str = "") -> None:
        """End all of them but `keep` (a digest)."""
        async with self._engine.write() as connection:
            number = await self._engine.sql.delete_sessions_of(connection, account_id=user.id, except_digest=keep)
            if number:
                await self._journal.append(
                    connection, by=by, act="session.revoke", subject=user.email, details={"sessions": number}
                )

    async def _end(self, user: User, digest: str, act: Act, by: str) -> None:
        async with self._engine.write() as connection:
            if await self._engine.sql.delete_session(connection, digest=digest):
                await self._journal.append(connection, by=by, act=act, subject=user.email)

    async def refuse_session(self, subject: str, now: datetime) -> None:
        """Note a sign-in that failed, or a wrong password from an open session.

        In a flood of them only every hundredth: it must not drown the rest.
        """
        name, moment = "refused-sign-ins", int(now.timestamp())
        async with self._engine.write() as connection:
            row = await self._engine.sql.count_attempt(
                connection, name=name, now=moment, expires=moment + REFUSED_IN, beyond=moment + 2 * REFUSED_IN
            )
            if row["used"] <= MOST_REFUSED or row["used"] % 100 == 0:
                await self._journal.append(
                    connection, by=NOBODY, act="session.refuse", subject=subject, details={"this_hour": row["used"]}
                )

    async def set_administrator(self, user: User, administrator: bool, *, by: str = COMMAND) -> None:
        """Administrators see and change everything; their other rights stay, for when they no longer are."""
        async with self._engine.write() as connection:
            if await self._engine.sql.set_administrator(connection, id=user.id, administrator=int(administrator)):
                change = "given" if administrator else "taken"
                await self._journal.append(
                    connection, by=by, act="user.rights", subject=user.email, details={change: "administrator"}
                )

    async def grant(self, user: User, over: Organisation | Procedure, role: GivenRole, *, by: str = COMMAND) -> None:
        """Let an account read or manage one procedure, or an organisation with all of them. Replaces its role there."""
        sql = self._engine.sql
        give = sql.grant_organisation if isinstance(over, Organisation) else sql.grant_procedure
        async with self._engine.write() as connection:
            if await give(connection, account_id=user.id, id=over.id, role=role):
                await self._journal.append(
                    connection,
                    by=by,
                    act="user.rights",
                    subject=user.email,
                    details={"given": _named(over), "role": role},
                )

    async def revoke(self, user: User, over: Organisation | Procedure, *, by: str = COMMAND) -> None:
        """Take back what `grant` gave."""
        sql = self._engine.sql
        take = sql.revoke_organisation if isinstance(over, Organisation) else sql.revoke_procedure
        async with self._engine.write() as connection:
            if await take(connection, account_id=user.id, id=over.id):
                await self._journal.append(
                    connection, by=by, act="user.rights", subject=user.email, details={"taken": _named(over)}
                )

    async def rights(self, user: User) -> list[Right]:
        """Organisations first."""
        async with self._engine.read() as connection:
            return [right_of(row) for row in await listed(self._engine.sql.rights_of(connection, account_id=user.id))]

    async def all_rights(self) -> dict[int, list[Right]]:
        """By the account's number."""
        found: dict[int, list[Right]] = {}
        async with self._engine.read() as connection:
            for row in await listed(self._engine.sql.all_rights(connection)):
                found.setdefault(row["account_id"], []).append(right_of(row))
        return found

    async def count_attempts(self, names: Sequence[str], now: int, seconds: int) -> list[Used]:
        """One more sign-in attempt under each (keyed) name, in one transaction; `now` in seconds since 1970."""
        async with self._engine.write() as connection:
            rows = [
                await self._engine.sql.count_attempt(
                    connection, name=name, now=now, expires=now + seconds, beyond=now + 2 * seconds
                )
                for name in names
            ]
        return [Used(row["used"], row["expires"]) for row in rows]

    async def forget_attempts(self, names: Sequence[str]) -> None:
        """An attempt that succeeded costs nothing."""
        async with self._engine.write() as connection:
            for name in names:
                await self._engine.sql.forget_attempt(connection, name=name)

    async def by_id(self, id: int) -> User | None:
        async with self._engine.read() as connection:
            row = await self._engine.sql.account_by_id(connection, id=id)
        return user_of(row) if row else None


def _named(over: Organisation | Procedure) -> str:
    return over.name if isinstance(over, Organisation) else over.slug
