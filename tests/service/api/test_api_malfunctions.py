"""Malfunctions through the API: listed by status in pages, followed up by who saw them as they are."""

import asyncio

import pytest
from httpx import AsyncClient

from collector.storage import Storage
from tests.conftest import MovableClock, Passeport, fields, found, refusal, send
from tests.service.admin.conftest import signed_in
from tests.service.api.conftest import Program
from tests.service.api.test_api_procedure import acts

PATH = "/passeport/malfunctions"
TOLD = ("Page blanche après paiement", "Le bouton Suivant ne répond pas", "Impossible de joindre un fichier PDF")


@pytest.fixture(autouse=True)
async def reported(client: AsyncClient, passeport: Passeport, storage: Storage, clock: MovableClock) -> None:
    for words in TOLD:
        answers = {"kind": "technical", "verbatim": words}
        assert (await send(client, passeport.malfunction.key, answers)).status_code == 201
        clock.move(minutes=1)
    await storage.problems.sort()


async def test_open_ones_are_listed_in_pages_the_latest_first(program: Program) -> None:
    first = (await program.get(PATH, limit=2)).json()
    rest = (await program.get(PATH, limit=2, after=first["next"])).json()
    assert [each["verbatim"] for each in [*first["malfunctions"], *rest["malfunctions"]]] == list(TOLD[::-1])
    assert rest["next"] is None
    assert first["malfunctions"][0] | {"status": "new", "reports": 1, "version": 1} == first["malfunctions"][0] | {
        "version": 1
    }
    assert (await program.get(PATH, status="fixed")).json()["malfunctions"] == []
    for query in ({"after": "hier"}, {"after": "1"}, {"status": "lost"}, {"limit": "101"}):
        assert refusal(await program.send("GET", PATH, params=query)) == (400, "bad-request")


async def test_its_status_and_who_looks_after_it_change(
    manager: Program, client: AsyncClient, passeport: Passeport, storage: Storage, clock: MovableClock
) -> None:
    await signed_in(client, storage, clock, "bruno", "manager", passeport)
    number = (await manager.get(PATH)).json()["malfunctions"][0]["id"]
    path, bruno = f"{PATH}/{number}", "bruno@exemple.fr"
    taken = await manager.patch(path, {"assignee": bruno}, seen=await manager.get(path))
    assert (taken.json()["status"], taken.json()["assignee"]) == ("new", bruno)
    fixed = await manager.patch(path, {"status": "fixed", "assignee": None}, seen=taken)
    assert (fixed.json()["status"], fixed.json()["assignee"]) == ("fixed", None)
    assert fixed.json()["changed_by"] == manager.name
    assert [each["id"] for each in (await manager.get(PATH, status="fixed")).json()["malfunctions"]] == [number]
    assert await acts(storage, manager) == [("problem.change", f"passeport/{number}")] * 2


async def test_of_two_who_change_it_at_once_one_is_told(manager: Program) -> None:
    path = f"{PATH}/{(await manager.get(PATH)).json()['malfunctions'][0]['id']}"
    assert refusal(await manager.patch(path, {"status": "fixed"})) == (428, "match-required")
    seen = await manager.get(path)
    changes = [manager.patch(path, {"status": status}, seen=seen) for status in ("fixed", "confirmed")]
    assert sorted(each.status_code for each in await asyncio.gather(*changes)) == [200, 412]


async def test_only_who_manages_the_procedure_looks_after_it(manager: Program) -> None:
    path = f"{PATH}/{(await manager.get(PATH)).json()['malfunctions'][0]['id']}"
    seen = await manager.get(path)
    answer = await manager.patch(path, {"assignee": "samir@exemple.fr"}, seen=seen)
    assert refusal(answer) == (422, "invalid-fields")
    assert fields(answer) == [("$.assignee", "unknown-manager")]
    assert (await manager.get(path)).content == seen.content


async def test_one_of_another_procedure_is_not_found_through_mine(
    manager: Program, client: AsyncClient, storage: Storage, clock: MovableClock
) -> None:
    other = await found(storage, clock, "permis")
    await send(client, other.malfunction.key, {"kind": "technical", "verbatim": "Tout autre chose"})
    await storage.problems.sort()
    mine = {each["id"] for each in (await manager.get(PATH)).json()["malfunctions"]}
    for number in (max(mine) + 1, 10**30):
        assert refusal(await manager.get(f"{PATH}/{number}")) == (404, "not-found")
