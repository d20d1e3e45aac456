"""What sorting got wrong, put right by hand: and sorting leaves it so."""

import re

import msgspec
import pytest

from collector.schema import Review
from collector.storage import Storage
from collector.storage.journal import Search
from collector.storage.problems import Problem, Wanted
from collector.suspicion import withhold
from tests.conftest import MovableClock, send
from tests.service.admin.conftest import People
from tests.service.admin.test_problems_page import BASE, BLANK, LIST

FIELD = re.compile(r'name="(seq|to)" value="(\d+)"')


async def report(people: People, text: str, page: str = "/paiement", browser: str = "chrome") -> None:
    said = {"kind": "technical", "verbatim": text, "browser": browser}
    await send(people.nobody.client, people.passeport.malfunction.key, said, page=page)


@pytest.fixture
async def reported(people: People, storage: Storage, clock: MovableClock) -> People:
    for text in (BLANK, "page blanche au paiement", LIST):
        await report(people, text)
        clock.move(minutes=1)
    return people


async def told(storage: Storage, people: People) -> dict[str | None, Problem]:
    while await storage.problems.sort():
        pass
    return {one.verbatim: one for one in await storage.problems.find(people.passeport.procedure, Wanted())}


async def seqs(storage: Storage, problem: Problem) -> dict[str | None, int]:
    return {one.review.verbatim: one.seq for one in await storage.problems.reports(problem)}


def set_aside(review: Review) -> Review:
    return withhold(msgspec.structs.replace(review, suspicion="text"), aside="suspect")


async def acts(storage: Storage) -> list[tuple[str, str]]:
    lines = await storage.journal.before(Search())
    return [(line.actor, line.act) for line in lines if line.act.startswith("problem.")][::-1]


async def test_a_report_becomes_a_problem_of_its_own_and_is_put_back_with_one_button(
    reported: People, storage: Storage
) -> None:
    blank = (await told(storage, reported))[BLANK]
    second = (await seqs(storage, blank))["page blanche au paiement"]
    done = await reported.bruno.post(f"{BASE}/{blank.id}/deplacer", {"seq": str(second), "to": "nouveau"})
    assert done.status_code == 303
    shown = await reported.bruno.get(done.headers["location"])
    assert "Annuler ce déplacement" in shown.text
    after = await told(storage, reported)
    assert {text: one.reports for text, one in after.items()} == {BLANK: 1, "page blanche au paiement": 1, LIST: 1}
    action = re.search(r'action="([^"]+/deplacer)" class="row narrowing"', shown.text)
    assert action
    fields = dict(FIELD.findall(shown.text[action.end() :][:400]))
    assert "Annuler ce déplacement" not in (await reported.rachel.get(done.headers["location"])).text
    await reported.bruno.post(action[1], {**fields, "undo": "1"})
    assert {text: one.reports for text, one in (await told(storage, reported)).items()} == {BLANK: 2, LIST: 1}
    assert await acts(storage) == [("bruno@exemple.fr", "problem.move")] * 2


async def test_a_problem_whose_first_report_leaves_is_told_by_the_next_and_one_that_lost_all_is_gone(
    reported: People, storage: Storage
) -> None:
    before = await told(storage, reported)
    blank, other = before[BLANK], before[LIST]
    first = (await seqs(storage, blank))[BLANK]
    await reported.bruno.post(f"{BASE}/{blank.id}/deplacer", {"seq": str(first), "to": str(other.id)})
    after = await told(storage, reported)
    assert (after["page blanche au paiement"].id, after["page blanche au paiement"].reports) == (blank.id, 1)
    # It keeps its name, and is older now.
    assert (after[LIST].id, after[LIST].reports, after[LIST].first_minute) == (other.id, 2, blank.first_minute)
    last = (await seqs(storage, after["page blanche au paiement"]))["page blanche au paiement"]
    gone = await reported.bruno.post(f"{BASE}/{blank.id}/deplacer", {"seq": str(last), "to": str(other.id)})
    assert gone.headers["location"].startswith(f"{BASE}/{other.id}?")
    assert "Annuler ce déplacement" in (await reported.bruno.get(gone.headers["location"])).text
    assert (await reported.bruno.get(f"{BASE}/{blank.id}")).status_code == 404
    assert [one.reports for one in (await told(storage, reported)).values()] == [3]
    back = await reported.bruno.post(
        f"{BASE}/{other.id}/deplacer", {"seq": str(last), "to": str(blank.id), "undo": "1"}
    )
    assert back.headers["location"] == f"{BASE}/{blank.id}?fait=reports-moved-back"
    assert (await reported.bruno.get(f"{BASE}/{blank.id}")).status_code == 200


async def test_a_report_that_was_set_aside_comes_back_where_somebody_had_put_it(
    reported: People, storage: Storage
) -> None:
    before = await told(storage, reported)
    blank, other, procedure = before[BLANK], before[LIST], reported.passeport.procedure
    second = (await seqs(storage, blank))["page blanche au paiement"]
    await reported.bruno.post(f"{BASE}/{blank.id}/deplacer", {"seq": str(second), "to": str(other.id)})
    await storage.amendments.amend([(procedure.id, second)], set_aside)
    assert (await told(storage, reported))[LIST].reports == 1
    assert await storage.suspects.judge(procedure, second, "release", by="bruno@exemple.fr")
    assert (await told(storage, reported))[LIST].reports == 2


async def test_two_problems_become_one_that_alike_reports_join_and_come_apart_again(
    reported: People, storage: Storage, clock: MovableClock
) -> None:
    before = await told(storage, reported)
    blank, other = before[BLANK], before[LIST]
    done = await reported.bruno.post(f"{BASE}/{other.id}/reunir", {"into": str(blank.id)})
    assert done.headers["location"] == f"{BASE}/{blank.id}?fait=problems-merged"
    await report(reported, "Encore la liste des communes qui ne s'affiche pas")
    whole = await told(storage, reported)
    assert {text: one.reports for text, one in whole.items()} == {BLANK: 4}, "what is alike to a part comes here"
    assert whole[BLANK].last_minute > blank.last_minute
    shown = (await reported.bruno.get(f"{BASE}/{blank.id}")).text
    assert "Réunis à ce problème" in shown
    assert (await reported.bruno.get(f"{BASE}/{other.id}")).status_code == 404
    assert (await reported.bruno.get(BASE)).text.count("<article") == 1
    assert f"{BASE}/{other.id}/separer" not in (await reported.rachel.get(f"{BASE}/{blank.id}")).text
    await reported.bruno.post(f"{BASE}/{other.id}/separer")
    after = await told(storage, reported)
    assert {text: one.reports for text, one in after.items()} == {BLANK: 2, LIST: 2}
    assert (after[BLANK].first_minute, after[BLANK].last_minute) == (blank.first_minute, blank.last_minute)
    assert [act for _, act in await acts(storage)] == ["problem.merge", "problem.separate"]


async def test_what_cannot_be_regrouped_says_why_and_changes_nothing(reported: People, storage: Storage) -> None:
    await report(reported, "Le courriel de confirmation n'arrive jamais")
    before = await told(storage, reported)
    blank, other, mail = (before[text] for text in (BLANK, LIST, "Le courriel de confirmation n'arrive jamais"))
    await reported.bruno.post(f"{BASE}/{other.id}/reunir", {"into": str(blank.id)})
    seq = next(iter((await seqs(storage, blank)).values()))
    for path, form, why in (
        (f"{blank.id}/reunir", {"into": str(mail.id)}, "réunit déjà"),
        (f"{mail.id}/reunir", {"into": str(other.id)}, "entre-temps"),
        (f"{mail.id}/reunir", {"into": str(mail.id)}, "entre-temps"),
        (f"{mail.id}/reunir", {"into": "999999"}, "n&#39;existe plus"),
        (f"{mail.id}/separer", {}, "déjà séparé"),
        (f"{blank.id}/deplacer", {}, "Cochez d&#39;abord"),
        (f"{mail.id}/deplacer", {"seq": str(seq), "to": "nouveau"}, "ne sont plus dans ce problème"),
        (f"{blank.id}/deplacer", {"seq": str(seq), "to": str(other.id)}, "réuni à un autre"),
        (f"{blank.id}/deplacer", {"seq": str(seq), "to": "999999"}, "n&#39;existe plus"),
    ):
        answer = await reported.bruno.post(f"{BASE}/{path}", form)
        assert (answer.status_code, why in answer.text) == (409, True), path
    assert (await reported.bruno.post(f"{BASE}/{blank.id}/deplacer", {"seq": "x", "to": "nouveau"})).status_code == 400
    assert {text: one.reports for text, one in (await told(storage, reported)).items()} == {
        BLANK: 3,
        mail.verbatim: 1,
    }


async def test_a_problem_of_another_procedure_is_out_of_reach(reported: People, storage: Storage) -> None:
    blank = (await told(storage, reported))[BLANK]
    seq = next(iter((await seqs(storage, blank)).values()))
    theirs = BASE.replace("passeport", "permis")
    form = {"seq": str(seq), "to": "nouveau", "into": str(blank.id)}
    for act in ("deplacer", "reunir", "separer"):
        assert (await reported.samir.post(f"{theirs}/{blank.id}/{act}", form)).status_code == 404
    assert (await told(storage, reported))[BLANK].reports == 2


async def test_the_queue_is_filtered_by_page_and_browser_and_a_problem_says_where_its_reports_come_from(
    reported: People, storage: Storage
) -> None:
    await report(reported, BLANK, browser="firefox")
    await report(reported, "Le courriel de confirmation n'arrive jamais", page="/suivi", browser="firefox")
    blank = (await told(storage, reported))[BLANK]
    for query, shown in (("page=/suivi", 1), ("page=/paiement", 2), ("navigateur=firefox", 1), ("page=/rien", 0)):
        text = (await reported.rachel.get(f"{BASE}?{query}")).text
        assert text.count("<article") == shown, query
    text = (await reported.rachel.get(f"{BASE}/{blank.id}")).text
    assert "D’où viennent les signalements" in text
    rows = re.findall(r'<code>/paiement</code></th><td>(\w+)</td><td class="num">(\d)', text)
    assert rows == [("Chrome", "2"), ("Firefox", "1")]
