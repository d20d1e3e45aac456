"""Programs with keys, and the service accounts that Claude makes for them."""

from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient, Response

from collector import keys
from collector.schema import GivenRole, Organisation, Procedure
from collector.storage import Storage
from collector.storage.services import Service
from tests.conftest import BRUNO, MovableClock, Passeport

YEAR = timedelta(days=365)
CLAUDE = "claude@exemple.fr"


class Program:
    """A program with a key, at an address of its own."""

    def __init__(self, client: AsyncClient, key: str, address: str = BRUNO) -> None:
        self._client, self.key, self.address = client, key, address

    @property
    def name(self) -> str:
        """How the journal calls it."""
        return self.key[:13]

    async def get(self, path: str, **query: Any) -> Response:
        return await self.send("GET", path, params=query)

    async def post(self, path: str, body: Any = None, **query: Any) -> Response:
        return await self.send("POST", path, json=body, params=query)

    async def patch(self, path: str, body: Any, *, seen: Response | None = None) -> Response:
        """`seen` is the answer whose ETag the change is based on."""
        headers = {"If-Match": seen.headers["etag"]} if seen else {}
        return await self.send("PATCH", path, json=body, headers=headers)

    async def send(self, method: str, path: str, *, headers: dict[str, str] | None = None, **what: Any) -> Response:
        sent = {"Authorization": f"Bearer {self.key}", "X-Forwarded-For": self.address, **(headers or {})}
        return await self._client.request(method, f"/api/v1/procedures{path}", headers=sent, **what)


class Made:
    """Make service accounts and keys as Claude does in the admin."""

    def __init__(self, client: AsyncClient, storage: Storage, clock: MovableClock) -> None:
        self._client, self._storage, self._clock = client, storage, clock

    async def service(self, over: Organisation | Procedure, role: GivenRole = "reader") -> Service:
        return await self._storage.services.add(
            name="Tableau de bord", purpose="Suivi mensuel", over=over, role=role, now=self._clock(), by=CLAUDE
        )

    async def key(self, service: Service) -> keys.Key:
        key, now = keys.draw(), self._clock()
        await self._storage.services.add_key(service, key, expires=now + YEAR, now=now, by=CLAUDE)
        return key

    async def program(self, over: Organisation | Procedure, role: GivenRole = "reader") -> Program:
        return Program(self._client, (await self.key(await self.service(over, role))).text)


@pytest.fixture
def made(client: AsyncClient, storage: Storage, clock: MovableClock) -> Made:
    return Made(client, storage, clock)


@pytest.fixture
async def program(made: Made, passeport: Passeport) -> Program:
    """One that reads *passeport*."""
    return await made.program(passeport.procedure)


@pytest.fixture
async def manager(made: Made, passeport: Passeport) -> Program:
    """One that manages *passeport*."""
    return await made.program(passeport.procedure, "manager")
