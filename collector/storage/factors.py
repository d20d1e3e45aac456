"""The second step of signing in: what an account's holder has beside the password.

Secrets arrive sealed, codes as digests. `by` is who did it, for the journal.
"""

from datetime import datetime

from msgspec import Struct

from collector.errors import Conflict
from collector.schema import User
from collector.storage.acting import acting
from collector.storage.engine import Engine
from collector.storage.journal import Act, Journal
from collector.storage.rows import moment, stamp, user_of


class Factor(Struct, frozen=True):
    """`last_step` is the half minute of the last code that was used, `codes` how many recovery codes are left."""

    secret: bytes
    last_step: int
    since: datetime
    codes: int


class Factors:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def of(self, user: User) -> Factor | None:
        async with self._engine.read() as connection:
            row = await self._engine.sql.factor_of(connection, account_id=user.id)
        return Factor(bytes(row["secret"]), row["last_step"], moment(row["since"]), row["codes"]) if row else None

    async def add(
        self, user: User, secret: bytes, *, step: int, codes: list[str], keep_session: str, now: datetime
    ) -> None:
        """`step` is that of the code that proved it. Other sessions, opened without one, end. Raises Conflict."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            if not await sql.insert_factor(connection, account_id=user.id, secret=secret, step=step, since=stamp(now)):
                raise Conflict("La connexion en deux étapes est déjà activée pour ce compte.")
            await sql.delete_recovery_codes(connection, account_id=user.id)
            for digest in codes:
                await sql.insert_recovery_code(connection, account_id=user.id, digest=digest)
            await sql.delete_sessions_of(connection, account_id=user.id, except_digest=keep_session)
            await self._journal.append(connection, by=user.email, act="factor.add", subject=user.email)

    async def remove(self, user: User, *, by: str) -> None:
        """The password alone is enough again."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            await sql.delete_recovery_codes(connection, account_id=user.id)
            if await sql.delete_factor(connection, account_id=user.id):
                act: Act = "factor.remove" if by == user.email else "factor.reset"
                await self._journal.append(connection, by=by, act=act, subject=user.email)

    async def waiting(self, digest: str, now: datetime) -> User | None:
        """Who gave the password in this session and owes the code."""
        async with self._engine.read() as connection:
            row = await self._engine.sql.pending_account(connection, digest=digest, now=stamp(now))
        return user_of(row) if row else None

    async def admit(
        self, user: User, proof: int | str, *, waiting: str, digest: str, now: datetime, expires: datetime
    ) -> bool:
        """Make the `waiting` session an open one, under another name, for a code that nobody has used.

        `proof` is a code's step or a recovery code's digest. False when somebody was faster.
        """
        sql = self._engine.sql
        async with self._engine.write() as connection:
            if isinstance(proof, int):
                used = await sql.use_step(connection, account_id=user.id, step=proof)
            else:
                used = await sql.use_recovery_code(connection, account_id=user.id, digest=proof)
            if not used or not await sql.admit_session(
                connection,
                waiting=waiting,
                digest=digest,
                account_id=user.id,
                now=stamp(now),
                expires_at=stamp(expires),
            ):
                return False
            acting(user.email, digest)
            if isinstance(proof, str):
                left = (await sql.factor_of(connection, account_id=user.id))["codes"]
                await self._journal.append(
                    connection, by=user.email, act="factor.recover", subject=user.email, details={"codes": left}
                )
            await self._journal.append(connection, by=user.email, act="session.open", subject=user.email)
        return True
