"""`/observatoire`: every public procedure with what citizens say of it, and nothing of few people."""

import csv
import io
from collections.abc import Awaitable, Callable

import pytest
from httpx import AsyncClient

from collector.schema import Audience, ProcedureState
from collector.storage import Storage
from tests.conftest import MovableClock, Passeport, broken, found
from tests.service.observatory.conftest import later, opinions, rows

HELPED = {
    "satisfaction": "medium",
    "comprehension": 5,
    "contact_tried": ["phone"],
    "contact_reached": {"phone": True},
    "contact_satisfaction": {"phone": 4},
}
Made = Callable[..., Awaitable[str]]


@pytest.fixture
def make(storage: Storage, clock: MovableClock) -> Made:
    async def make(
        slug: str, title: str, ministry: str = "Intérieur", audience: Audience = "individuals", organisation: str = "O"
    ) -> str:
        _, placement = await storage.catalogue.add_procedure(
            title=title,
            slug=slug,
            organisation=organisation,
            ministry=ministry,
            audiences=[audience],
            origins=[],
            now=clock(),
        )
        return placement.key

    return make


async def titles(client: AsyncClient, query: str = "") -> list[str]:
    page = await client.get(f"/observatoire{query}")
    assert page.status_code == 200
    return [row[0].removesuffix(" Intérieur").removesuffix(" Justice") for row in rows(page.text)[1:]]


async def test_before_there_is_any_procedure_it_says_so(client: AsyncClient) -> None:
    page = await client.get("/observatoire")
    assert page.status_code == 200
    assert "Aucune démarche n’est encore publique." in page.text
    assert rows(page.text) == []


async def test_a_procedure_shows_its_figures_with_their_levels_from_a_hundred_reviews_on(
    client: AsyncClient, passeport: Passeport, clock: MovableClock
) -> None:
    await opinions(client, passeport.key, 9, HELPED)
    line = rows((await client.get("/observatoire")).text)[1]
    assert line == ["Demander un passeport Intérieur", "Pas encore assez d’avis", "très peu"]
    await opinions(client, passeport.key, 90)
    later(clock)
    line = rows((await client.get("/observatoire")).text)[1]
    assert line == ["Demander un passeport Intérieur", "Pas encore assez d’avis", "99"]
    await opinions(client, passeport.key, 91, HELPED)
    later(clock)
    page = (await client.get("/observatoire")).text
    assert "<strong>1 démarche</strong>, dont 1 avec assez d’avis." in page
    head, line = rows(page)
    assert head == [
        "Démarche", "Satisfaction", "Clarté", "Aide joignable", "Qualité de l’aide", "Autonomie", "Avis"
    ]  # fmt: skip
    assert line[1].startswith("7,3 Moyen 6,")
    assert line[2].startswith("10,0 Bon 9,")
    assert line[3].startswith("100 % Bon 9")
    assert line[4].startswith("7,5 Moyen 7,")
    assert line[5].startswith("0,0 0,0 à 0,")
    assert line[6] == "190"


async def test_a_question_that_too_few_answered_has_no_figure(client: AsyncClient, passeport: Passeport) -> None:
    await opinions(client, passeport.key, 120)
    await opinions(client, passeport.key, 99, HELPED)
    line = rows((await client.get("/observatoire")).text)[1]
    assert line[1].startswith("7,7 Moyen")
    assert line[2:6] == ["trop peu"] * 4


@pytest.mark.parametrize("state", ["draft", "archived"])
async def test_what_is_not_public_is_nowhere(
    client: AsyncClient, storage: Storage, passeport: Passeport, state: ProcedureState
) -> None:
    await storage.catalogue.set_state("passeport", state)
    for path in ("/observatoire", "/observatoire.csv", "/observatoire.json"):
        assert "passeport" not in (await client.get(path)).text


async def test_it_is_sorted_by_every_column_both_ways_and_those_without_a_figure_come_last(
    client: AsyncClient, make: Made
) -> None:
    await opinions(client, await make("b", "Épave"), 100, {"satisfaction": "bad"})
    await opinions(client, await make("c", "Étrave"), 120, {"satisfaction": "good"})
    await opinions(client, await make("a", "Zone"), 110, {"satisfaction": "medium"})
    await make("d", "Avenant")
    assert await titles(client) == ["Avenant", "Épave", "Étrave", "Zone"]
    assert await titles(client, "?sens=inverse") == ["Zone", "Étrave", "Épave", "Avenant"]
    assert await titles(client, "?tri=satisfaction") == ["Étrave", "Zone", "Épave", "Avenant"]
    assert await titles(client, "?tri=satisfaction&sens=inverse") == ["Épave", "Zone", "Étrave", "Avenant"]
    assert await titles(client, "?tri=reviews") == ["Étrave", "Zone", "Épave", "Avenant"]
    assert await titles(client, "?tri=autonomy") == ["Avenant", "Épave", "Étrave", "Zone"]


async def test_a_heading_says_how_it_sorts_and_leads_to_the_other_way(client: AsyncClient, make: Made) -> None:
    await make("a", "Zone")
    page = (await client.get("/observatoire?tri=satisfaction&q=zone")).text
    assert (
        'aria-sort="descending"><a href="/observatoire?q=zone&amp;tri=satisfaction&amp;sens=inverse">Satisfaction'
        in page
    )
    assert '<a href="/observatoire?q=zone&amp;tri=comprehension">Clarté' in page
    assert page.count("aria-sort") == 1
    again = (await client.get("/observatoire?q=zone&tri=satisfaction&sens=inverse")).text
    assert 'aria-sort="ascending"><a href="/observatoire?q=zone&amp;tri=satisfaction">Satisfaction' in again
    assert '<input type="hidden" name="tri" value="satisfaction">' in again, "filtering keeps the order"


async def test_it_is_filtered_by_words_by_audience_and_by_ministry(client: AsyncClient, make: Made) -> None:
    await make("a", "Payer une amende", "Justice")
    await make("b", "Déclarer un élève", audience="businesses", organisation="Rectorat")
    await make("c", "Élever des abeilles")
    assert await titles(client, "?q=elev") == ["Déclarer un élève", "Élever des abeilles"]
    assert await titles(client, "?q=rectorat+ELEVE") == ["Déclarer un élève"]
    assert await titles(client, "?public=businesses") == ["Déclarer un élève"]
    assert await titles(client, "?ministere=Justice") == ["Payer une amende"]
    assert await titles(client, "?ministere=Justice&public=businesses") == []
    nothing = (await client.get("/observatoire?ministere=Justice&q=abeille")).text
    assert "Aucune démarche ne correspond : cherchez un autre mot, ou retirez un filtre." in nothing
    assert "<option selected>Justice</option>" in nothing
    assert 'value="abeille"' in nothing


@pytest.mark.parametrize("query", ["?public=everybody", "?tri=verbatim"])
async def test_a_filter_that_there_is_not_is_told_on_a_page_in_french(client: AsyncClient, query: str) -> None:
    page = await client.get(f"/observatoire{query}")
    assert page.status_code == 400
    assert page.headers["content-type"].startswith("text/html")
    assert "Ce filtre ou ce tri n&#39;existe pas." in page.text
    assert page.headers["cache-control"] == "no-store"


async def test_what_somebody_typed_is_shown_as_text(client: AsyncClient, make: Made) -> None:
    await make("a", "<b>Zone</b>")
    page = (await client.get('/observatoire?q="><script>')).text
    assert "<script" not in page
    assert "&lt;b&gt;Zone" in (await client.get("/observatoire")).text


async def test_the_files_say_exactly_what_the_page_shows(client: AsyncClient, make: Made) -> None:
    await opinions(client, await make("a", "=Zone", "Justice"), 100, HELPED)
    await make("b", "Épave", "Justice")
    await make("c", "Autre")
    query = "?ministere=Justice&tri=reviews"
    assert await titles(client, query) == ["=Zone", "Épave"]
    answer = await client.get(f"/observatoire.csv{query}")
    assert answer.headers["content-disposition"] == 'attachment; filename="observatoire-2026-03-12.csv"'
    first, second = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (first["title"], second["title"]) == ("'=Zone", "Épave"), "no spreadsheet runs a title"
    assert (first["reviews"], first["shown"], first["satisfaction"]) == ("100", "true", "5.0")
    assert (first["satisfaction_answers"], first["satisfaction_level"]) == ("100", "yellow")
    assert (second["reviews"], second["shown"], second["satisfaction"]) == ("0", "false", "")
    body = (await client.get(f"/observatoire.json{query}")).json()
    assert (body["from"], body["to"], body["least"], body["enough"]) == ("2025-03-13", "2026-03-12", 10, 100)
    assert [one["title"] for one in body["procedures"]] == ["=Zone", "Épave"]
    assert body["procedures"][0]["address"] == "https://avis.exemple.fr/observatoire/a"
    figures = body["procedures"][0]["indicators"]
    public = (await client.get("/api/v1/procedures/a/indicators")).json()["indicators"]
    assert {name: one["value"] for name, one in figures.items()} == {one["name"]: one["value"] for one in public}
    assert body["procedures"][1]["indicators"] == {}


async def test_the_figures_are_those_that_the_public_may_see(
    client: AsyncClient, passeport: Passeport, clock: MovableClock
) -> None:
    await opinions(client, passeport.key, 100)
    assert rows((await client.get("/observatoire")).text)[1][6] == "100"
    await opinions(client, passeport.key, 9, {"satisfaction": "bad"})
    later(clock)
    assert rows((await client.get("/observatoire")).text)[1][6] == "100", "nine more people cannot be subtracted"


async def test_caches_may_keep_it_for_a_minute_and_ask_whether_it_changed(
    client: AsyncClient, passeport: Passeport, clock: MovableClock
) -> None:
    for path in ("/observatoire", "/observatoire.csv", "/observatoire.json?tri=reviews"):
        page = await client.get(path)
        assert page.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=600"
        tag = page.headers["etag"]
        assert not tag.startswith("W/")
        again = await client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert (await client.get(path, headers={"If-None-Match": '"other"'})).status_code == 200
        plain = await client.get(path, headers={"Accept-Encoding": "identity"})
        assert plain.headers["etag"] != tag, "other bytes"
        assert plain.content == page.content
        assert page.headers["content-encoding"] == "gzip"
    tag = (await client.get("/observatoire")).headers["etag"]
    await opinions(client, passeport.key, 100)
    later(clock)
    assert (await client.get("/observatoire", headers={"If-None-Match": tag})).status_code == 200


async def test_it_is_the_same_for_all_and_runs_nothing(client: AsyncClient, passeport: Passeport) -> None:
    page = await client.get("/observatoire")
    assert "set-cookie" not in page.headers
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "unsafe" not in policy
    assert "script" not in policy
    assert page.headers["content-language"] == "fr"
    assert "style=" not in page.text
    assert (await client.get("/observatoire.json")).headers["access-control-allow-origin"] == "*"


async def test_its_style_is_kept_for_ever_and_small(client: AsyncClient) -> None:
    page = (await client.get("/observatoire")).text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    style = await client.get(address, headers={"Accept-Encoding": "identity"})
    assert style.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert len(style.content) <= 10_000
    missing = await client.get("/observatoire/style/observatoire.0.css")
    assert missing.status_code == 404


async def test_while_the_database_is_away_a_page_says_so_in_french(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    async with broken(storage, "published"):
        page = await client.get("/observatoire")
    assert page.status_code == 503
    assert "Les chiffres ne peuvent pas être lus en ce moment." in page.text
    assert int(page.headers["retry-after"]) > 0


async def test_a_mistake_of_ours_is_told_without_saying_where(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    await opinions(client, passeport.key, 10)
    assert (await client.get("/observatoire")).status_code == 200
    async with storage.engine.write() as connection:
        await connection.execute("UPDATE published SET counts = 'none'")
    later(clock)
    page = await client.get("/observatoire")
    assert (page.status_code, page.headers["cache-control"]) == (500, "no-store")
    assert "Un incident technique est survenu." in page.text
    assert "counts" not in page.text


async def test_an_address_that_there_is_not_is_a_page_in_french(client: AsyncClient) -> None:
    page = await client.get("/observatoire/a/b/c")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Toutes les démarches" in page.text
    assert (await client.post("/observatoire")).status_code == 405


async def test_whoever_asks_together_shares_one_reading(
    client: AsyncClient, storage: Storage, clock: MovableClock, passeport: Passeport
) -> None:
    assert len(await titles(client)) == 1
    await found(storage, clock, "visa")
    assert len(await titles(client)) == 1, "within ten seconds the same"
    later(clock)
    assert len(await titles(client)) == 2
