"""What limits refused and what was set aside, over all procedures, for administrators."""

import re

from collector.schema import Refusal
from collector.storage import Storage
from tests.conftest import MovableClock, Passeport, broken, found, send
from tests.service.admin.conftest import People
from tests.service.admin.test_suspects_page import MANY, SAME, WAVE

PATH = "/admin/limites"


async def refused(storage: Storage, place: Passeport, why: Refusal, times: int) -> None:
    for _ in range(times):
        storage.turned_away.count(place.procedure, why)
    await storage.turned_away.settle()


def rows(text: str) -> list[str]:
    """Each procedure with its numbers, as they are read."""
    bodies = re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in bodies]


async def test_without_any_trouble_the_page_says_so_and_shows_the_limits_in_words(people: People) -> None:
    text = (await people.claude.get(PATH)).text
    assert "Rien n’a été refusé, rien n’attend" in text
    assert "300 par minute et 1\u202f500 par heure" in text
    assert "10\u202f000 par minute" in text
    assert "AVIS_LIMIT_COUNTER" in text
    people.claude.language = "en"
    assert "300 per minute and 1,500 per hour" in (await people.claude.get(PATH)).text


async def test_refusals_are_shown_by_reason_and_period(people: People, storage: Storage, clock: MovableClock) -> None:
    clock.move(days=-10)
    await refused(storage, people.passeport, "procedure", 4)
    clock.move(days=7)
    await refused(storage, people.passeport, "visitor", 2)
    clock.move(days=3)
    await refused(storage, people.passeport, "origin", 3)
    await send(people.nobody.client, people.passeport.key)
    week = (await people.claude.get(PATH)).text
    passeport = "Demander un passeport Mairie d&#39;Exemple"
    assert rows(week) == [f"{passeport} 1 5 site non autorisé 3 ; même connexion 2 0 0 0"]
    assert 'href="/admin/demarches/passeport/a-verifier"' in week
    short = rows((await people.claude.get(f"{PATH}?jours=2")).text)
    assert short == [f"{passeport} 1 3 site non autorisé 0 0 0"]
    (month,) = rows((await people.claude.get(f"{PATH}?jours=30")).text)
    assert month.startswith(f"{passeport} 1 9 toute la démarche 4 ;")


async def test_suspects_are_followed_from_waiting_to_what_became_of_them(people: People) -> None:
    for _ in range(MANY):
        await send(people.nobody.client, people.passeport.key, SAME)
    (row,) = rows((await people.claude.get(PATH)).text)
    assert "Bien plus" not in row, "what is new has no past to stand out from"
    assert row.endswith(f"0 0 – {MANY} 0 0")
    await people.claude.post("/admin/demarches/passeport/a-verifier", {**WAVE, "verdict": "confirm"})
    assert rows((await people.claude.get(PATH)).text)[0].endswith(f"0 0 – 0 {MANY} 0")
    again = {**WAVE, "etat": "confirmed", "verdict": "release"}
    await people.claude.post("/admin/demarches/passeport/a-verifier", again)
    assert rows((await people.claude.get(PATH)).text)[0].endswith(f"{MANY} 0 – 0 0 {MANY}")


async def test_what_stands_out_from_its_own_past_is_marked_and_comes_first(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    clock.move(days=-60)
    old = await found(storage, clock, "chasse")
    for _ in range(60):
        await refused(storage, old, "visitor", 40)
        clock.move(days=1)
    await refused(storage, old, "visitor", 40)
    await refused(storage, people.other, "origin", 20)
    async with storage.engine.write() as connection:
        await connection.execute("UPDATE procedure SET created_at = '2026-01-01T00:00:00Z' WHERE slug = 'permis'")
    first, second = rows((await people.claude.get(PATH)).text)
    assert "Demander un permis Agence des titres Bien plus que d’habitude : 20 depuis hier" in first
    assert "chasse" in second
    assert "Bien plus" not in second


async def test_the_list_is_read_page_by_page(people: People, storage: Storage, clock: MovableClock) -> None:
    for n in range(51):
        place = await found(storage, clock, f"n{n:02}")
        storage.turned_away.count(place.procedure, "origin")
    await storage.turned_away.settle()
    text = (await people.claude.get(PATH)).text
    assert "51 démarches concernées" in text
    assert len(text) < 60_000
    assert len(rows(text)) == 50
    onward = re.search(r'href="([^"]+)">Page suivante', text)
    assert onward
    last = rows((await people.claude.get(onward[1].replace("&amp;", "&"))).text)
    assert len(last) == 1
    assert rows((await people.claude.get(f"{PATH}?page=tout&jours=x")).text) == rows(text)


async def test_a_page_that_cannot_be_read_says_so(people: People, storage: Storage) -> None:
    async with broken(storage, "turned_away"):
        assert (await people.claude.get(PATH)).status_code == 503
