"""The people of the admin.

Claude administers. Bruno manages and Rachel reads *passeport*, Olga manages and Remi reads its organisation. Samir
manages *permis*, Sonia reads it, and Oscar manages its organisation: of *passeport* they know nothing.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from httpx import AsyncClient, Response
from msgspec import Struct

from admin.accounts import digest_of
from admin.passwords import hash_password
from collector.schema import Organisation, Role, User
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
        self.language = ""

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
        if self.language:
            sent["Cookie"] = f"{sent.get('Cookie', '')}; avis_langue={self.language}"
        response = await self.client.request(method, path, data=data, headers=sent)
        if (token := response.cookies.get("__Host-avis_session")) is not None:
            self.token = token.strip('"')
        return response


NAMES = ("claude", "olga", "remi", "bruno", "rachel", "oscar", "samir", "sonia", "nobody")


class People(Struct, frozen=True):
    claude: Browser
    bruno: Browser
    rachel: Browser
    olga: Browser
    remi: Browser
    samir: Browser
    sonia: Browser
    oscar: Browser
    nobody: Browser
    passeport: Passeport
    other: Passeport

    def each(self) -> dict[str, Browser]:
        return {name: getattr(self, name) for name in NAMES}


@pytest.fixture
async def people(client: AsyncClient, storage: Storage, clock: MovableClock, passeport: Passeport) -> People:
    other = await found(storage, clock, "permis", organisation="Agence des titres")
    ours, theirs = [
        await storage.catalogue.organisation(one.procedure.organisation, one.procedure.ministry)
        for one in (passeport, other)
    ]
    browsers = {
        "claude": await signed_in(client, storage, clock, "claude", "administrator"),
        "bruno": await signed_in(client, storage, clock, "bruno", "manager", passeport),
        "rachel": await signed_in(client, storage, clock, "rachel", "reader", passeport),
        "olga": await signed_in(client, storage, clock, "olga", "manager", ours),
        "remi": await signed_in(client, storage, clock, "remi", "reader", ours),
        "oscar": await signed_in(client, storage, clock, "oscar", "manager", theirs),
        "sonia": await signed_in(client, storage, clock, "sonia", "reader", other),
        "samir": await signed_in(client, storage, clock, "samir", "manager", other),
    }
    return People(**browsers, nobody=Browser(client), passeport=passeport, other=other)


async def signed_in(
    client: AsyncClient,
    storage: Storage,
    clock: MovableClock,
    name: str,
    role: Role,
    over: Passeport | Organisation | None = None,
) -> Browser:
    user = await account(storage, clock, name, role)
    if over and role != "administrator":
        await storage.accounts.grant(user, over.procedure if isinstance(over, Passeport) else over, role)
    token = f"token-of-{name}"
    await storage.accounts.open_session(user, digest_of(token), clock(), clock() + timedelta(hours=12))
    return Browser(client, token)


async def account(storage: Storage, clock: MovableClock, name: str, role: Role, *, must_change: bool = False) -> User:
    return await storage.accounts.add(
        email=f"{name}@exemple.fr",
        name=name.capitalize(),
        administrator=role == "administrator",
        password=password_hash(),
        must_change=must_change,
        now=clock(),
    )


@pytest.fixture
def anybody(client: AsyncClient, settings: Settings) -> Browser:
    """A browser that nobody signed in with."""
    assert settings.secure
    return Browser(client)
