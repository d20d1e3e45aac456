"""Placements through the API: made, read with what to paste, renamed, closed and opened."""

import asyncio

import pytest
from httpx import AsyncClient

from collector.storage import Storage
from tests.conftest import MovableClock, Passeport, fields, found, refusal, send
from tests.service.api.conftest import Program
from tests.service.api.test_api_procedure import acts

PATH = "/passeport/placements"


async def test_one_is_made_and_takes_reviews_at_once(
    manager: Program, program: Program, client: AsyncClient, storage: Storage
) -> None:
    made = await manager.post(PATH, {"label": "Page de fin"})
    assert made.status_code == 201
    key = made.json()["key"]
    assert made.json()["address"] == f"https://avis.exemple.fr/avis/{key}"
    assert (await send(client, key)).status_code == 201
    alone = await program.get(f"{PATH}/{key}")
    assert alone.json() == made.json()
    assert alone.headers["etag"] == made.headers["etag"]
    listed = (await program.get(PATH)).json()["placements"]
    assert made.json() in listed
    assert await acts(storage, manager) == [("placement.create", f"passeport/{key}")]


async def test_what_to_paste_is_that_of_the_admin(program: Program, passeport: Passeport) -> None:
    answer = (await program.get(f"{PATH}/{passeport.key}/snippets", lang="en")).json()
    assert answer["snippets"][0]["mode"] == "dialog"
    assert f'<je-donne-mon-avis key="{passeport.key}" lang="en">' in answer["snippets"][0]["code"]
    assert "script-src https://avis.exemple.fr" in answer["snippets"][0]["policy"]
    assert refusal(await program.get(f"{PATH}/{passeport.key}/snippets", lang="xx")) == (404, "not-found")


async def test_it_is_renamed_closed_and_opened(
    manager: Program, client: AsyncClient, passeport: Passeport, storage: Storage
) -> None:
    path = f"{PATH}/{passeport.key}"
    closed = await manager.patch(path, {"label": "Ancienne page", "closed": True}, seen=await manager.get(path))
    assert closed.json()["label"] == "Ancienne page"
    assert closed.json()["closed_at"]
    assert (await send(client, passeport.key)).status_code == 410
    same = await manager.patch(path, {"closed": True}, seen=closed)
    assert same.json() == closed.json(), "closed once"
    opened = await manager.patch(path, {"closed": False}, seen=same)
    assert opened.json()["closed_at"] is None
    assert (await send(client, passeport.key)).status_code == 201
    assert await acts(storage, manager) == [
        ("placement.change", passeport.key), ("placement.close", passeport.key), ("placement.open", passeport.key)
    ]  # fmt: skip


async def test_of_two_who_change_it_at_once_one_is_told(manager: Program, passeport: Passeport) -> None:
    path = f"{PATH}/{passeport.key}"
    assert refusal(await manager.patch(path, {"label": "A"})) == (428, "match-required")
    seen = await manager.get(path)
    answers = await asyncio.gather(*(manager.patch(path, {"label": label}, seen=seen) for label in "AB"))
    assert sorted(each.status_code for each in answers) == [200, 412]


async def test_one_of_another_procedure_is_not_found_through_mine(
    manager: Program, storage: Storage, clock: MovableClock
) -> None:
    other = await found(storage, clock, "permis")
    for key in (other.key, "inconnue"):
        for path in (f"{PATH}/{key}", f"{PATH}/{key}/snippets"):
            assert refusal(await manager.get(path)) == (404, "not-found")
        assert refusal(await manager.patch(f"{PATH}/{key}", {"closed": True})) == (404, "not-found")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("$.label", "required")]),
        ({"label": ""}, [("$.label", "required")]),
        ({"label": "A", "channel": "pigeon"}, [("$.channel", "unknown-code")]),
        ({"label": "A", "contact": True}, [("$.contact", "not-asked")]),
    ],
)
async def test_what_is_missing_is_told_by_its_path(
    manager: Program, body: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    answer = await manager.post(PATH, body)
    assert refusal(answer) == (422, "invalid-fields")
    assert fields(answer) == expected
