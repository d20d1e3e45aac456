"""People who send to a service that may die under them."""

import asyncio
import itertools
import time
from collections.abc import Iterator
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

    def so_far(self) -> "Crowd":
        """What has been acknowledged until now."""
        copy = Crowd(self._key)
        copy.rated, copy.completed = set(self.rated), set(self.completed)
        return copy

    async def send(self, *urls: str, people: int, seconds: float, patient: bool = False) -> None:
        """Each of `people` sends opinion after opinion until time is up or nobody answers any more.

        The patient send again what was not acknowledged, as the page does, however long that takes. Of several
        addresses each send takes the next, as behind a balancer.
        """
        limits = httpx.Limits(max_connections=people)
        async with httpx.AsyncClient(timeout=30, limits=limits, verify=False) as client:  # noqa: S501 - plain HTTP
            until = time.monotonic() + seconds
            turns = itertools.cycle(urls)
            await asyncio.gather(*(self._person(client, turns, until, patient) for _ in range(people)))

    async def _person(self, client: httpx.AsyncClient, turns: Iterator[str], until: float, patient: bool) -> None:
        try:
            while time.monotonic() < until:
                mine = uuid4()
                # A retry of what was stored without our hearing of it is a completion.
                if await self._step(client, turns, mine, {"satisfaction": "good"}, patient) in {200, 201}:
                    self.rated.add(mine)
                    answers = {"satisfaction": "good", "comprehension": 5}
                    if await self._step(client, turns, mine, answers, patient) == 200:
                        self.completed.add(mine)
        except httpx.HTTPError:
            return  # the service is gone: nothing was acknowledged

    async def _step(
        self, client: httpx.AsyncClient, turns: Iterator[str], mine: UUID, answers: dict[str, object], patient: bool
    ) -> int:
        body = {"id": str(mine), "key": self._key, "answers": answers}
        while True:
            try:
                answer = await client.post(f"{next(turns)}/api/v1/reviews", json=body)
            except httpx.HTTPError:
                if not patient:
                    raise
                await asyncio.sleep(0.1)
                continue
            self.statuses.add(answer.status_code)
            if answer.status_code == 503:
                assert int(answer.headers["retry-after"]) > 0
                if patient:
                    await asyncio.sleep(0.3)
                    continue
            return answer.status_code


def capability(mine: UUID) -> str:
    """Under which digest of a browser's id a review is stored."""
    return blake2b(mine.bytes, digest_size=16, person=b"avis-review").hexdigest()
