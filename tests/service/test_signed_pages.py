"""Pages are signed with their question, and `avis pull` believes one key until that key vouches for another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from httpx import AsyncClient, Response
from litestar import Litestar
from msgspec.structs import replace

from collector.app import create_app
from collector.exports.pull import Report, pull
from collector.exports.pulling.errors import KeyChanged, NotVerified
from collector.exports.signatures import (
    DIRECTORY,
    DIRECTORY_TYPE,
    Exchange,
    PublicKey,
    is_signed_by,
    signers,
    signing_keys,
)
from collector.settings import Settings
from collector.storage import Storage
from tests.conftest import MovableClock, Passeport, running, send
from tests.service.test_exports import Signed, served

FIRST, SECOND, THIRD = (f"a-key-of-the-tests-and-of-nothing-else-{number}" for number in (1, 2, 3))


@pytest.fixture
def sign(storage: Storage, settings: Settings, clock: MovableClock) -> Signed:
    return Signed(storage, settings, clock)


def exchange(answer: Response, prefix: str = "") -> Exchange:
    asked = answer.request.url
    return Exchange(
        answer.status_code,
        answer.content,
        answer.headers["content-type"],
        prefix + asked.path,
        f"?{asked.query.decode()}",
    )


def key_of(*secrets: str) -> PublicKey:
    return signing_keys(secrets)[0].public


async def test_a_page_is_signed_together_with_what_was_asked(
    client: AsyncClient, passeport: Passeport, sign: Signed
) -> None:
    await send(client, passeport.key)
    answer = await client.get(f"{await sign()}/pages", params={"after": "0", "once": "abc"})
    said = exchange(answer)
    assert is_signed_by(key_of(FIRST), answer.headers, said)
    assert not is_signed_by(key_of(FIRST), answer.headers, replace(said, query="?after=1&once=abc"))
    assert not is_signed_by(key_of(FIRST), answer.headers, replace(said, query="?after=0&once=abd"))


async def test_the_same_cursor_gives_the_same_bytes_while_nothing_changes(
    client: AsyncClient, passeport: Passeport, sign: Signed, clock: MovableClock
) -> None:
    await send(client, passeport.key)
    url = await sign()
    first = await client.get(f"{url}/pages")
    clock.move(minutes=5)
    second = await client.get(f"{url}/pages")
    assert first.content == second.content
    assert first.headers["content-digest"] == second.headers["content-digest"]
    assert first.headers["signature-input"] != second.headers["signature-input"], "they say when they were signed"


async def test_a_service_below_a_path_signs_the_path_that_was_asked(
    settings: Settings, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    below = replace(settings, base_url="https://www.exemple.fr/avis-service")
    url = await Signed(storage, below, clock)()
    async with running(create_app(below, clock), settings) as client:
        answer = await client.get(f"{urlsplit(url).path.removeprefix('/avis-service')}/pages?after=0")
    assert is_signed_by(key_of(FIRST), answer.headers, exchange(answer, prefix="/avis-service"))


async def test_the_directory_lists_the_keys_newest_first_and_each_signs_it(
    settings: Settings, clock: MovableClock
) -> None:
    rotated = replace(settings, secret_keys=(SECOND, FIRST))
    async with running(create_app(rotated, clock), settings) as client:
        answer = await client.get(DIRECTORY)
    assert answer.headers["content-type"] == DIRECTORY_TYPE
    assert [key["kid"] for key in answer.json()["keys"]] == [key_of(SECOND).kid, key_of(FIRST).kid]
    assert SECOND not in answer.text
    assert set(answer.json()["keys"][0]) == {"kid", "x", "kty", "crv", "use"}, "nothing private"
    assert signers(answer.headers) == (key_of(SECOND).kid, key_of(FIRST).kid)
    assert all(is_signed_by(key_of(key), answer.headers, exchange(answer)) for key in (FIRST, SECOND))


# ---- Which key a copy believes


class Service:
    """The same database behind other keys."""

    def __init__(self, settings: Settings, storage: Storage, clock: MovableClock) -> None:
        self._settings, self._storage, self._clock = settings, storage, clock

    async def link(self, *keys: str) -> str:
        return await Signed(self._storage, replace(self._settings, secret_keys=keys), self._clock)()

    @asynccontextmanager
    async def behind(self, *keys: str) -> AsyncIterator[Litestar]:
        settings = replace(self._settings, secret_keys=keys)
        app = create_app(settings, self._clock)
        async with running(app, settings):
            yield app

    async def pull(self, link: str, into: Path, *keys: str, key: str | None = None) -> Report:
        async with self.behind(*keys) as app, served(app) as (host, port):
            return await asyncio.to_thread(pull, f"http://{host}:{port}{urlsplit(link).path}", into, key=key)


@pytest.fixture
def service(settings: Settings, storage: Storage, clock: MovableClock, passeport: Passeport) -> Service:
    return Service(settings, storage, clock)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    # Not ours but Python's: six tries with growing waits would take half a minute.
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


async def test_a_copy_goes_from_key_to_key_as_the_service_does(service: Service, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    link = await service.link(FIRST)
    assert (await service.pull(link, copy, FIRST)).key == key_of(FIRST).kid
    # The link that was signed with the first key lives on, and a page is signed with the second.
    assert (await service.pull(link, copy, SECOND, FIRST)).key == key_of(SECOND).kid
    renewed = await service.link(SECOND)
    assert (await service.pull(renewed, copy, SECOND)).key == key_of(SECOND).kid
    assert (await service.pull(renewed, copy, THIRD, SECOND)).key == key_of(THIRD).kid


async def test_a_key_that_nobody_vouched_for_is_refused_until_it_is_given(service: Service, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    await service.pull(await service.link(FIRST), copy, FIRST)
    other = await service.link(SECOND)
    with pytest.raises(KeyChanged, match=key_of(SECOND).kid) as refused:
        await service.pull(other, copy, SECOND)
    assert refused.value.exit_code == 7
    assert (await service.pull(other, copy, SECOND, key=key_of(SECOND).kid)).key == key_of(SECOND).kid
    with pytest.raises(KeyChanged):
        await service.pull(await service.link(FIRST), copy, FIRST)


async def test_a_stolen_older_key_signs_no_page_even_while_it_is_in_the_directory(
    service: Service, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    link = await service.link(FIRST)
    await service.pull(link, copy, SECOND, FIRST)
    async with service.behind(SECOND, FIRST) as real, service.behind(FIRST, SECOND) as thief:

        async def road(scope: Any, receive: Any, send: Any) -> None:
            await (thief if scope["path"].endswith("/pages") else real)(scope, receive, send)

        async with served(road) as (host, port):  # type: ignore[arg-type]  # an ASGI application all the same
            with pytest.raises(NotVerified):
                await asyncio.to_thread(pull, f"http://{host}:{port}{urlsplit(link).path}", copy)


async def test_a_key_that_was_given_is_the_only_one_to_begin_with(service: Service, tmp_path: Path) -> None:
    link = await service.link(FIRST)
    with pytest.raises(KeyChanged):
        await service.pull(link, tmp_path / "copy", FIRST, key=key_of(SECOND).kid)
    given = key_of(FIRST).kid
    assert (await service.pull(link, tmp_path / "copy", FIRST, key=given)).total == 0
    # A cron line that names the first key goes on working while keys follow each other.
    assert (await service.pull(link, tmp_path / "copy", SECOND, FIRST, key=given)).key == key_of(SECOND).kid
    renewed = await service.link(SECOND)
    assert (await service.pull(renewed, tmp_path / "copy", SECOND, key=given)).key == key_of(SECOND).kid
