"""Reports become problems: alike ones one, whoever sorts; what leaves the reviews leaves the problems."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import pytest
from httpx import AsyncClient

from collector.privacy.by_hand import seen_in
from collector.schema import Review
from collector.second_look import mask
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.problems import ChangedMeanwhile, Problem, Wanted
from collector.storage.reviews import Filter
from collector.suspicion import withhold
from tests.conftest import MovableClock, Passeport, found, opened, send
from tests.history import given

BLANK = "Page blanche après le paiement"
BUTTON = "Le bouton envoyer ne répond pas"
BRUNO = "bruno@exemple.fr"


async def report(client: AsyncClient, place: Passeport, text: str, **answers: Any) -> None:
    said = {"kind": "technical", "verbatim": text, "browser": "firefox", **answers}
    assert (await send(client, place.malfunction.key, said, page="/paiement")).status_code == 201


async def problems(storage: Storage, place: Passeport) -> list[Problem]:
    while await storage.problems.sort():
        pass
    return await storage.problems.find(place.procedure, Wanted())


async def only(storage: Storage, place: Passeport) -> Problem:
    (problem,) = await problems(storage, place)
    return problem


async def test_alike_reports_are_one_problem_and_others_another(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    for text in (BLANK, "Après avoir payé : page blanche", BUTTON, "page BLANCHE au paiement"):
        await report(client, passeport, text)
        clock.move(minutes=1)
    button, blank = sorted(await problems(storage, passeport), key=lambda one: one.reports)
    assert (blank.verbatim, blank.reports, blank.status) == (BLANK, 3, "new")
    assert (button.verbatim, button.reports) == (BUTTON, 1)
    assert blank.last_minute - blank.first_minute == 3
    assert (blank.page, blank.browser, blank.kind) == ("/paiement", "firefox", "technical")
    texts = [one.review.verbatim for one in await storage.problems.reports(blank)]
    assert texts == ["page BLANCHE au paiement", "Après avoir payé : page blanche", BLANK]


async def test_neither_opinions_nor_other_kinds_nor_other_procedures_mix(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    other = await found(storage, clock, "permis")
    await send(client, passeport.key, {"satisfaction": "bad", "verbatim": BLANK})
    await report(client, passeport, BLANK)
    await report(client, passeport, BLANK, kind="suggestion")
    await report(client, other, BLANK)
    assert [one.kind for one in await problems(storage, passeport)] == ["suggestion", "technical"]
    assert [one.reports for one in await problems(storage, other)] == [1]


async def test_several_workers_sort_each_report_once(
    client: AsyncClient, storage: Storage, passeport: Passeport, settings: Settings, clock: MovableClock
) -> None:
    await given(
        storage, passeport.procedure, passeport.malfunction, clock(),
        {"kind": "technical", "verbatim": BLANK}, times=120,
    )  # fmt: skip
    async with opened(settings, clock) as second:
        for _ in range(4):
            await asyncio.gather(storage.problems.sort(), second.problems.sort())
    assert (await only(storage, passeport)).reports == 120


async def test_what_nobody_reported_for_a_season_is_another_problem_when_it_comes_again(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    await report(client, passeport, BLANK)
    clock.move(days=91)
    await report(client, passeport, BLANK)
    assert [one.reports for one in await problems(storage, passeport)] == [1, 1]


async def test_a_change_is_kept_in_the_journal_and_refused_to_whoever_saw_an_earlier_state(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    await report(client, passeport, BLANK)
    problem = await only(storage, passeport)
    change = partial(storage.problems.change, passeport.procedure, problem.id, version=problem.version, now=clock())
    await change(status="in_progress", assignee=BRUNO, by=BRUNO)
    with pytest.raises(ChangedMeanwhile):
        await change(status="wont_fix", assignee=None, by="olga@exemple.fr")
    after = await only(storage, passeport)
    assert (after.status, after.assignee, after.changed_by, after.before) == (
        "in_progress",
        BRUNO,
        BRUNO,
        ("new", None),
    )
    from collector.storage.journal import Search

    lines = await storage.journal.before(Search(act="problem.change"))
    assert [(line.actor, line.subject, line.details) for line in lines] == [
        (BRUNO, f"passeport/{problem.id}", {"status": "in_progress", "assignee": BRUNO})
    ]


async def test_a_problem_of_another_procedure_is_not_changed_through_mine(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    other = await found(storage, clock, "permis")
    await report(client, other, BLANK)
    (problem,) = await problems(storage, other)
    assert await storage.problems.at(passeport.procedure, problem.id) is None
    with pytest.raises(ChangedMeanwhile):
        await storage.problems.change(
            passeport.procedure, problem.id, status="fixed", assignee=None, version=1, now=clock(), by=BRUNO
        )


async def test_what_was_fixed_and_is_reported_again_comes_back_and_says_so(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    await report(client, passeport, BLANK)
    problem = await only(storage, passeport)
    clock.move(days=3)
    await storage.problems.change(
        passeport.procedure, problem.id, status="fixed", assignee=None, version=1, now=clock(), by=BRUNO
    )
    assert await problems(storage, passeport) == []
    assert await storage.problems.times_to_fix(passeport.procedure, clock() - timedelta(days=30)) == [timedelta(days=3)]
    clock.move(days=1)
    await report(client, passeport, BLANK)
    back = await only(storage, passeport)
    assert (back.status, back.returned, back.reports, back.version) == ("new", True, 2, 3)


async def test_what_is_set_aside_or_removed_leaves_its_problem(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    await report(client, passeport, BLANK)
    await report(client, passeport, "Page blanche au paiement, encore")
    assert (await only(storage, passeport)).reports == 2
    second, first = await storage.reviews.before(passeport.procedure, Filter(form="malfunction"))
    place = (passeport.procedure.id, first.seq)
    await storage.amendments.amend([place], lambda review: withhold(as_suspect(review), aside="suspect"))
    after = await only(storage, passeport)
    assert (after.reports, after.verbatim) == (1, "Page blanche au paiement, encore")
    await storage.amendments.amend([(passeport.procedure.id, second.seq)], lambda _: None)
    assert await problems(storage, passeport) == []
    assert await storage.problems.by_status(passeport.procedure) == {}
    assert await storage.problems.unanswered() == {}


def as_suspect(review: Review) -> Review:
    return msgspec.structs.replace(review, suspicion="text")


async def test_no_word_of_a_report_is_copied(client: AsyncClient, storage: Storage, passeport: Passeport) -> None:
    """What is masked later is masked here as well."""
    await report(client, passeport, "Page blanche chez Xylophonie au paiement")
    assert "Xylophonie" in str((await only(storage, passeport)).verbatim)
    (one,) = await storage.reviews.before(passeport.procedure, Filter(form="malfunction"))
    await mask(
        storage, passeport.procedure, one.seq, {"verbatim": {3}},
        kind="NAME", looked_at=seen_in(one.review), by=BRUNO,
    )  # fmt: skip
    assert "Xylophonie" not in str((await only(storage, passeport)).verbatim)


async def test_who_may_look_after_a_problem_manages_its_procedure(
    storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    from tests.service.admin.conftest import account

    ours = await storage.catalogue.organisation(passeport.procedure.organisation, passeport.procedure.ministry)
    for name, role, over in (
        ("claude", "administrator", None),
        ("bruno", "manager", passeport.procedure),
        ("rachel", "reader", passeport.procedure),
        ("olga", "manager", ours),
        ("samir", "manager", (await found(storage, clock, "permis")).procedure),
    ):
        user = await account(storage, clock, name, role)  # type: ignore[arg-type]  # a role
        if over is not None:
            await storage.accounts.grant(user, over, role)  # type: ignore[arg-type]  # as above
    await storage.accounts.disable("olga@exemple.fr", clock())
    assert await storage.problems.managers(passeport.procedure) == {
        "bruno@exemple.fr": "Bruno",
        "claude@exemple.fr": "Claude",
    }
