"""`/observatoire/editions`: what was frozen, at addresses that never change, and what corrects it."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from xml.etree import ElementTree as ET

import pytest
from httpx import AsyncClient

from collector.editions import Quarter
from collector.observatory.making import make
from collector.settings import Settings
from collector.storage import Storage
from tests.conftest import NOON, Passeport
from tests.history import given
from tests.service.observatory.conftest import rows

URL = "/observatoire/editions"
GOOD, BAD = {"satisfaction": "good"}, {"satisfaction": "bad"}
SPRING, SUMMER = Quarter(2026, 1), Quarter(2026, 2)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
async def editions(storage: Storage, settings: Settings, passeport: Passeport) -> None:
    """The spring's, one that corrects it, and the summer's, when things were worse."""
    await given(
        storage, passeport.procedure, passeport.placement, datetime(2026, 3, 1, 10, tzinfo=UTC), GOOD, times=400
    )
    april = NOON + timedelta(days=30)
    await make(storage, SPRING, settings, now=april, by="command")
    await make(storage, SPRING, settings, now=april + timedelta(days=1), by="command", reason="Un <ministère> erroné.")
    await given(storage, passeport.procedure, passeport.placement, datetime(2026, 6, 1, 10, tzinfo=UTC), BAD, times=400)
    await make(storage, SUMMER, settings, now=NOON + timedelta(days=120), by="command")


async def test_before_the_first_it_says_where_the_figures_are(client: AsyncClient) -> None:
    page = await client.get(URL)
    assert page.status_code == 200
    assert "Aucune édition n’a encore été faite." in page.text
    feed = ET.fromstring((await client.get(f"{URL}.atom")).content)  # noqa: S314 - our own feed
    assert feed.findall(f"{ATOM}entry") == []


async def test_they_are_listed_the_latest_first_with_what_they_correct(client: AsyncClient, editions: None) -> None:
    page = (await client.get(URL)).text
    places = [page.index(f'href="{URL}/{name}"') for name in ("2026Q2", "2026Q1.2", "2026Q1")]
    assert places == sorted(places)
    assert "1er trimestre 2026, correction 1" in page
    assert "Corrige 2026Q1 : Un &lt;ministère&gt; erroné." in page


async def test_an_edition_shows_its_figures_and_what_changed_beyond_chance(client: AsyncClient, editions: None) -> None:
    page = (await client.get(f"{URL}/2026Q2")).text
    assert "Édition du 2e trimestre 2026" in page
    assert "Du 1er juillet 2025 au 30 juin 2026." in page
    line = rows(page)[1]
    assert line[0] == "Demander un passeport Intérieur"
    assert line[1].startswith("5,0 Moyen")
    assert line[1].endswith("· \N{MINUS SIGN}5,0")
    assert line[2:6] == ["trop peu"] * 4
    assert line[6] == "800"
    first = (await client.get(f"{URL}/2026Q1")).text
    assert rows(first)[1][1].startswith("10,0 Bon")
    assert "·" not in rows(first)[1][1]


async def test_an_edition_and_its_correction_lead_to_each_other(client: AsyncClient, editions: None) -> None:
    first, second = [(await client.get(f"{URL}/{name}")).text for name in ("2026Q1", "2026Q1.2")]
    assert f'Une édition plus récente la corrige : <a href="{URL}/2026Q1.2">' in first
    assert f'Elle corrige <a href="{URL}/2026Q1">2026Q1</a> : Un &lt;ministère&gt; erroné.' in second
    assert "plus récente" not in second


async def test_its_files_are_the_bytes_that_were_signed_and_are_kept_for_ever(
    client: AsyncClient, storage: Storage, editions: None
) -> None:
    kept = await storage.editions.get("2026Q1.2")
    assert kept
    file = await client.get(f"{URL}/2026Q1.2.json")
    assert file.content == kept.content
    assert sha256(file.content).hexdigest() in (await client.get(f"{URL}/2026Q1.2")).text
    assert file.headers["content-disposition"] == 'attachment; filename="observatoire-2026Q1.2.json"'
    for end in ("json", "csv", "sig"):
        file = await client.get(f"{URL}/2026Q1.2.{end}")
        assert file.status_code == 200
        assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert file.headers["access-control-allow-origin"] == "*"
    assert json.loads(file.content)["sha256"] == kept.heading.digest
    page = await client.get(f"{URL}/2026Q1.2")
    assert page.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=600", "a correction is told"


async def test_the_feed_tells_of_each_edition_and_correction(client: AsyncClient, editions: None) -> None:
    answer = await client.get(f"{URL}.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.content)  # noqa: S314 - our own feed
    entries = feed.findall(f"{ATOM}entry")
    assert [one.findtext(f"{ATOM}id", "").rpartition("/")[2] for one in entries] == ["2026Q2", "2026Q1.2", "2026Q1"]
    assert feed.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")
    assert entries[1].findtext(f"{ATOM}summary") == "Corrige 2026Q1 : Un <ministère> erroné."


@pytest.mark.parametrize("name", ["2020Q1", "2020Q1.json", "x", "2026Q1.xml", "%00"])
async def test_what_was_never_made_is_not_found(client: AsyncClient, editions: None, name: str) -> None:
    page = await client.get(f"{URL}/{name}")
    assert page.status_code == 404
    assert "Cherchez-la dans la liste des éditions." in page.text


async def test_an_edition_that_was_altered_is_not_shown(client: AsyncClient, storage: Storage, editions: None) -> None:
    async with storage.engine.write() as connection:
        await connection.execute("UPDATE edition SET digest = 'x' WHERE name = '2026Q1'")
    for name in ("2026Q1", "2026Q1.json"):
        page = await client.get(f"{URL}/{name}")
        assert (page.status_code, page.headers["cache-control"]) == (500, "no-store")
        assert "n&#39;est plus telle qu&#39;elle a été faite" in page.text
