"""Scenarios, for an owner: one share is moved by an address, what follows is computed, what does not is said."""

import html
import re
from datetime import timedelta

import pytest

from collector.operations.days import OperationsDay, key_of
from collector.schema import Placement, Procedure, ProcedureState
from collector.storage import Storage
from tests.conftest import MovableClock
from tests.history import given
from tests.service.admin.conftest import Browser, People

INDICATORS = "/admin/demarches/passeport"
BASE = f"{INDICATORS}/scenarios"
GOOD, BAD = {"satisfaction": "good"}, {"satisfaction": "bad"}


def asked_for(desk: str, mark: int | None) -> dict[str, object]:
    """Somebody who tried a desk, and reached it where there is a mark."""
    said: dict[str, object] = {
        "satisfaction": "good",
        "contact_tried": [desk],
        "contact_reached": {desk: mark is not None},
    }
    return {**said, "contact_satisfaction": {desk: mark}} if mark else said


async def page_of(who: Browser, query: str = "") -> str:
    answer = await who.get(BASE + query)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(answer.text)).split())


async def helped(storage: Storage, people: People, clock: MovableClock) -> None:
    """100 calls of which 40 reached and said 5; 100 visits of which 80 reached and said 3."""
    place = people.passeport
    for desk, mark, times in (("phone", 5, 40), ("phone", None, 60), ("counter", 3, 80), ("counter", None, 20)):
        moment = clock() - timedelta(days=3)
        await given(storage, place.procedure, place.placement, moment, asked_for(desk, mark), times=times)


async def rated(
    storage: Storage, procedure: Procedure, placement: Placement, clock: MovableClock, good: int, bad: int
) -> None:
    """Two months ago: in a whole month."""
    moment = clock() - timedelta(days=60)
    await given(storage, procedure, placement, moment, GOOD, times=good)
    await given(storage, procedure, placement, moment, BAD, times=bad)


async def test_the_telephone_as_often_as_the_counter(people: People, storage: Storage, clock: MovableClock) -> None:
    await helped(storage, people, clock)
    text = (await people.rachel.get(BASE)).text
    example = re.search(r'href="([^"]+facteur=reach-desk-phone&amp;part=80\.0)#resultat"', text)
    assert example, "the scenario that the page begins with is one click away"
    page = " ".join(
        re.sub(r"<[^>]+>", " ", html.unescape((await people.rachel.get(html.unescape(example[1]))).text)).split()
    )
    assert "80,0 % au lieu de 40,0 %" in page
    assert re.search(r"Aide joignable 60 % Insuffisant .{0,60}200 \w+ 80 % Moyen", page), page
    # (40·10 + 80·5) / 120, then (80·10 + 80·5) / 160; over 200 attempts 4.0, then 6.0.
    assert re.search(r"Qualité de l'aide 6,6 / 10 Moyen .{0,90} 7,5 / 10 Moyen", page)
    assert re.search(r"Aide, vue d'ensemble 4,0 / 10 .{0,90} 6,0 / 10", page)
    assert "Satisfaction 10,0 / 10 Bon" in page
    assert "Autant d'essais qu'aujourd'hui" in page
    assert "repose sur 100 réponses" in page


async def test_a_share_left_where_it_is_moves_nothing(people: People, storage: Storage, clock: MovableClock) -> None:
    await helped(storage, people, clock)
    page = await page_of(people.rachel, "?facteur=reach-desk-phone&part=40")
    assert page.count("ne bouge pas") == 5, "of the six, nobody spoke of clarity"
    assert not re.search(r"[+−] \d", page)


async def test_a_part_is_moved_by_channel_and_by_delay(people: People, storage: Storage, clock: MovableClock) -> None:
    place = people.passeport.procedure
    await rated(storage, place, people.passeport.placement, clock, 100, 100)
    assert "canal" not in await page_of(people.rachel)
    counter = await storage.catalogue.add_placement(
        place, channel="counter", form="satisfaction", label="Guichet", now=clock()
    )
    await rated(storage, place, counter, clock, 200, 0)
    day = OperationsDay((clock() - timedelta(days=60)).date().isoformat(), "online", None, 100, 250)
    await storage.operations.bring(place, {key_of(day): day}, now=clock(), by="bruno")
    page = await page_of(people.rachel, "?facteur=bad-channel-web&part=0")
    assert re.search(r"Satisfaction 7,5 / 10 Moyen .{0,90} 10,0 / 10 Bon", page)
    page = await page_of(people.rachel, "?facteur=bad-delay-1&part=50")
    assert "plus de 1 à 3 jours : 50,0 % au lieu de 25,0 %" in page
    assert re.search(r"Satisfaction 7,5 / 10 Moyen .{0,90} 5,0 / 10 Moyen", page)


async def test_the_rank_is_among_the_public_procedures_of_the_ministry(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    mine = people.passeport
    await rated(storage, mine.procedure, mine.placement, clock, 100, 100)
    assert "pas de rang" in await page_of(people.rachel, "?facteur=bad&part=10")
    rivals: tuple[tuple[str, int, int, ProcedureState], ...] = (
        ("a", 90, 10, "open"),
        ("b", 60, 40, "closed"),
        ("c", 9, 0, "open"),
        ("d", 200, 0, "draft"),
    )
    for slug, good, bad, state in rivals:
        one, placement = await storage.catalogue.add_procedure(
            title=slug, slug=slug, organisation="O", ministry=mine.procedure.ministry,
            audiences=[], origins=[], now=clock(),
        )  # fmt: skip
        await rated(storage, one, placement, clock, good, bad)
        if state != "open":
            await storage.catalogue.set_state(slug, state)
    page = await page_of(people.rachel, "?facteur=bad&part=15")
    assert "3 → 2 sur 3" in page, "a draft, and one of 9 reviews, are not in"
    assert "9,0 / 10" not in page, "of the others nothing but their number is told"
    assert "3e sur 3" in (await people.rachel.get(f"{INDICATORS}?compare=ministry")).text, "and both pages agree"


async def test_the_rank_follows_what_the_public_was_told_and_nothing_finer(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    async def ranked() -> str:
        found = re.search(r"Satisfaction .*? (\d sur \d) Clarté", await page_of(people.rachel, "?facteur=bad&part=50"))
        assert found
        return found[1]

    mine, other = people.passeport, people.other
    await given(storage, mine.procedure, mine.placement, clock(), GOOD, times=100)
    await given(storage, mine.procedure, mine.placement, clock(), BAD, times=100)
    await given(storage, other.procedure, other.placement, clock(), GOOD, times=21)
    await given(storage, other.procedure, other.placement, clock(), BAD, times=19)
    assert await ranked() == "2 sur 2", "5,25 against 5,0"
    await given(storage, other.procedure, other.placement, clock(), BAD, times=9)
    assert await ranked() == "2 sur 2", "it has 4,3 by now, and the public was not told"
    await given(storage, other.procedure, other.placement, clock(), BAD)
    assert await ranked() == "1 sur 2"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?facteur=bad&part=101", "Écrivez un pourcentage de 0 à 100"),
        ("?facteur=bad&part=-1", "Écrivez un pourcentage de 0 à 100"),
        ("?facteur=bad&part=beaucoup", "Écrivez un pourcentage de 0 à 100"),
        ("?facteur=bad&part=nan", "Écrivez un pourcentage de 0 à 100"),
        ("?facteur=tout&part=10", "Choisissez une des parts de la liste"),
    ],
)
async def test_what_cannot_be_computed_says_what_to_write(
    people: People, storage: Storage, clock: MovableClock, query: str, said: str
) -> None:
    await rated(storage, people.passeport.procedure, people.passeport.placement, clock, 30, 30)
    answer = await people.rachel.get(BASE + query)
    assert answer.status_code == 422
    assert said in html.unescape(answer.text)
    assert f'value="{query.partition("part=")[2]}"' in answer.text, "what was typed stays"


async def test_a_few_answers_make_no_scenario_and_nobody_reached_makes_no_quality(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    assert "Pas encore assez de réponses" in await page_of(people.rachel)
    place = people.passeport
    moment = clock() - timedelta(days=3)
    await given(storage, place.procedure, place.placement, moment, asked_for("phone", None), times=40)
    page = await page_of(people.rachel, "?facteur=reach-desk-phone&part=50")
    assert page.count("ne se calcule pas : personne ne l’a encore dit") == 2
