"""What an owner improved: noted, marked on the figures, compared before and after, taken out and put back."""

import re
from datetime import timedelta

import pytest

from collector.storage import Storage
from collector.storage.journal import Search
from tests.conftest import NOON, MovableClock, broken
from tests.history import given
from tests.service.admin.conftest import People

BASE = "/admin/demarches/passeport/ameliorations"
SHORTER = {"words": "Formulaire raccourci", "day": "2026-02-10"}
GOOD, BAD = {"satisfaction": "good"}, {"satisfaction": "bad"}


async def rated(storage: Storage, people: People, clock: MovableClock, days: int, good: int, bad: int) -> None:
    """So many people, so many days ago."""
    place, moment = people.passeport, clock() - timedelta(days=days)
    await given(storage, place.procedure, place.placement, moment, GOOD, times=good)
    await given(storage, place.procedure, place.placement, moment, BAD, times=bad)


async def test_an_improvement_is_noted_and_marked_on_the_figures(people: People, storage: Storage) -> None:
    assert "Aucune amélioration notée" in (await people.rachel.get(BASE)).text
    answer = await people.bruno.post(BASE, SHORTER)
    assert answer.headers["location"] == f"{BASE}?fait=improvement-added"
    text = (await people.rachel.get(BASE)).text
    assert "Formulaire raccourci" in text
    assert "10 février 2026" in text
    assert '<form method="post" action="/admin/demarches' not in text, "a reader looks and does not act"
    await given(
        storage, people.passeport.procedure, people.passeport.placement, NOON - timedelta(days=9), GOOD, times=2
    )
    figures = (await people.rachel.get("/admin/demarches/passeport")).text
    assert 'data-note="Formulaire raccourci"' in figures
    assert "10/02/2026 : Formulaire raccourci" in figures
    elsewhere = (await people.rachel.get("/admin/demarches/passeport?period=30d")).text
    assert "Formulaire raccourci" not in elsewhere, "it is older than this period"
    assert (await storage.journal.before(Search(act="improvement.add")))[0].actor == "bruno@exemple.fr"


async def test_before_and_after_are_compared_over_as_many_days(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    """30 days after, so 30 before: what was said earlier, or on the day itself, is not in."""
    await rated(storage, people, clock, 70, 0, 200)
    await rated(storage, people, clock, 60, 40, 60)
    await rated(storage, people, clock, 30, 0, 500)
    await rated(storage, people, clock, 3, 90, 10)
    await people.bruno.post(BASE, SHORTER)
    text = (await people.bruno.get(BASE)).text
    assert "Satisfaction : 4,0 les 30 jours d’avant (100 avis), 9,0 les 30 jours d’après (100 avis)." in text
    assert "C’est un changement : 5,0 de plus." in text


async def test_chance_is_not_called_an_effect_and_a_few_are_not_compared(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    await rated(storage, people, clock, 60, 70, 30)
    await rated(storage, people, clock, 3, 10, 4)
    await people.bruno.post(BASE, SHORTER)
    assert "Pas encore assez d’avis pour comparer" in (await people.bruno.get(BASE)).text
    await rated(storage, people, clock, 3, 64, 22)
    text = (await people.bruno.get(BASE)).text
    assert "Ce n’est pas un changement établi" in text
    assert "C’est un changement" not in text


async def test_what_is_of_today_waits_for_days_after(people: People) -> None:
    await people.bruno.post(BASE, {**SHORTER, "day": "2026-03-12"})
    assert "Pas encore assez d’avis pour comparer" in (await people.bruno.get(BASE)).text


async def test_an_improvement_is_published_withheld_removed_and_put_back(people: People, storage: Storage) -> None:
    await people.bruno.post(BASE, SHORTER)
    (one,) = await storage.improvements.of(people.passeport.procedure)
    assert not one.published
    answer = await people.bruno.post(f"{BASE}/{one.id}", {"move": "publish"})
    assert answer.headers["location"] == f"{BASE}?fait=improvement-publish#a{one.id}"
    assert (await storage.improvements.of(people.passeport.procedure))[0].published
    assert "À publier" in (await people.rachel.get(BASE)).text
    await people.bruno.post(f"{BASE}/{one.id}", {"move": "withhold"})
    assert not (await storage.improvements.of(people.passeport.procedure))[0].published
    answer = await people.bruno.post(f"{BASE}/{one.id}", {"move": "remove"})
    assert await storage.improvements.of(people.passeport.procedure) == []
    text = (await people.bruno.get(answer.headers["location"])).text
    back = re.search(r'action="([^"]+)"[^>]*><button[^>]+value="restore"', text)
    assert back
    await people.bruno.post(back[1], {"move": "restore"})
    assert [each.words for each in await storage.improvements.of(people.passeport.procedure)] == [SHORTER["words"]]
    acts = [line.act for line in await storage.journal.before(Search(actor="bruno@exemple.fr"))]
    assert [act for act in acts if act.startswith("improvement")] == [
        "improvement.restore", "improvement.remove", "improvement.withhold", "improvement.publish", "improvement.add",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"words": ""}, "words"),
        ({"words": "x" * 251}, "words"),
        ({"day": "hier"}, "day"),
        ({"day": "2026-03-13"}, "day"),
    ],
)
async def test_what_cannot_be_noted_says_why_and_keeps_what_was_typed(
    people: People, storage: Storage, wrong: dict[str, str], field: str
) -> None:
    answer = await people.bruno.post(BASE, {**SHORTER, **wrong})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'value="{({**SHORTER, **wrong})[field]}"' in answer.text
    assert await storage.improvements.of(people.passeport.procedure) == []


async def test_an_improvement_of_another_procedure_is_not_moved_through_mine(people: People, storage: Storage) -> None:
    await people.bruno.post(BASE, SHORTER)
    (one,) = await storage.improvements.of(people.passeport.procedure)
    foreign = f"/admin/demarches/permis/ameliorations/{one.id}"
    for move in ("publish", "remove", "restore", "withhold"):
        assert (await people.samir.post(foreign, {"move": move})).status_code == 404
    assert (await people.bruno.post(f"{BASE}/{one.id}", {"move": "eat"})).status_code == 400
    assert (await people.bruno.post(f"{BASE}/{one.id}", {"move": "withhold"})).status_code == 404
    assert await storage.improvements.of(people.passeport.procedure) == [one]


async def test_what_cannot_be_written_says_so(people: People, storage: Storage) -> None:
    async with broken(storage, "improvement"):
        assert (await people.bruno.post(BASE, SHORTER)).status_code == 503
