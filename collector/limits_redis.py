"""Counts of a limit in Redis or Valkey, through the storage of the `limits` library."""

from time import time
from typing import Any

from limits.aio.storage import RedisStorage
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from collector.schema import Clock
from collector.storage.batch import Charge
from collector.windows import Used

TIMEOUT = 0.5
"""Seconds that it may take to answer; a citizen waits as long."""


class RedisCounter:
    """What several instances spend together."""

    def __init__(self, uri: str, clock: Clock) -> None:
        self._clock = clock
        scheme, rest = uri.split("://", 1)
        self._storage = RedisStorage(
            f"async+{'redis' if scheme == 'valkey' else scheme}://{rest}",
            implementation="redispy",
            wrap_exceptions=True,
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
            # Once more at once, for a connection that an earlier outage has broken. The library's own patience, three
            # tries and seconds between them, would be a citizen's.
            retry=Retry(NoBackoff(), 1),  # type: ignore[arg-type]  # handed on to redis-py, which wants this
        )

    async def spend(self, charge: Charge) -> Used:
        key = f"avis:{charge.name}"
        used = await self._storage.incr(key, charge.seconds)
        # Redis ends a window by its own clock: only how long that still takes is worth anything here.
        left = await self._storage.get_expiry(key) - time() if used > charge.amount else charge.seconds
        return Used(used, int(self._clock().timestamp()) + int(left))

    async def give_back(self, charge: Charge) -> None:
        await self._storage.incr(f"avis:{charge.name}", charge.seconds, amount=-1)

    async def answers(self) -> bool:
        return await self._storage.check()

    async def close(self) -> None:
        # The library opens its client itself and has no way to close it.
        client: Any = getattr(self._storage.bridge, "storage")  # noqa: B009 - not in the type that all bridges share
        await client.aclose()
