"""What administrators tell accounts on each page: whom it concerns, until when, and who has read it."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from collector.storage import Storage
from collector.storage.announcements import Importance, Wanted
from collector.storage.journal import Search
from tests.conftest import MovableClock, broken
from tests.service.admin.conftest import NAMES, People

PATH = "/admin/annonces"
TODAY = date(2026, 3, 12)
WANTED = {
    "title": "Interruption lundi",
    "words": "Le service s'arrête une heure : https://exemple.fr/travaux.",
    "importance": "warning",
    "organisation": "",
    "first": "2026-03-12",
    "last": "2026-03-14",
}


def told(text: str) -> list[str]:
    """The titles at the top of a page."""
    return re.findall(r'<div class="notice (?:bad|info)" role="status">\s*<div><p><strong>(.*?)</strong>', text)


async def seen(people: People) -> set[str]:
    return {name for name in NAMES if told((await people.each()[name].get("/admin")).text)}


async def announce(
    storage: Storage,
    clock: MovableClock,
    title: str = "Annonce",
    *,
    importance: Importance = "information",
    organisation: int | None = None,
    days: int = 1,
) -> int:
    wanted = Wanted(
        title=title,
        words="Texte",
        importance=importance,
        organisation_id=organisation,
        first=TODAY,
        last=TODAY + timedelta(days=days),
    )
    return await storage.announcements.add(wanted, now=clock(), by="claude@exemple.fr")


async def test_an_announcement_to_all_stands_on_every_page_with_its_importance_in_words(people: People) -> None:
    answer = await people.claude.post(PATH, WANTED)
    assert answer.headers["location"] == f"{PATH}?fait=announcement-added"
    assert await seen(people) == set(NAMES) - {"nobody"}
    for path in ("/admin/compte", "/admin/demarches/passeport/avis", "/admin/rien"):
        text = (await people.rachel.get(path)).text
        assert told(text) == ["Attention : Interruption lundi"]
        assert '<a href="https://exemple.fr/travaux" rel="noopener">' in text
    people.rachel.language = "en"
    assert told((await people.rachel.get("/admin")).text) == ["Warning: Interruption lundi"]


async def test_one_to_an_organisation_is_for_whoever_has_a_right_there(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    await announce(storage, clock, organisation=people.passeport.procedure.organisation_id)
    assert await seen(people) == {"bruno", "rachel", "olga", "remi"}


async def test_it_is_shown_from_its_first_day_to_its_last(people: People, storage: Storage) -> None:
    await people.claude.post(PATH, WANTED | {"first": "2026-03-13"})
    rachel = await storage.accounts.find("rachel@exemple.fr")
    assert rachel
    days = [f"2026-03-{day}" for day in range(12, 16)]
    assert [bool(await storage.announcements.to(rachel[0], [], day)) for day in days] == [False, True, True, False]
    assert await seen(people) == set()


async def test_whoever_has_read_it_hides_it_for_themselves_until_it_is_changed(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    number = await announce(storage, clock)
    answer = await people.rachel.post(f"{PATH}/{number}/masquer", {"retour": "/admin/compte"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/compte")
    assert (await people.rachel.post(f"{PATH}/{number}/masquer", {"retour": "https://ailleurs.fr"})).headers[
        "location"
    ] == "/admin"
    assert "rachel" not in await seen(people)
    assert "bruno" in await seen(people)
    changed = await people.claude.post(f"{PATH}/{number}", WANTED)
    assert changed.headers["location"] == f"{PATH}?fait=announcement-changed"
    assert told((await people.rachel.get("/admin")).text) == ["Attention : Interruption lundi"]


async def test_what_is_not_shown_to_somebody_cannot_be_hidden_by_them(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    number = await announce(storage, clock, organisation=people.passeport.procedure.organisation_id)
    assert (await people.samir.post(f"{PATH}/{number}/masquer")).status_code == 303
    async with storage.engine.read() as connection:
        cursor = await connection.execute("SELECT COUNT(*) AS n FROM announcement_dismissed")
        assert (await cursor.fetchone())["n"] == 0


async def test_one_is_ended_at_once_and_that_is_taken_back(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    number = await announce(storage, clock)
    ended = await people.claude.post(f"{PATH}/{number}/etat", {"move": "end"})
    assert await seen(people) == set()
    page = (await people.claude.get(ended.headers["location"])).text
    assert "L&#39;annonce est terminée" in page
    undo = re.search(
        r'action="([^"]+)" class="row notice info"><button class="second" name="move" value="resume">', page
    )
    assert undo
    assert (await people.claude.post(f"{PATH}/{number}/etat", {"move": "end"})).status_code == 404
    await people.claude.post(undo[1], {"move": "resume"})
    assert len(await seen(people)) == len(NAMES) - 1


async def test_warnings_come_first_and_the_list_says_how_each_stands(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    await announce(storage, clock, "Nouveauté")
    await announce(storage, clock, "Travaux", importance="warning")
    await announce(storage, clock, "Passée", days=-1)
    text = (await people.claude.get(PATH)).text
    assert told(text) == ["Attention : Travaux", "Information : Nouveauté"]
    assert re.findall(r"<strong>(Affichée|Passée|Terminée|À venir)</strong>", text) == [
        "Passée",
        "Affichée",
        "Affichée",
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "Ce champ est à remplir."),
        ({"title": "x" * 81}, "80 caractères au plus"),
        ({"words": "x" * 501}, "500 caractères au plus"),
        ({"importance": "panique"}, "Choisissez une des propositions."),
        ({"organisation": "999"}, "Choisissez une des propositions."),
        ({"last": "2026-03-11", "first": "2026-03-10"}, "Ce jour est passé"),
        ({"first": "2026-03-15"}, "La fin vient avant le début."),
        ({"first": ""}, "Choisissez une date."),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(
    people: People, storage: Storage, wrong: dict[str, Any], said: str
) -> None:
    answer = await people.claude.post(PATH, WANTED | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert ("Le service s&#39;arrête une heure" in answer.text) is ("words" not in wrong)
    assert await storage.announcements.all() == []


async def test_the_journal_says_who_and_when_and_not_the_words(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    await people.claude.post(PATH, WANTED)
    (made,) = await storage.announcements.all()
    await people.claude.post(f"{PATH}/{made.id}", WANTED | {"title": "Autre"})
    await people.claude.post(f"{PATH}/{made.id}/etat", {"move": "end"})
    await people.claude.post(f"{PATH}/{made.id}/etat", {"move": "resume"})
    lines = await storage.journal.before(Search(subject=str(made.id)), number=10)
    assert [line.act for line in lines][::-1][-4:] == [
        "announcement.add",
        "announcement.change",
        "announcement.end",
        "announcement.resume",
    ]
    assert not any("Autre" in str(line.details) for line in lines)
    text = (await people.claude.get(f"{PATH}/{made.id}")).text
    assert 'value="Autre"' in text


async def test_it_follows_an_organisation_that_becomes_one_with_another(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    old, new = people.other.procedure.organisation_id, people.passeport.procedure.organisation_id
    await announce(storage, clock, organisation=old)
    await storage.organisations.merge(old, new, by="claude@exemple.fr")
    assert await seen(people) == {"bruno", "rachel", "olga", "remi", "oscar", "samir", "sonia"}


async def test_while_it_cannot_be_read_the_page_says_so(people: People, storage: Storage) -> None:
    async with broken(storage, "announcement_dismissed"):
        assert (await people.claude.get(PATH)).status_code == 503
