"""From where, how often and how long a link gives: its networks, its one use, its end in every instance at once."""

from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient
from msgspec.structs import replace

from admin.attention import about_link
from collector.app import create_app
from collector.errors import BadRequest
from collector.exports.places import is_within, names_of, network_of
from collector.settings import Settings
from collector.storage import Storage
from tests.conftest import MovableClock, Passeport, refusal, running, send
from tests.service.test_exports import Signed, fill

OFFICE, COLLEAGUE, ELSEWHERE = "198.51.100.7", "198.51.100.200", "203.0.113.9"


@pytest.fixture
def sign(storage: Storage, settings: Settings, clock: MovableClock) -> Signed:
    return Signed(storage, settings, clock)


def of(address: str) -> dict[str, str]:
    """Asked through our own proxy, from there."""
    return {"X-Forwarded-For": address}


async def test_a_link_for_some_networks_opens_nowhere_else(
    client: AsyncClient, passeport: Passeport, sign: Signed
) -> None:
    await send(client, passeport.key)
    url = await sign(networks=["198.51.100.0/24", "2001:db8::1/32"])
    assert sign.last.networks == ("198.51.100.0/24", "2001:db8::/32")
    for asked in (url, f"{url}/pages"):
        assert (await client.get(asked, headers=of(OFFICE))).status_code == 200
        assert (await client.get(asked, headers=of("2001:db8:7::9"))).status_code == 200
        assert refusal(await client.get(asked, headers=of(ELSEWHERE))) == (403, "link-elsewhere")
    assert [kind for kind, _, outcome in await sign.journal() if outcome == "elsewhere"] == ["refused"] * 2


async def test_a_network_that_is_none_makes_no_link(sign: Signed, passeport: Passeport) -> None:
    with pytest.raises(BadRequest, match="CIDR"):
        await sign(networks=["bureau"])


def test_networks_are_read_as_people_write_them() -> None:
    assert network_of(" 192.0.2.7/24 ") == "192.0.2.0/24"
    assert network_of("192.0.2.7") == "192.0.2.7/32"
    assert is_within("::ffff:192.0.2.7", ["192.0.2.0/24"])
    assert not is_within("192.0.2.7", ["2001:db8::/32"])
    assert names_of("a", "2001:db8:1::1", ["k" * 32]) == names_of("a", "2001:db8:1:ffff::2", ["k" * 32])
    assert names_of("a", "2001:db8:1::1", ["k" * 32]) != names_of("b", "2001:db8:1::1", ["k" * 32]), "one link's alone"


async def test_a_link_for_one_use_gives_its_file_once(
    client: AsyncClient, storage: Storage, passeport: Passeport, sign: Signed, clock: MovableClock
) -> None:
    await send(client, passeport.key)
    url = await sign(once=True)
    assert refusal(await client.get(f"{url}/pages")) == (403, "link-for-one-use")
    assert (await client.get(url)).status_code == 200
    assert refusal(await client.get(url)) == (410, "link-spent")
    assert [outcome for _, _, outcome in await sign.journal()] == ["spent", "complete", "one-use"]
    link = await storage.links.get(sign.last.id)
    assert link
    assert link.spent_at == clock()


async def test_a_file_that_did_not_arrive_may_be_asked_for_again(
    storage: Storage, passeport: Passeport, sign: Signed, clock: MovableClock
) -> None:
    await sign(once=True)
    link = sign.last.id
    assert await storage.links.spend(link, clock())
    assert not await storage.links.spend(link, clock()), "nobody else meanwhile"
    use = await storage.links.begin_use(link, "file", clock())
    await storage.links.end_use(link, use, 12, "interrupted", 3456)
    assert await storage.links.spend(link, clock())
    (line,) = await storage.links.uses(link)
    assert (line.rows, line.bytes, line.outcome) == (12, 3456, "interrupted")


async def test_the_journal_has_the_rows_and_the_bytes_that_left(
    client: AsyncClient, storage: Storage, passeport: Passeport, sign: Signed
) -> None:
    await fill(storage, passeport, 30)
    url = await sign(format="csv")
    file, page = await client.get(url), await client.get(f"{url}/pages")
    uses = [(use.kind, use.rows, use.bytes) for use in await storage.links.uses(sign.last.id)]
    assert uses == [("page", 30, len(page.content)), ("file", 30, len(file.content))]


async def test_a_network_never_seen_before_is_told_and_no_address_is_kept(
    client: AsyncClient, storage: Storage, settings: Settings, passeport: Passeport, sign: Signed, clock: MovableClock
) -> None:
    url = await sign()

    async def used(address: str, by: AsyncClient = client) -> str:
        clock.move(hours=1)
        assert (await by.get(f"{url}/pages", headers=of(address))).status_code == 200
        link = await storage.links.get(sign.last.id)
        assert link
        return about_link(link, clock())

    assert [await used(address) for address in (OFFICE, COLLEAGUE, OFFICE)] == ["", "", ""]
    assert await used(ELSEWHERE) == "elsewhere"
    rows: list[Any] = []
    async with storage.engine.read() as connection:
        for table in ("link_place", "export_use", "export_link"):
            rows += [str(tuple(dict(row).values())) for row in await everything(connection, table)]
    assert len(rows) == 2 + 4 + 1
    assert not [row for row in rows if "198.51" in row or "203.0" in row]
    clock.move(days=8)
    assert await used(ELSEWHERE) == "", "it is known by now"
    rotated = replace(settings, secret_keys=("another-key-of-the-tests-and-of-nothing", *settings.secret_keys))
    async with running(create_app(rotated, clock), settings) as other:
        assert await used(ELSEWHERE, by=other) == "", "a new key makes no known network a new one"
    clock.move(days=30)
    link = await storage.links.get(sign.last.id)
    assert link
    assert about_link(replace(link, expires_at=clock() + timedelta(days=1)), clock()) == "idle"
    await storage.links.forget_places(clock())
    async with storage.engine.read() as connection:
        assert await everything(connection, "link_place") == [], "they go with the link's life"


async def everything(connection: Any, table: str) -> list[Any]:
    return list(await (await connection.execute(f"SELECT * FROM {table}")).fetchall())  # noqa: S608 - names above


async def test_links_live_through_a_new_secret_key_and_end_with_the_old_one(
    settings: Settings, passeport: Passeport, sign: Signed, clock: MovableClock
) -> None:
    url = await sign(networks=["0.0.0.0/0"])
    (old,) = settings.secret_keys
    new = "another-key-of-the-tests-and-of-nothing"
    async with running(create_app(replace(settings, secret_keys=(new, old)), clock), settings) as client:
        assert (await client.get(url, headers=of(OFFICE))).status_code == 200
    async with running(create_app(replace(settings, secret_keys=(new,)), clock), settings) as client:
        assert refusal(await client.get(url, headers=of(OFFICE))) == (403, "link-invalid")


async def test_a_link_that_is_revoked_in_one_instance_gives_nothing_in_another_at_once(
    settings: Settings, storage: Storage, passeport: Passeport, sign: Signed, clock: MovableClock
) -> None:
    url = await sign()
    async with (
        running(create_app(settings, clock), settings) as here,
        running(create_app(settings, clock), settings) as there,
    ):
        for client in (here, there):
            assert (await client.get(f"{url}/pages")).status_code == 200
        await storage.links.revoke(sign.last.id, clock())
        for client in (here, there):
            assert refusal(await client.get(f"{url}/pages")) == (410, "link-revoked")
            assert refusal(await client.get(url)) == (410, "link-revoked")
