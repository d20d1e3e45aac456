"""Who an account's holder is at the OpenID provider: linked once, by e-mail, then known by what never changes there.

`by` is who did it, for the journal.
"""

from datetime import datetime

from collector.schema import User
from collector.storage.engine import Engine
from collector.storage.journal import NOBODY, Journal
from collector.storage.rows import moment, stamp, user_of


class Identities:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def since(self, user: User) -> datetime | None:
        """Since when the account is linked."""
        async with self._engine.read() as connection:
            row = await self._engine.sql.identity_of(connection, account_id=user.id)
        return moment(row["since"]) if row else None

    async def holder(self, issuer: str, subject: str) -> User | None:
        async with self._engine.read() as connection:
            row = await self._engine.sql.identity_account(connection, issuer=issuer, subject=subject)
        return user_of(row) if row else None

    async def link(self, user: User, issuer: str, subject: str, now: datetime) -> bool:
        """False when the account is somebody else there: that is refused, and told in the journal."""
        async with self._engine.write() as connection:
            linked = bool(
                await self._engine.sql.insert_identity(
                    connection, account_id=user.id, issuer=issuer, subject=subject, since=stamp(now)
                )
            )
            if linked:
                await self._journal.append(connection, by=user.email, act="identity.link", subject=user.email)
            else:
                await self._journal.append(connection, by=NOBODY, act="identity.refuse", subject=user.email)
        return linked

    async def remove(self, user: User, *, by: str) -> None:
        """The next sign-in there links the account anew. Its sessions end: they may be those of whoever it was."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            if await sql.delete_identity(connection, account_id=user.id):
                await sql.delete_sessions_of(connection, account_id=user.id, except_digest="")
                await self._journal.append(connection, by=by, act="identity.remove", subject=user.email)
