"""`avis serve` as operators run it, in a process that tests may kill, with people who send to it meanwhile."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from uuid import UUID, uuid4

import httpx

from tests.services import _free_port

AVIS = Path(sys.executable).with_name("avis")


class Service:
    """One run of the service. Its standard error goes to a file, which must hold no stack trace in the end."""

    def __init__(self, environ: Mapping[str, str], log: Path) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        # Only what the service needs: a developer's own AVIS_* settings are not part of a test.
        clean = {name: value for name, value in os.environ.items() if not name.startswith("AVIS_")}
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [AVIS, "serve", "--port", f"{self.port}"],
                env={**clean, **environ},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=log.parent,
            )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                httpx.get(f"{self.url}/healthz", timeout=1)
                return
            except httpx.HTTPError:
                time.sleep(0.02)
        self.stop(signal.SIGKILL)
        raise AssertionError(f"the service does not start:\n{self.said}")

    @property
    def said(self) -> str:
        return self._log.read_text(errors="replace")

    def stop(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=30)


@contextmanager
def serving(environ: Mapping[str, str], log: Path) -> Iterator[Service]:
    service = Service(environ, log)
    try:
        yield service
    finally:
        if service.process.poll() is None:
            service.stop(signal.SIGTERM)
    assert "Traceback" not in service.said


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
