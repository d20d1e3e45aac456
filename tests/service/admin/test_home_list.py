"""The list of home: filtered, sorted and turned by its address alone."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from collector.storage import Storage
from tests.conftest import MovableClock, Passeport, found
from tests.history import given
from tests.service.admin.conftest import Browser, People


def shown(text: str) -> list[str]:
    """The slugs of the list, in its order."""
    return re.findall(r'<h2><a href="/admin/demarches/([\w-]+)">', text)


async def listed(person: Browser, query: str = "") -> list[str]:
    answer = await person.get(f"/admin{query}")
    assert answer.status_code == 200
    return shown(answer.text)


@pytest.fixture
async def three(people: People, storage: Storage, clock: MovableClock) -> People:
    """*chasse* fell, *passeport* stayed as good as it is, *permis* has nothing."""
    chasse = await found(storage, clock, "chasse", organisation="Office des forêts")
    await rated(storage, chasse, clock, days=120, answers={"good": 90, "bad": 10})
    await rated(storage, chasse, clock, days=1, answers={"good": 40, "bad": 60})
    await rated(storage, people.passeport, clock, days=120, answers={"good": 40})
    await rated(storage, people.passeport, clock, days=0, answers={"good": 35})
    return people


async def rated(
    storage: Storage, place: Passeport, clock: MovableClock, *, days: int, answers: Mapping[str, int]
) -> None:
    moment = clock() - timedelta(days=days)
    for answer, times in answers.items():
        said: dict[str, Any] = {"satisfaction": answer}
        await given(storage, place.procedure, place.placement, moment, said, times=times)


@pytest.mark.parametrize(
    ("column", "up"),
    [
        ("titre", ["chasse", "passeport", "permis"]),
        ("satisfaction", ["chasse", "passeport", "permis"]),
        ("avis", ["permis", "passeport", "chasse"]),
        ("evolution", ["chasse", "passeport", "permis"]),
        ("dernier", ["chasse", "passeport", "permis"]),
        ("attention", ["passeport", "permis", "chasse"]),
    ],
)
async def test_each_column_sorts_both_ways(three: People, column: str, up: list[str]) -> None:
    answer = await three.claude.get(f"/admin?tri={column}&ordre=croissant")
    assert shown(answer.text) == up
    assert answer.text.count("aria-sort=") == 1
    assert re.search(rf'aria-sort="ascending"><a href="/admin\?tri={column}&amp;ordre=decroissant#liste">', answer.text)
    down = await listed(three.claude, f"?tri={column}&ordre=decroissant")
    empty = ["permis"] if column in {"satisfaction", "evolution", "dernier"} else []
    known = [one for one in up if one not in empty]
    # Alike ones stay by title: nothing needs a look in two of three.
    expected = ["chasse", "passeport", "permis"] if column == "attention" else known[::-1]
    assert down == [*expected, *empty]


async def test_filters_say_how_many_they_keep_and_stay_in_the_form(three: People, storage: Storage) -> None:
    await storage.catalogue.set_state("permis", "closed")
    text = (await three.claude.get("/admin?etat=closed&tri=avis")).text
    assert shown(text) == ["permis"]
    assert "1 démarche trouvée sur 3" in text
    assert '<option value="closed" selected>' in text
    assert '<input type="hidden" name="tri" value="avis">' in text
    assert "<details open>" in text
    assert await listed(three.claude, "?attention=1") == ["chasse"]
    assert await listed(three.claude, "?q=forets") == ["chasse"]
    assert await listed(three.claude, f"?administration={three.other.procedure.organisation_id}") == ["permis"]


async def test_what_waits_to_be_checked_needs_a_look_too(people: People) -> None:
    robot = {"id": "0190a5f0-0000-7000-8000-000000000001", "satisfaction": "bad", "url": "x", "next": "satisfaction"}
    await people.nobody.client.post(f"/avis/{people.passeport.key}", data=robot)
    text = (await people.rachel.get("/admin?attention=1")).text
    assert shown(text) == ["passeport"]
    assert "1 point à regarder" in text


async def test_nobody_is_offered_the_organisations_of_others(three: People) -> None:
    text = (await three.bruno.get("/admin?q=introuvable")).text
    assert "Mairie d&#39;Exemple" in text
    assert "Office des forêts" not in text
    assert "Aucune démarche ne correspond" in text
    assert "1 démarche trouvée" not in text
    wrong = await three.bruno.get(f"/admin?administration={three.other.procedure.organisation_id}")
    assert wrong.status_code == 422
    assert "Choisissez une des propositions" in wrong.text


async def test_many_procedures_are_turned_page_by_page_each_once_and_light(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    for n in range(60):
        place = await found(storage, clock, f"demarche-{n:03}")
        await rated(storage, place, clock, days=100 + n, answers={"good": 2, "medium": 1})
        await rated(storage, place, clock, days=n, answers={"good": 1, "bad": 1})
    path, met = "/admin?tri=satisfaction", list[str]()
    while path:
        text = (await people.claude.get(path)).text
        assert len(text.encode()) < 100_000
        met += shown(text)
        onward = re.search(r'href="([^"]+)">Page suivante', text)
        path = onward[1].replace("&amp;", "&") if onward else ""
    assert len(met) == len(set(met)) == 62
    assert met[:60] == sorted(met[:60]), "alike ones are in one order on all pages"
    assert await listed(people.claude, "?page=99999") == []
