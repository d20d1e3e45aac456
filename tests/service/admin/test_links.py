"""Export links in the admin: their limits, and what an owner is told of their use."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from httpx import AsyncClient

from collector.settings import Settings
from collector.storage import Storage
from tests.conftest import MovableClock, refusal
from tests.service.admin.conftest import People
from tests.service.admin.test_home import alerts
from tests.service.test_exports import Signed

LIST = "/admin/demarches/passeport/exports"
FORM = {"recipient": "Observatoire", "content": "reviews", "format": "csv", "expires": "30"}


@pytest.fixture
def sign(storage: Storage, settings: Settings, clock: MovableClock) -> Signed:
    return Signed(storage, settings, clock)


def address(text: str) -> str:
    found = re.search(r"https://[^<\s\"]+/exports/([\w.-]+)", unescape(text))
    assert found
    return urlsplit(found[0]).path


async def test_a_link_is_made_for_some_networks_and_one_use(
    people: People, client: AsyncClient, storage: Storage
) -> None:
    made = await people.bruno.post(LIST, {**FORM, "networks": "198.51.100.0/24, 2001:db8::/32", "once": "once"})
    assert made.status_code == 201
    (link,) = await storage.links.all()
    assert (link.networks, link.once) == (("198.51.100.0/24", "2001:db8::/32"), True)
    shown = (await people.rachel.get(f"{LIST}/{link.id}")).text
    assert "198.51.100.0/24, 2001:db8::/32" in shown
    assert "un seul, à venir" in shown
    path = address(made.text)
    assert refusal(await client.get(path, headers={"X-Forwarded-For": "203.0.113.9"})) == (403, "link-elsewhere")
    assert (await client.get(path, headers={"X-Forwarded-For": "198.51.100.9"})).status_code == 200
    shown = (await people.rachel.get(f"{LIST}/{link.id}")).text
    assert "un seul, le 12" in shown
    assert "Réseau non permis" in shown
    assert "Utilisé" in (await people.rachel.get(LIST)).text


async def test_a_network_that_is_none_is_refused_and_what_was_typed_stays(people: People, storage: Storage) -> None:
    answer = await people.bruno.post(LIST, {**FORM, "networks": "192.0.2.0/24 bureau", "once": "once"})
    assert answer.status_code == 422
    assert "Écrivez des réseaux en notation CIDR" in answer.text
    assert 'value="192.0.2.0/24 bureau"' in answer.text
    assert re.search(r'name="once" value="once"[^>]* checked', answer.text)
    assert await storage.links.all() == []


async def test_owners_read_first_that_a_link_is_used_from_a_new_network(
    people: People, client: AsyncClient, clock: MovableClock
) -> None:
    path = address((await people.bruno.post(LIST, FORM)).text)
    await client.get(path, headers={"X-Forwarded-For": "198.51.100.9"})
    assert alerts((await people.rachel.get("/admin")).text) == [], "where it is used from at first is no news"
    await client.get(path, headers={"X-Forwarded-For": "203.0.113.9"})
    text = (await people.rachel.get("/admin")).text
    assert alerts(text) == ["Le lien d’export « Observatoire » sert depuis un nouveau réseau"]
    assert alerts((await people.samir.get("/admin")).text) == [], "not a word about others' procedures"
    (shown,) = set(re.findall(rf'href="({LIST}/\w+)"', text))
    assert "depuis un nouveau réseau" in (await people.rachel.get(shown)).text
    assert "203.0.113" not in text
    clock.move(days=8)
    assert alerts((await people.rachel.get("/admin")).text) == []


async def test_a_link_that_nobody_uses_is_told_where_links_are(
    people: People, sign: Signed, clock: MovableClock
) -> None:
    clock.move(days=-31)
    await sign(days=90)
    clock.move(days=29)
    assert "Inutilisé" not in (await people.rachel.get(LIST)).text
    clock.move(days=2)
    assert "Inutilisé depuis 30 jours" in (await people.rachel.get(LIST)).text
    assert "Ce lien n’a pas servi depuis 30 jours" in (await people.rachel.get(f"{LIST}/{sign.last.id}")).text
