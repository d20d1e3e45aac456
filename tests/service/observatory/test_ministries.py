"""`/observatoire/ministeres` and what the observatory says of itself."""

import csv
import io

import pytest
from httpx import AsyncClient
from msgspec.structs import replace

from collector.app import create_app
from collector.schema import Audience
from collector.settings import Settings
from collector.storage import Storage
from tests.conftest import MovableClock, running
from tests.service.observatory.conftest import opinions, rows

URL = "/observatoire/ministeres"


@pytest.fixture
async def three(client: AsyncClient, storage: Storage, clock: MovableClock) -> None:
    """Two procedures of the Justice, one for two audiences, that reach the goal or not; one with too few reviews."""
    cases: list[tuple[str, str, list[Audience], int, str]] = [
        ("amende", "Justice", ["individuals"], 300, "good"),
        ("casier", "Justice", ["individuals", "businesses"], 100, "bad"),
        ("ecole", "Éducation", ["individuals"], 20, "good"),
    ]
    for slug, ministry, audiences, number, mood in cases:
        _, placement = await storage.catalogue.add_procedure(
            title=slug,
            slug=slug,
            organisation=ministry,
            ministry=ministry,
            audiences=audiences,
            origins=[],
            now=clock(),
        )
        await opinions(client, placement.key, number, {"satisfaction": mood})


async def test_before_there_is_any_procedure_it_says_so(client: AsyncClient) -> None:
    page = await client.get(URL)
    assert page.status_code == 200
    assert "Aucune démarche n’est encore publique." in page.text


async def test_it_counts_who_reaches_the_goal_and_pools_all_reviews(client: AsyncClient, three: None) -> None:
    page = (await client.get(URL)).text
    assert "<div><dt>À l’objectif</dt><dd>50\u202f%</dd></div>" in page
    assert "<dd>420</dd>" in page
    education, justice = rows(page)[1:3]
    assert education[:4] == ["Éducation", "trop peu", "1", "trop peu"], "sorted as people sort: É with E"
    assert justice[:3] == ["Justice", "1 sur 2 50 %", "2"]
    assert justice[3].startswith("7,5 Moyen"), "of 400 reviews, not the mean of 10 and 0"
    assert justice[-1] == "400"
    individuals, businesses = rows(page)[4:6]
    assert individuals[:3] == ["Particuliers", "1 sur 2 50 %", "3"]
    assert businesses[:3] == ["Entreprises", "0 sur 1 0 %", "1"]
    assert 'href="/observatoire?ministere=Justice"' in page
    assert 'href="/observatoire?public=businesses"' in page


async def test_its_files_say_the_same(client: AsyncClient, three: None) -> None:
    file = (await client.get(f"{URL}.csv")).content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(file)))
    assert [(one["by"], one["name"], one["shown"], one["reached"]) for one in lines] == [
        ("all", "", "2", "1"),
        ("ministry", "Éducation", "0", "0"),
        ("ministry", "Justice", "2", "1"),
        ("audience", "individuals", "2", "1"),
        ("audience", "businesses", "1", "0"),
    ]
    assert (lines[2]["satisfaction"], lines[1]["satisfaction"]) == ("7.5", "")
    body = (await client.get(f"{URL}.json")).json()
    assert (body["from"], body["to"], body["enough"]) == ("2025-03-13", "2026-03-12", 100)
    assert [one["indicators"].get("satisfaction", {}).get("value") for one in body["groups"]][1:3] == [None, 7.5]


async def test_the_methodology_says_the_thresholds_that_are_applied_here(
    settings: Settings, clock: MovableClock
) -> None:
    changed = replace(settings, small_number=17, privacy_contact="avis@exemple.gouv.fr")
    async with running(create_app(changed, clock), changed) as client:
        page = (await client.get("/observatoire/methodologie")).text
        assert "moins de 17 avis" in page
        assert "au moins 100 personnes" in page
        assert 'href="mailto:avis@exemple.gouv.fr"' in page
        levels = {row[0]: row[2] for row in rows(page)[1:]}
        assert levels["Satisfaction"] == "bon à partir de 8, moyen à partir de 5"
        assert levels["Aide joignable"] == "bon à partir de 85 %, moyen à partir de 70 %"
        assert levels["Autonomie"] == "aucun"
        assert "mailto:avis@exemple.gouv.fr" in (await client.get("/observatoire/accessibilite")).text


async def test_every_page_leads_to_the_methodology_and_to_what_is_said_of_accessibility(client: AsyncClient) -> None:
    for path in ("/observatoire", URL, "/observatoire/methodologie", "/observatoire/accessibilite", "/observatoire/x"):
        page = (await client.get(path)).text
        assert 'href="/observatoire/methodologie"' in page
        assert 'href="/observatoire/accessibilite"' in page
        assert page.count("<h1") == 1
        assert '<html lang="fr">' in page
