"""A site that is not allowed to show the form: a page instead of a blank frame, and its owner told which."""

from httpx import AsyncClient, Response

from collector.storage import Storage
from collector.storage.refused import MOST_KEPT
from tests.conftest import MAIRIE, MovableClock, Passeport, broken
from tests.service.admin.conftest import People

FOREIGN = "https://blog.exemple.fr"


async def framed(client: AsyncClient, key: str, site: str, dest: str = "iframe") -> Response:
    return await client.get(f"/avis/{key}?embed=1&lang=fr", headers={"Sec-Fetch-Dest": dest, "Referer": f"{site}/"})


async def test_a_foreign_frame_gets_a_link_and_no_form(client: AsyncClient, passeport: Passeport) -> None:
    page = await framed(client, passeport.key, FOREIGN)
    assert page.status_code == 403
    assert f'href="/avis/{passeport.key}?lang=fr" target=_blank rel=noopener' in page.text
    assert "<form" not in page.text
    assert "<script" not in page.text
    assert "frame-ancestors" not in page.headers["content-security-policy"]


async def test_allowed_sites_our_own_pages_and_full_pages_get_the_form(
    client: AsyncClient, passeport: Passeport, storage: Storage
) -> None:
    for site, dest in ((MAIRIE, "iframe"), ("https://avis.exemple.fr", "iframe"), (FOREIGN, "document")):
        page = await framed(client, passeport.key, site, dest)
        assert page.status_code == 200
        assert "<form" in page.text
    assert (await client.get(f"/avis/{passeport.key}?embed=1", headers={"Sec-Fetch-Dest": "iframe"})).status_code == 200
    assert await storage.refused.of(passeport.procedure) == []


async def test_refusals_are_counted_by_site_and_written_once_a_second_at_most(
    client: AsyncClient, passeport: Passeport, storage: Storage, clock: MovableClock
) -> None:
    for _ in range(3):
        await framed(client, passeport.key, FOREIGN)
    assert [(one.origin, one.times) for one in await storage.refused.of(passeport.procedure)] == [(FOREIGN, 1)]
    clock.move(seconds=2)
    await framed(client, passeport.key, FOREIGN)
    assert [(one.origin, one.times) for one in await storage.refused.of(passeport.procedure)] == [(FOREIGN, 4)]


async def test_whoever_invents_sites_neither_fills_the_table_nor_drives_a_real_one_out(
    client: AsyncClient, passeport: Passeport, storage: Storage, clock: MovableClock
) -> None:
    for site in [FOREIGN, FOREIGN, *(f"https://n{number}.exemple" for number in range(MOST_KEPT + 5))]:
        clock.move(seconds=2)
        await framed(client, passeport.key, site)
    for odd in ("https://a b", "https://[x", f"https://{'x' * 300}", "data:", "https://<b>"):
        clock.move(seconds=2)
        await framed(client, passeport.key, odd)
    kept = [one.origin for one in await storage.refused.of(passeport.procedure)]
    assert len(kept) == MOST_KEPT
    assert FOREIGN in kept


async def test_the_page_is_shown_even_when_nothing_can_be_counted(
    client: AsyncClient, passeport: Passeport, storage: Storage
) -> None:
    async with broken(storage, "refused_origin"):
        assert (await framed(client, passeport.key, FOREIGN)).status_code == 403


async def test_the_owner_sees_the_site_and_allows_it_with_one_button(
    client: AsyncClient, people: People, storage: Storage
) -> None:
    await framed(client, people.passeport.key, FOREIGN)
    settings = "/admin/demarches/passeport/reglages"
    assert f'name="origin" value="{FOREIGN}"' in (await people.bruno.get(settings)).text
    answer = await people.bruno.post("/admin/demarches/passeport/sites", {"origin": FOREIGN})
    assert answer.headers["location"].endswith("?fait=site-allowed")
    assert FOREIGN not in (await people.bruno.get(settings)).text.replace(f"{FOREIGN}</textarea>", "")
    changed = await storage.catalogue.procedure("passeport")
    assert changed
    assert changed.origins == (MAIRIE, FOREIGN)
    assert (await framed(client, people.passeport.key, FOREIGN)).status_code == 200
