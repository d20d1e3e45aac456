"""A procedure among those of its ministry: of the others nothing is shown but what the public may see."""

import random
from datetime import timedelta

import pytest

from collector.schema import ProcedureState
from collector.storage import Storage
from tests.conftest import MovableClock, found, send
from tests.service.admin.conftest import People
from tests.service.admin.test_indicators_page import answer, lines_of, read, section
from tests.service.test_public_figures import answers

QUERY = "?compare=ministry"


async def test_procedures_read_together_have_the_figures_that_the_public_sees_of_each(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    chance = random.Random(6)  # noqa: S311 - the same people on both databases
    places = [people.passeport, people.other, await found(storage, clock, "visa"), await found(storage, clock, "vide")]
    clock.move(days=-370)
    for days in (0, 20, 200, 100, 50):
        for place, number in zip(places, (14, 25, 3, 0), strict=True):
            for n in range(number):
                await send(people.nobody.client, place.key, answers(chance), address=f"203.0.113.{n}")
        clock.move(days=days)
    today = clock().date()
    together = await storage.published.several([one.procedure for one in places], today - timedelta(days=364), today)
    for place in places:
        body = (await people.nobody.client.get(f"/api/v1/procedures/{place.procedure.slug}/indicators")).json()
        figures = together[place.procedure.id]
        assert figures == await storage.published.figures(place.procedure, today - timedelta(days=364), today)
        assert figures.reviews == body["reviews"]
        assert [one.value for one in figures.indicators] == [one["value"] for one in body["indicators"]]
        assert {one["name"] for one in body["indicators"] if one["suppressed"]} == figures.suppressed
    assert together[places[1].procedure.id].reviews
    assert together[places[3].procedure.id].reviews == 0


async def test_the_others_are_told_as_one_and_only_in_steps(people: People, storage: Storage) -> None:
    await answer(people, people.passeport.key, 40, {"satisfaction": "good"})
    await answer(people, people.other.key, 9, {"satisfaction": "bad"})
    few = await read(people.rachel, QUERY)
    assert "1 autre démarche : aucune n’a encore assez d’avis" in few
    assert section(few, "comparaison") == [], "nine people are too few to tell"
    await answer(people, people.other.key, 31, {"satisfaction": "bad"})
    row = section(await read(people.rachel, QUERY), "comparaison")[1]
    assert row[:6] == ["Satisfaction", "0,0", "40", "10,0", "40", "+10,0"]
    assert row[7:] == ["Au-dessus", "1re sur 2au-dessus de 1"]
    for _ in range(9):
        await send(people.nobody.client, people.other.key)
        assert section(await read(people.rachel, QUERY), "comparaison")[1][1:3] == ["0,0", "40"]
    await send(people.nobody.client, people.other.key)
    assert section(await read(people.rachel, QUERY), "comparaison")[1][2] == "50"


@pytest.mark.parametrize("hidden", ["draft", "archived"])
async def test_what_the_public_does_not_see_is_not_in_it(
    people: People, storage: Storage, clock: MovableClock, hidden: ProcedureState
) -> None:
    secret = await found(storage, clock, "secret")
    elsewhere, _ = await storage.catalogue.add_procedure(
        title="Ailleurs", slug="ailleurs", organisation="Port", ministry="Mer", audiences=[], origins=[], now=clock()
    )
    for place in (people.passeport, people.other, secret):
        await answer(people, place.key, 30, {"satisfaction": "medium"})
    await answer(people, (await storage.catalogue.placements(elsewhere))[0].key, 30, {"satisfaction": "good"})
    assert section(await read(people.rachel, QUERY), "comparaison")[1][2] == "60"
    await storage.catalogue.set_state(secret.procedure.slug, hidden)
    text = await read(people.rachel, QUERY)
    assert section(text, "comparaison")[1][2] == "30"
    assert "1 sur 1 autre démarche" in text


async def test_the_comparison_is_of_the_year_whatever_the_page_shows(people: People, clock: MovableClock) -> None:
    clock.move(days=-100)
    for place in (people.passeport, people.other):
        await answer(people, place.key, 35, {"satisfaction": "medium"})
    clock.move(days=100)
    await answer(people, people.passeport.key, 1, {"satisfaction": "good"}, lang="en")
    text = await read(people.rachel, f"{QUERY}&period=30d&lang=en")
    assert "1 avis du" in text
    assert section(text, "comparaison")[1][2:5] == ["35", "5,1", "36"]
    assert "Toujours sur les douze derniers mois et sans filtre" in text
    assert "Trop peu de réponses pour comparer" in text, "nobody answered the other questions"


async def test_alone_in_its_ministry_a_procedure_is_compared_with_nobody(people: People, storage: Storage) -> None:
    await answer(people, people.passeport.key, 1, {"satisfaction": "good"})
    await storage.catalogue.set_state(people.other.procedure.slug, "archived")
    text = await read(people.rachel, QUERY)
    assert "Aucune autre démarche ouverte ou fermée" in text
    assert "indicateurs.csv?compare=ministry&table=indicateurs" not in text


async def test_the_file_has_the_place_too(people: People) -> None:
    await answer(people, people.passeport.key, 40, {"satisfaction": "bad"})
    await answer(people, people.other.key, 40, {"satisfaction": "good"})
    lines = await lines_of(people.rachel, f"{QUERY}&table=indicateurs")
    assert lines[0][1] == "Cette démarche, douze mois"
    assert lines[0][-4:] == ["Rang", "Sur", "Au-dessus de", "En dessous de"]
    assert lines[1][-5:] == ["En dessous", "2", "2", "0", "1"]
    assert lines[2][-4:] == ["", "", "", ""]
