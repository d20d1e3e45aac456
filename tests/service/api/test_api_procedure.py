"""A procedure by itself: read with its ETag, changed by who saw it as it is, and never over somebody else's change."""

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient

from collector.storage import Storage
from collector.storage.journal import Search
from tests.conftest import Passeport, fields, refusal, send
from tests.service.api.conftest import Program

PATH = "/passeport"


async def acts(storage: Storage, program: Program) -> list[tuple[str, str]]:
    lines = await storage.journal.before(Search(actor=program.name))
    return [(line.act, line.subject) for line in lines[::-1] if line.act != "key.use"]


async def test_it_is_read_with_its_tag_and_not_again_while_it_is_the_same(program: Program, manager: Program) -> None:
    first = await program.get(PATH)
    assert (first.json()["slug"], first.json()["state"]) == ("passeport", "open")
    assert first.headers["cache-control"] == "private, no-store"
    for given in (first.headers["etag"], f"W/{first.headers['etag']}", f'"x", {first.headers["etag"]}', "*"):
        again = await program.send("GET", PATH, headers={"If-None-Match": given})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    await manager.patch(PATH, {"title": "Autre titre"}, seen=first)
    anew = await program.send("GET", PATH, headers={"If-None-Match": first.headers["etag"]})
    assert (anew.status_code, anew.json()["title"]) == (200, "Autre titre")


async def test_what_is_named_changes_and_the_rest_stays(manager: Program, storage: Storage) -> None:
    before = await manager.get(PATH)
    change = {
        "title": "  Refaire un   passeport ",
        "origins": ["https://passeport.exemple.fr/depart", "https://passeport.exemple.fr"],
        "contexts": ["Dépôt du dossier"],
    }
    answer = await manager.patch(PATH, change, seen=before)
    assert answer.status_code == 200
    expected = {
        "title": "Refaire un passeport",
        "origins": ["https://passeport.exemple.fr"],
        "contexts": ["Dépôt du dossier"],
    }
    assert answer.json() == {**before.json(), **expected}
    assert (await manager.get(PATH)).headers["etag"] == answer.headers["etag"]
    assert await acts(storage, manager) == [("procedure.change", "passeport")]


async def test_closed_it_takes_no_review_and_open_again_it_does(
    manager: Program, client: AsyncClient, passeport: Passeport, storage: Storage
) -> None:
    closed = await manager.patch(PATH, {"state": "closed"}, seen=await manager.get(PATH))
    assert closed.json()["state"] == "closed"
    assert (await send(client, passeport.key)).status_code == 410
    await manager.patch(PATH, {"state": "open"}, seen=closed)
    assert (await send(client, passeport.key)).status_code == 201
    assert [act for act, _ in await acts(storage, manager)] == ["procedure.state"] * 2


async def test_nobody_changes_what_they_have_not_seen(manager: Program, storage: Storage) -> None:
    assert refusal(await manager.patch(PATH, {"title": "A"})) == (428, "match-required")
    seen = await manager.get(PATH)
    weak = await manager.send("PATCH", PATH, json={"title": "A"}, headers={"If-Match": f"W/{seen.headers['etag']}"})
    assert refusal(weak) == (412, "changed-meanwhile")
    assert (await manager.patch(PATH, {"title": "A"}, seen=seen)).status_code == 200
    assert refusal(await manager.patch(PATH, {"title": "B"}, seen=seen)) == (412, "changed-meanwhile")
    assert (await manager.get(PATH)).json()["title"] == "A"


async def test_of_two_who_change_it_at_once_one_is_told(manager: Program) -> None:
    seen = await manager.get(PATH)
    changes = [manager.patch(PATH, {"title": title}, seen=seen) for title in "ABC"]
    answers = await asyncio.gather(*changes)
    assert sorted(each.status_code for each in answers) == [200, 412, 412]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": " "}, [("$.title", "required")]),
        ({"title": "x" * 151}, [("$.title", "too-long")]),
        ({"title": "a\u0007b", "origins": ["ok.fr", "pas un site"]}, [
            ("$.title", "control-characters"), ("$.origins[1]", "no-site")
        ]),
        ({"contexts": ["<b>"]}, [("$.contexts[0]", "no-label")]),
        ({"contexts": [f"Étape {n}" for n in range(51)]}, [("$.contexts", "too-many")]),
        ({"title": None}, [("$.title", "wrong-type")]),
        ({"audiences": ["martians"]}, [("$.audiences[0]", "unknown-code")]),
        ({"state": "archived"}, [("$.state", "unknown-code")]),
        ({"slug": "autre"}, [("$.slug", "unknown-field")]),
    ],
)  # fmt: skip
async def test_a_value_that_does_not_fit_is_told_by_its_path(
    manager: Program, storage: Storage, change: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    seen = await manager.get(PATH)
    answer = await manager.patch(PATH, change, seen=seen)
    assert refusal(answer) == (422, "invalid-fields")
    assert fields(answer) == expected
    assert (await manager.get(PATH)).content == seen.content
