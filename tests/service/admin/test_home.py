"""What an owner reads first: which button died, which was forgotten, what falls; and which way each procedure goes."""

import re
from datetime import datetime, timedelta

import pytest

from collector.errors import StorageUnavailable
from collector.storage import Storage
from tests.conftest import MovableClock, Passeport, broken, found, send
from tests.history import given
from tests.service.admin.conftest import People

GOOD, BAD = {"satisfaction": "good"}, {"satisfaction": "bad"}


def alerts(text: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", title).strip() for title in re.findall(r"<h3>(.*?)</h3>", text, re.DOTALL)]


async def lively(storage: Storage, place: Passeport, now: datetime, *, days: range, daily: int = 20) -> None:
    """So many reviews on each of those days before now, as a placement that people use."""
    for n in days:
        await given(storage, place.procedure, place.placement, now - timedelta(days=n), times=daily)


async def test_a_calm_home_says_so(people: People) -> None:
    assert "Rien ne demande votre attention" in (await people.bruno.get("/admin")).text


async def test_a_button_that_died_is_told_first_with_where_to_look(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    place = people.passeport
    await lively(storage, place, clock(), days=range(3, 60))
    text = (await people.rachel.get("/admin")).text
    assert alerts(text) == ["« Fin de démarche » est muet depuis le 10 mars 2026"]
    assert "aucun avis reçu depuis, là où il en arrive d’habitude 40." in text
    assert f'href="/admin/demarches/passeport/emplacements/{place.key}"' in text
    assert alerts((await people.samir.get("/admin")).text) == [], "not a word about others' procedures"


async def test_one_review_today_shows_that_it_lives(people: People, storage: Storage, clock: MovableClock) -> None:
    await lively(storage, people.passeport, clock(), days=range(3, 60))
    await given(storage, people.passeport.procedure, people.passeport.placement, clock(), times=8)
    assert alerts((await people.bruno.get("/admin")).text) == []


@pytest.mark.parametrize("shut", ["placement", "procedure"])
async def test_what_is_closed_is_not_called_silent(
    people: People, storage: Storage, clock: MovableClock, shut: str
) -> None:
    await lively(storage, people.passeport, clock(), days=range(3, 60))
    if shut == "placement":
        await storage.catalogue.close_placement(people.passeport.key, clock())
    else:
        await storage.catalogue.set_state("passeport", "closed")
    assert alerts((await people.bruno.get("/admin")).text) == []


async def test_a_closed_placement_that_people_still_come_to_is_told_with_how_many(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    key, client = people.passeport.key, people.nobody.client
    await storage.catalogue.close_placement(key, clock())
    clock.move(days=-7)
    for _ in range(9):
        clock.move(seconds=2)
        assert (await client.get(f"/avis/{key}")).status_code == 410
    clock.move(days=7)
    assert alerts((await people.bruno.get("/admin")).text) == [], "a week ago it may have been open still"
    for _ in range(3):
        clock.move(seconds=2)
        assert (await client.get(f"/avis/{key}")).status_code == 410
        clock.move(seconds=2)
        assert (await send(client, key)).status_code == 410
    text = (await people.bruno.get("/admin")).text
    assert alerts(text) == ["« Fin de démarche » est fermé, et des usagers y viennent encore"]
    assert "3 ouvertures du formulaire et 3 avis refusés en sept jours" in text


async def test_one_old_bookmark_is_no_alert_and_an_opened_placement_neither(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    key, client = people.passeport.key, people.nobody.client
    await storage.catalogue.close_placement(key, clock())
    await client.get(f"/avis/{key}")
    assert alerts((await people.bruno.get("/admin")).text) == []
    for _ in range(4):
        clock.move(seconds=2)
        await client.get(f"/avis/{key}")
    assert len(alerts((await people.bruno.get("/admin")).text)) == 1
    await storage.catalogue.reopen_placement(key)
    assert alerts((await people.bruno.get("/admin")).text) == []


async def test_uses_of_closed_placements_are_written_once_a_second_kept_five_weeks_and_hold_no_person(
    storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    for _ in range(5):
        await storage.closed.count(passeport.placement, "opened")
    assert (await storage.closed.since("2026-03-01"))[passeport.placement.id].opened == 1
    clock.move(seconds=2)
    await storage.closed.count(passeport.malfunction, "sent")
    uses = await storage.closed.since("2026-03-01")
    assert (uses[passeport.placement.id].opened, uses[passeport.malfunction.id].sent) == (5, 1)
    clock.move(days=40)
    await storage.closed.count(passeport.malfunction, "sent")
    assert list(await storage.closed.since("2026-03-01")) == [passeport.malfunction.id]


async def test_a_citizen_reads_that_it_is_closed_even_where_that_cannot_be_counted(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    await storage.catalogue.close_placement(people.passeport.key, clock())
    async with broken(storage, "closed_use"):
        assert (await send(people.nobody.client, people.passeport.key)).status_code == 410
        clock.move(seconds=2)
        assert (await people.nobody.client.get(f"/avis/{people.passeport.key}")).status_code == 410
        clock.move(seconds=2)
        with pytest.raises(StorageUnavailable):
            await storage.closed.count(people.passeport.placement, "sent")


async def test_a_fall_that_the_statistics_carry_is_told_with_both_values(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    place, autumn = people.passeport, clock() - timedelta(days=120)
    await given(storage, place.procedure, place.placement, autumn, GOOD, times=90)
    await given(storage, place.procedure, place.placement, autumn, BAD, times=10)
    await given(storage, place.procedure, place.placement, clock(), GOOD, times=50)
    await given(storage, place.procedure, place.placement, clock(), BAD, times=50)
    text = (await people.bruno.get("/admin")).text
    assert alerts(text) == ["La satisfaction baisse"]
    assert "Satisfaction 5,0 ces trois derniers mois, 9,0 les trois d’avant" in text
    assert "En baisse de 4,0" in text
    assert "comparent janv. – mars 2026 à oct. – déc. 2025" in text


async def test_a_difference_that_chance_makes_is_no_direction(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    place, autumn = people.passeport, clock() - timedelta(days=120)
    for moment, bad in ((autumn, 10), (clock(), 13)):
        await given(storage, place.procedure, place.placement, moment, GOOD, times=100 - bad)
        await given(storage, place.procedure, place.placement, moment, BAD, times=bad)
    text = (await people.bruno.get("/admin")).text
    assert alerts(text) == []
    assert "Pas de changement établi" in text
    assert 'class="trend up"' not in text
    assert 'class="trend down"' not in text


async def test_a_rise_is_said_beside_the_procedure_and_needs_no_look(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    place, autumn = people.passeport, clock() - timedelta(days=120)
    for moment, bad in ((autumn, 60), (clock(), 10)):
        await given(storage, place.procedure, place.placement, moment, GOOD, times=100 - bad)
        await given(storage, place.procedure, place.placement, moment, BAD, times=bad)
    text = (await people.bruno.get("/admin")).text
    assert alerts(text) == []
    assert "En hausse de 5,0" in text


async def test_beyond_five_the_rest_unfolds_and_a_search_shows_procedures_only(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    for n in range(7):
        place = await found(storage, clock, f"demarche-{n}")
        await lively(storage, place, clock(), days=range(3, 45), daily=15 + n)
    text = (await people.claude.get("/admin")).text
    assert len(alerts(text)) == 7
    assert "2 autres points à regarder" in text
    assert text.index("demarche-6") < text.index("demarche-0"), "who misses most comes first"
    searched = (await people.claude.get("/admin?q=demarche-3")).text
    assert alerts(searched) == []
    assert "À regarder d’abord" not in searched


async def test_the_figures_of_home_are_those_of_the_procedures_own_page(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    """A year ago today is not in, a year ago tomorrow is: the same to the day, though months are summed as a whole."""
    place = people.passeport
    for days, answers, times in ((365, BAD, 50), (364, GOOD, 7), (200, BAD, 3), (1, GOOD, 5)):
        await given(storage, place.procedure, place.placement, clock() - timedelta(days=days), answers, times=times)
    home, own = [(await people.bruno.get(path)).text for path in ("/admin", "/admin/demarches/passeport")]
    assert "15 avis" in home
    assert "15 avis" in own
    assert '<span class="figure">8,0</span>' in home
    assert '<span class="figure">8,0</span>' in own
