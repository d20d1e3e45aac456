"""`/observatoire/{slug}`: what citizens say of a procedure, over a year and by month, and what is answered to them."""

import csv
import io
import random
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from httpx import AsyncClient

from collector.criteria import Statement
from collector.schema import ProcedureState
from collector.storage import Storage
from tests.conftest import MovableClock, Passeport, broken
from tests.service.observatory.conftest import opinions, rows

URL = "/observatoire/passeport"


async def read(client: AsyncClient) -> str:
    page = await client.get(URL)
    assert page.status_code == 200, page.text
    return page.text


def after(page: str, heading: str) -> list[list[str]]:
    """The rows of the section of that heading."""
    return rows(page.partition(f">{heading}</h2>")[2].partition("</section>")[0])


async def test_below_a_hundred_reviews_it_says_how_many_are_missing(client: AsyncClient, passeport: Passeport) -> None:
    assert "Pas encore assez d’avis : 0 en douze mois, il en faut 100 pour publier un chiffre." in await read(client)
    await opinions(client, passeport.key, 4)
    assert "Pas encore assez d’avis : moins de 10 en douze mois" in await read(client)
    await opinions(client, passeport.key, 95)
    page = await read(client)
    assert "Pas encore assez d’avis : 99 en douze mois" in page
    assert rows(page) == []
    assert "<h2" in page


async def test_it_shows_each_figure_and_how_answers_spread(client: AsyncClient, passeport: Passeport) -> None:
    await opinions(client, passeport.key, 75, {"satisfaction": "good", "contact_tried": ["none"], "comprehension": 5})
    await opinions(client, passeport.key, 25, {"satisfaction": "bad", "contact_tried": ["phone"], "comprehension": 1})
    page = await read(client)
    figures = after(page, "Ce que disent les usagers")
    assert [row[0].split()[0] for row in figures[1:4]] == ["Satisfaction", "Clarté", "Aide"]
    assert figures[1][1:] == ["7,5 Moyen", "6,5 à 8,3", "100"]
    assert figures[3][1:] == ["Pas encore assez de réponses"]
    assert figures[6][1:] == ["7,5", "6,5 à 8,3", "100"], "autonomy has no level"
    spreads = after(page, "Les réponses")
    assert ["Très bien", "75", "75 %"] in spreads
    assert ["Pas bien", "25", "25 %"] in spreads
    assert ["5 – Très clair", "75", "75 %"] in spreads
    assert ["J'ai cherché de l'aide", "25", "25 %"] in spreads
    assert "Satisfaction : 7,5 sur 10, 100 avis, du 13 mars 2025 au 12 mars 2026." in page
    assert 'property="og:title" content="Demander un passeport : l’avis des usagers"' in page


async def test_no_channel_of_help_is_told_apart(client: AsyncClient, passeport: Passeport) -> None:
    """One person more on the phone would be that person: channels have no steps of their own."""
    phone = {"satisfaction": "good", "contact_tried": ["phone"], "contact_reached": {"phone": True}}
    chat = {"satisfaction": "good", "contact_tried": ["chat"], "contact_reached": {"chat": False}}
    await opinions(client, passeport.key, 119, phone)
    await opinions(client, passeport.key, 1, chat)
    page = await read(client)
    assert after(page, "Ce que disent les usagers")[3][1].startswith("99 % Bon")
    assert "Par téléphone" not in page
    assert "Par chat" not in page


async def test_months_are_told_from_step_to_step_and_those_without_one_are_left_out(
    client: AsyncClient, passeport: Passeport, clock: MovableClock
) -> None:
    clock.move(days=-62)  # 9 January
    await opinions(client, passeport.key, 60)
    await client.get(URL)
    clock.move(days=31)
    await opinions(client, passeport.key, 9, {"satisfaction": "bad"})
    await client.get(URL)
    clock.move(days=31)
    await opinions(client, passeport.key, 40, {"satisfaction": "medium"})
    page = await read(client)
    table = after(page, "Au fil des mois")
    assert [[row[0], row[1], row[3]] for row in table[1:]] == [
        ["janvier 2026", "10,0", "60"],
        ["mars 2026", "4,0", "49"],
    ], "the nine of February are told with those of March"
    assert page.count("<circle") == 2
    assert "Du 13 mars 2025 au 12 mars 2026." in page
    file = (await client.get(f"{URL}/mois.csv")).content.decode("utf-8-sig")
    assert [(row["month"], row["reviews"], row["satisfaction"]) for row in csv.DictReader(io.StringIO(file))] == [
        ("2026-01", "60", "10.0"),
        ("2026-03", "49", str(200 / 49)),
    ]


async def test_whatever_is_asked_and_when_no_month_is_told_of_few_people(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    """Readers who come after every few reviews subtract all that they were told: each gap is of ten people or more."""
    chance = random.Random(8)  # noqa: S311 - the same people on both databases
    clock.move(days=-100)
    told: dict[str, set[int]] = {}
    for _ in range(25):
        await opinions(client, passeport.key, chance.randint(1, 14), {"satisfaction": chance.choice(("bad", "good"))})
        await client.get("/api/v1/procedures/passeport/indicators")
        today = clock().date()
        months = await storage.published.by_month(passeport.procedure, date(2025, 6, 1), today)
        whole = 0
        for name, figures in months.items():
            whole += figures.reviews or 0
            told.setdefault(name, {0}).add(whole)
        clock.move(days=4)
    sums = sorted(set().union(*told.values()))
    assert len(sums) > 5
    assert min(after - before for before, after in pairwise(sums)) >= 10


async def test_it_shows_what_the_administration_changed_and_wished_to_publish(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    put: dict[str, Any] = {"now": clock(), "by": "bruno@exemple.fr"}
    assert "La réponse de l’administration" not in await read(client)
    day = date(2026, 3, 1)
    shown = await storage.improvements.add(passeport.procedure, day, "Deux pièces <en moins>.", published=True, **put)
    await storage.improvements.add(passeport.procedure, day, "Pour nous seuls.", published=False, **put)
    page = await read(client)
    assert "Pour nous seuls" not in page
    assert '<time datetime="2026-03-01">1er mars 2026</time> Deux pièces &lt;en moins&gt;.' in page
    await storage.improvements.move(passeport.procedure, shown, "withhold", **put)
    assert "Deux pièces" not in await read(client)


async def test_it_shows_what_is_declared_with_its_level(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    assert "Ce que l’administration déclare" not in await read(client)
    said = {
        "online": Statement("declared", "partly", "javascript:alert(1)", "2026-03-01"),
        "support": Statement("declared", "phone,email", None, "2026-03-01"),
        "availability": Statement("declared", "99.95", "https://exemple.fr/etat", "2026-03-01"),
        "once": Statement("not_applicable", None, None, "2026-03-01"),
    }
    await storage.criteria.declare(passeport.procedure, said, now=clock(), by="bruno@exemple.fr")
    page = await read(client)
    table = after(page, "Ce que l’administration déclare")
    assert [row[:2] for row in table[1:]] == [
        ["En ligne de bout en bout", "En partie Moyen Preuve : javascript:alert(1)"],
        ["Aide proposée", "Téléphone, Courriel Bon"],
        ["Disponibilité", "99,95 % Bon Preuve : https://exemple.fr/etat"],
        ["Dites-le-nous une fois", "Ne concerne pas cette démarche"],
    ]
    assert table[1][2] == "1er mars 2026"
    assert 'href="https://exemple.fr/etat" rel="nofollow"' in page
    assert 'href="javascript' not in page


async def test_it_leads_to_the_form_while_the_procedure_and_a_placement_are_open(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    form = f'href="https://avis.exemple.fr/avis/{passeport.key}">Je donne mon avis</a>'
    assert form in await read(client)
    await storage.catalogue.close_placement(passeport.key, clock())
    assert "Je donne mon avis" not in await read(client)
    await storage.catalogue.reopen_placement(passeport.key)
    await storage.catalogue.set_state("passeport", "closed")
    page = await read(client)
    assert "Je donne mon avis" not in page
    assert "démarche fermée" in page


@pytest.mark.parametrize("state", ["draft", "archived"])
async def test_what_is_not_public_has_no_page(
    client: AsyncClient, storage: Storage, passeport: Passeport, state: ProcedureState
) -> None:
    await storage.catalogue.set_state("passeport", state)
    for path in (URL, f"{URL}/mois.csv", "/observatoire/rien", "/observatoire/%00"):
        page = await client.get(path)
        assert page.status_code == 404
        assert "Cherchez-la parmi toutes les démarches." in page.text


async def test_caches_may_keep_it_and_the_database_may_be_away(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    page = await client.get(URL)
    assert page.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=600"
    assert (await client.get(URL, headers={"If-None-Match": page.headers["etag"]})).status_code == 304
    async with broken(storage, "published"):
        assert (await client.get(URL)).status_code == 503
