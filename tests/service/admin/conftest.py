"""The people of the admin. Claude administers; Bruno manages and Rachel reads *passeport*; Samir manages another."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from httpx import AsyncClient, Response
from msgspec import Struct

from admin.accounts import digest_of
from admin.passwords import hash_password
from collector.schema import Role, User
from collector.settings import Settings
from collector.storage import Storage
from tests.conftest import BRUNO, MovableClock, Passeport, found

PASSWORD = "abeilles et tournesols 88"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@cache
def password_hash() -> str:
    """Slow on purpose, so once for all tests."""
    return hash_password(PASSWORD)


class Browser:
    """One person's browser: keeps the session, says where its requests come from."""

    def __init__(self, client: AsyncClient, token: str | None = None, address: str = BRUNO) -> None:
        self.client = client
        self.token = token
        self.address = address

    async def get(self, path: str, **headers: str) -> Response:
        return await self._send("GET", path, None, headers)

    async def post(self, path: str, data: Mapping[str, Any] | None = None, **headers: str) -> Response:
        return await self._send("POST", path, data or {}, {**SAME_SITE, **headers})

    async def _send(
        self, method: str, path: str, data: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> Response:
        # Cookies are ours alone: the client's jar would share them between people.
        self.client.cookies.clear()
        sent = {"X-Forwarded-For": self.address, **headers}
        if self.token:
            sent["Cookie"] = f"__Host-avis_session={self.token}"
        response = await self.client.request(method, path, data=data, headers=sent)
        if (token := response.cookies.get("__Host-avis_session")) is not None:
            self.token = token.strip('"')
        return response


class People(Struct, frozen=True):
    claude: Browser
    bruno: Browser
    rachel: Browser
    samir: Browser
    nobody: Browser
    passeport: Passeport
    other: Passeport

    def each(self) -> dict[str, Browser]:
        return {name: getattr(self, name) for name in ("claude", "bruno", "rachel", "samir", "nobody")}


@pytest.fixture
async def people(client: AsyncClient, storage: Storage, clock: MovableClock, passeport: Passeport) -> People:
    other = await found(storage, clock, "permis")
    browsers = {
        "claude": await signed_in(client, storage, clock, "claude", "administrator"),
        "bruno": await signed_in(client, storage, clock, "bruno", "manager", passeport),
        "rachel": await signed_in(client, storage, clock, "rachel", "reader", passeport),
        "samir": await signed_in(client, storage, clock, "samir", "manager", other),
    }
    return People(**browsers, nobody=Browser(client), passeport=passeport, other=other)


async def signed_in(
    client: AsyncClient, storage: Storage, clock: MovableClock, name: str, role: Role, given: Passeport | None = None
) -> Browser:
    user = await account(storage, clock, name, role)
    if given:
        await storage.accounts.grant(user, given.procedure.id)
    token = f"token-of-{name}"
    await storage.accounts.open_session(user, digest_of(token), clock(), clock() + timedelta(hours=12))
    return Browser(client, token)


async def account(storage: Storage, clock: MovableClock, name: str, role: Role, *, must_change: bool = False) -> User:
    return await storage.accounts.add(
        email=f"{name}@exemple.fr",
        name=name.capitalize(),
        role=role,
        password=password_hash(),
        must_change=must_change,
        now=clock(),
    )


@pytest.fixture
def anybody(client: AsyncClient, settings: Settings) -> Browser:
    """A browser that nobody signed in with."""
    assert settings.secure
    return Browser(client)
