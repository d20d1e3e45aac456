"""What citizens reported broken, as owners deal with it: seen, taken on, taken back, never over a colleague's head."""

import re
from datetime import timedelta

import pytest

from collector.storage import Storage
from collector.storage.problems import Problem, Wanted
from tests.conftest import MovableClock, broken, found, send
from tests.history import given
from tests.service.admin.conftest import People

BASE = "/admin/demarches/passeport/signalements"
BLANK, LIST = "Page blanche après le paiement", "La liste des communes ne s'affiche pas"


@pytest.fixture
async def reported(people: People, storage: Storage, clock: MovableClock) -> People:
    """Three days ago, two people met a blank page and one an empty list."""
    clock.move(days=-3)
    for text in (BLANK, "page blanche au paiement", LIST):
        said = {"kind": "technical", "verbatim": text, "browser": "chrome"}
        await send(people.nobody.client, people.passeport.malfunction.key, said, page="/paiement")
        clock.move(minutes=1)
    await storage.problems.sort()
    return people


async def problem(storage: Storage, people: People, text: str) -> Problem:
    await storage.problems.sort()
    found = await storage.problems.find(people.passeport.procedure, Wanted())
    found += await storage.problems.find(people.passeport.procedure, Wanted(status="fixed"))
    return next(one for one in found if one.verbatim == text)


async def test_the_queue_shows_what_is_to_do_with_how_many_said_so(reported: People) -> None:
    text = (await reported.rachel.get(BASE)).text
    assert text.index("La liste des communes") < text.index("Page blanche"), "the latest first"
    assert "2 signalements" in text
    assert "<code>/paiement</code>" in text
    assert 'À traiter <span class="num">(2)' in text
    assert '<form method="post" action="/admin/demarches' not in text, "a reader looks and does not act"


async def test_a_manager_takes_a_problem_on_and_stays_where_it_is(reported: People, storage: Storage) -> None:
    one = await problem(storage, reported, BLANK)
    form = {
        "status": "in_progress",
        "assignee": "bruno@exemple.fr",
        "version": "1",
        "from": "list",
        "nature": "technical",
    }
    answer = await reported.bruno.post(f"{BASE}/{one.id}", form)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{BASE}?change={one.id}&nature=technical&fait=problem-changed#p{one.id}"
    text = (await reported.bruno.get(answer.headers["location"].partition("#")[0])).text
    assert "en cours, suivi par Bruno" in text
    assert "Annuler ce changement" in text
    assert "Annuler ce changement" not in (await reported.olga.get(f"{BASE}?change={one.id}&fait=problem-changed")).text
    assert BLANK in (await reported.bruno.get(f"{BASE}?suivi=moi")).text
    assert BLANK not in (await reported.olga.get(f"{BASE}?suivi=moi")).text


async def test_a_change_is_taken_back_with_one_button(reported: People, storage: Storage) -> None:
    one = await problem(storage, reported, BLANK)
    form = {"status": "fixed", "assignee": "", "version": "1", "from": "list"}
    answer = await reported.bruno.post(f"{BASE}/{one.id}", form)
    text = (await reported.bruno.get(answer.headers["location"].partition("#")[0])).text
    # It has left the list, and is still there to take back.
    assert f'id="name-{one.id}"' not in text
    undo = re.search(r'name="version" value="(\d+)">\s*<input[^>]+name="status" value="(\w+)"', text)
    assert undo
    back = {"version": undo[1], "status": undo[2], "assignee": "", "undo": "1", "from": "list"}
    answer = await reported.bruno.post(f"{BASE}/{one.id}", back)
    assert "fait=problem-undone" in answer.headers["location"]
    after = await problem(storage, reported, BLANK)
    assert (after.status, after.fixed_minute, after.version) == ("new", None, 3)


async def test_two_colleagues_at_once_the_second_is_told_what_the_first_did_and_keeps_the_choice(
    reported: People, storage: Storage
) -> None:
    one = await problem(storage, reported, BLANK)
    await reported.bruno.post(f"{BASE}/{one.id}", {"status": "fixed", "assignee": "bruno@exemple.fr", "version": "1"})
    answer = await reported.olga.post(f"{BASE}/{one.id}", {"status": "wont_fix", "assignee": "", "version": "1"})
    assert answer.status_code == 409
    assert "Bruno a changé ce problème entre-temps" in answer.text
    assert "Il est maintenant « Corrigé », suivi par Bruno. Votre choix (« Sans suite »)" in answer.text
    assert '<option value="wont_fix" selected>' in answer.text
    assert (await problem(storage, reported, BLANK)).status == "fixed"
    again = await reported.olga.post(f"{BASE}/{one.id}", {"status": "wont_fix", "assignee": "", "version": "2"})
    assert again.status_code == 303


async def test_one_problem_shows_all_that_was_said_of_it(reported: People, storage: Storage) -> None:
    one = await problem(storage, reported, BLANK)
    text = (await reported.rachel.get(f"{BASE}/{one.id}")).text
    assert "2 signalements, les plus récents d’abord" in text
    assert text.index("page blanche au paiement") > text.index("les plus récents")
    assert LIST not in text
    assert (await reported.rachel.get(f"{BASE}/999")).status_code == 404


async def test_reports_of_one_problem_are_read_page_by_page_and_each_once(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    place = people.passeport
    said = {"kind": "technical", "verbatim": BLANK}
    await given(storage, place.procedure, place.malfunction, clock(), said, times=70)
    while await storage.problems.sort():
        pass
    path, shown = f"{BASE}/{(await problem(storage, people, BLANK)).id}", 0
    for _ in range(4):
        text = (await people.bruno.get(path)).text
        shown += text.count("<blockquote")
        onward = re.search(r'href="([^"]+)">Signalements plus anciens', text)
        if not onward:
            break
        path = onward[1]
    assert shown == 70


@pytest.mark.parametrize(
    ("query", "seen"),
    [("", 2), ("?nature=technical", 2), ("?nature=suggestion", 0), ("?etat=new", 2), ("?etat=fixed", 0),
     ("?etat=rien", 2), ("?before=1.1", 0), ("?before=x.y", 2)],
)  # fmt: skip
async def test_problems_are_filtered(reported: People, query: str, seen: int) -> None:
    answer = await reported.rachel.get(f"{BASE}{query}")
    assert answer.status_code == 200
    assert answer.text.count('class="review problem"') == seen


async def test_empty_states_say_what_to_do(people: People, storage: Storage, clock: MovableClock) -> None:
    clock.move(days=-2)
    assert "Il lui faut son propre emplacement" in (await people.bruno.get(BASE)).text
    await send(people.nobody.client, people.passeport.malfunction.key, {"kind": "technical", "verbatim": BLANK})
    one = await problem(storage, people, BLANK)
    clock.move(days=2)
    await people.bruno.post(f"{BASE}/{one.id}", {"status": "fixed", "assignee": "", "version": "1"})
    text = (await people.bruno.get(BASE)).text
    assert "Tout est traité" in text
    assert "Un problème corrigé en un an, en 2 jours." in text
    assert "corrigé en 2 jours" in (await people.bruno.get(f"{BASE}?etat=fixed")).text


@pytest.mark.parametrize(
    "wrong", [{"status": "eaten"}, {"version": ""}, {"version": "x"}, {"version": "9" * 20}, {"assignee": "eve@x.fr"}]
)
async def test_a_form_that_says_something_else_is_refused(
    reported: People, storage: Storage, wrong: dict[str, str]
) -> None:
    one = await problem(storage, reported, BLANK)
    form = {"status": "fixed", "version": "1", "assignee": "", **wrong}
    assert (await reported.bruno.post(f"{BASE}/{one.id}", form)).status_code == 400
    assert (await problem(storage, reported, BLANK)).status == "new"


async def test_a_change_that_cannot_be_written_says_so_and_is_not_made(reported: People, storage: Storage) -> None:
    one = await problem(storage, reported, BLANK)
    async with broken(storage, "journal"):
        answer = await reported.bruno.post(f"{BASE}/{one.id}", {"status": "fixed", "assignee": "", "version": "1"})
        assert answer.status_code == 503
    assert (await problem(storage, reported, BLANK)).status == "new"


async def test_home_reminds_of_what_nobody_has_looked_at(
    reported: People, storage: Storage, clock: MovableClock
) -> None:
    assert "que personne n’a regardé" not in (await reported.bruno.get("/admin")).text, "it is of today"
    clock.move(days=3)
    text = (await reported.bruno.get("/admin")).text
    assert "2 problèmes signalés, que personne n’a regardés" in text
    assert "le plus ancien attend depuis 3 jours" in text
    assert "que personne n’a regardé" not in (await reported.samir.get("/admin")).text
    for said in (BLANK, LIST):
        one = await problem(storage, reported, said)
        await reported.bruno.post(f"{BASE}/{one.id}", {"status": "confirmed", "assignee": "", "version": "1"})
    assert "que personne n’a regardé" not in (await reported.bruno.get("/admin")).text


async def test_a_spike_is_told_at_once_on_home_and_above_the_queue(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    clock.move(days=-100)
    place = await found(storage, clock, "ancienne")
    clock.move(days=100)
    said = {"kind": "technical", "verbatim": BLANK}
    await given(storage, place.procedure, place.malfunction, clock() - timedelta(days=30), said, times=2)
    await given(storage, place.procedure, place.malfunction, clock(), said, times=4)
    while await storage.problems.sort():
        pass
    pages = ("/admin", "/admin/demarches/ancienne/signalements")
    for path in pages:
        assert "depuis hier" not in (await people.claude.get(path)).text
    await given(storage, place.procedure, place.malfunction, clock(), said, times=2)
    for path in pages:
        assert "6 problèmes techniques signalés depuis hier" in (await people.claude.get(path)).text
    assert "depuis hier" not in (await people.samir.get("/admin")).text
