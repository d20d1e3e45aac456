"""People who send to a service that may die under them."""

import asyncio
import time
from hashlib import blake2b
from uuid import UUID, uuid4

import httpx


class Crowd:
    """People who rate and then say how clear it was, each in two sends; remembers what was acknowledged to whom."""

    def __init__(self, key: str) -> None:
        self._key = key
        self.rated: set[UUID] = set()
        self.completed: set[UUID] = set()
        self.statuses: set[int] = set()

    async def send(self, url: str, people: int, seconds: float) -> None:
        """Each of `people` sends opinion after opinion until time is up or nobody answers any more."""
        limits = httpx.Limits(max_connections=people)
        async with httpx.AsyncClient(base_url=url, timeout=20, limits=limits) as client:
            until = time.monotonic() + seconds
            await asyncio.gather(*(self._person(client, until) for _ in range(people)))

    async def _person(self, client: httpx.AsyncClient, until: float) -> None:
        try:
            while time.monotonic() < until:
                mine = uuid4()
                if await self._step(client, mine, {"satisfaction": "good"}) == 201:
                    self.rated.add(mine)
                    if await self._step(client, mine, {"satisfaction": "good", "comprehension": 5}) == 200:
                        self.completed.add(mine)
        except httpx.HTTPError:
            return  # the service is gone: nothing was acknowledged

    async def _step(self, client: httpx.AsyncClient, mine: UUID, answers: dict[str, object]) -> int:
        body = {"id": str(mine), "key": self._key, "answers": answers}
        status = (await client.post("/api/v1/reviews", json=body)).status_code
        self.statuses.add(status)
        return status


def capability(mine: UUID) -> str:
    """Under which digest of a browser's id a review is stored."""
    return blake2b(mine.bytes, digest_size=16, person=b"avis-review").hexdigest()
