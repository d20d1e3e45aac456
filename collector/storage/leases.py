"""Work that one worker of several does, in whichever process or machine it runs.

A lease is held until a moment, never for ever: who holds it and dies loses it by itself. Whoever works longer than that
takes it again in time, and stops when that fails.
"""

import secrets
from datetime import datetime, timedelta

from collector.storage.engine import Engine


class Leases:
    """The leases of one worker: `owner` is a name that nothing else has."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.owner = secrets.token_hex(8)

    async def take(self, name: str, now: datetime, hold: timedelta) -> bool:
        """Take or prolong a lease; whether it is ours now. One statement, so that two can never both have it.

        A lease that ends later than anybody could have taken it was taken by a clock that was wrong: it is free.
        """
        async with self._engine.write() as connection:
            taken = await self._engine.sql.take_lease(
                connection,
                name=name,
                owner=self.owner,
                now=int(now.timestamp()),
                expires=int((now + hold).timestamp()),
                beyond=int((now + 2 * hold).timestamp()),
            )
        return bool(taken)

    async def give_back(self, name: str) -> None:
        """Free a lease that is ours; anybody else's stays."""
        async with self._engine.write() as connection:
            await self._engine.sql.give_lease_back(connection, name=name, owner=self.owner)
