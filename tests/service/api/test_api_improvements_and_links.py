"""Improvements, export links and versions of the form through the API: as owners have them in the admin."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from httpx import AsyncClient

from collector.exports.links import create_link
from collector.schema import Adjustments
from collector.settings import Settings
from collector.storage import Storage
from tests.conftest import MovableClock, Passeport, fields, found, refusal, send
from tests.service.api.conftest import CLAUDE, YEAR, Program
from tests.service.api.test_api_procedure import acts

IMPROVEMENTS, LINKS = "/passeport/improvements", "/passeport/links"


async def test_an_improvement_is_noted_published_and_taken_away(manager: Program, storage: Storage) -> None:
    made = await manager.post(IMPROVEMENTS, {"day": "2026-03-01", "words": "Formulaire plus court"})
    assert made.status_code == 201
    path = f"{IMPROVEMENTS}/{made.json()['id']}"
    published = await manager.patch(path, {"published": True}, seen=made)
    assert published.json() == {**made.json(), "published": True}
    assert refusal(await manager.patch(path, {"published": False}, seen=made)) == (412, "changed-meanwhile")
    assert refusal(await manager.patch(path, {"published": False})) == (428, "match-required")
    assert (await manager.get(IMPROVEMENTS)).json()["improvements"] == [published.json()]
    assert (await manager.send("DELETE", path)).status_code == 204
    assert refusal(await manager.send("DELETE", path)) == (404, "not-found")
    assert (await manager.get(IMPROVEMENTS)).json()["improvements"] == []
    assert [act for act, _ in await acts(storage, manager)] == [
        "improvement.add", "improvement.publish", "improvement.remove"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"day": "2026-03-13", "words": ""}, [("$.words", "required"), ("$.day", "not-yet")]),
        ({"day": "13/03/2026", "words": "A"}, [("$.day", "invalid")]),
        ({"words": "A"}, [("$.day", "required")]),
    ],
)
async def test_an_improvement_that_does_not_fit_is_told_by_its_path(
    manager: Program, body: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    answer = await manager.post(IMPROVEMENTS, body)
    assert refusal(answer) == (422, "invalid-fields")
    assert fields(answer) == expected


async def test_a_link_is_signed_told_once_and_revoked(
    manager: Program, program: Program, client: AsyncClient, passeport: Passeport, storage: Storage
) -> None:
    await send(client, passeport.key)
    made = await manager.post(LINKS, {"recipient": "Observatoire", "format": "ndjson", "expires_days": 7})
    assert made.status_code == 201
    url, path = made.json()["url"], f"{LINKS}/{made.json()['id']}"
    assert (await client.get(url)).status_code == 200
    listed = await program.get(LINKS)
    assert [each["recipient"] for each in listed.json()["links"]] == ["Observatoire"]
    for answer in (listed, await manager.get(path)):
        assert url not in answer.text
        assert "/exports/" not in answer.text
    assert (await manager.send("DELETE", path)).status_code == 204
    assert (await client.get(url)).status_code == 410
    assert (await manager.get(path)).json()["revoked_at"]
    assert [act for act, _ in await acts(storage, manager)] == ["link.create", "link.revoke"]


async def test_a_link_that_gives_more_is_seen_and_not_revoked(
    manager: Program, storage: Storage, settings: Settings, clock: MovableClock
) -> None:
    other = await found(storage, clock, "permis")
    for procedures in (["passeport", "permis"], ["*"], ["permis"]):
        await create_link(
            storage,
            settings,
            procedures=procedures,
            content="reviews",
            format="csv",
            created_by=CLAUDE,
            expires_at=clock() + YEAR,
            now=clock(),
        )
    seen = (await manager.get(LINKS)).json()["links"]
    assert sorted(each["procedures"] for each in seen) == [["*"], ["passeport", "permis"]]
    for each in seen:
        assert refusal(await manager.send("DELETE", f"{LINKS}/{each['id']}")) == (403, "forbidden")
    (hidden,) = [link for link in await storage.links.all() if link.procedures == (other.procedure.slug,)]
    assert refusal(await manager.get(f"{LINKS}/{hidden.id}")) == (404, "not-found")


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        ({}, 422, [("$.recipient", "required")]),
        ({"recipient": "A", "expires_days": 0}, 422, [("$.expires_days", "out-of-range")]),
        ({"recipient": "A", "expires_days": 366}, 422, [("$.expires_days", "out-of-range")]),
        ({"recipient": "A", "content": "secrets"}, 422, [("$.content", "unknown-code")]),
        ({"recipient": "A", "from_day": "2026-03-02", "to_day": "2026-03-01"}, 400, []),
        ({"recipient": "A", "format": "pdf"}, 422, [("$.format", "unknown-code")]),
    ],
)
async def test_a_link_that_cannot_be_is_refused(
    manager: Program, storage: Storage, body: dict[str, Any], status: int, expected: list[tuple[str, str]]
) -> None:
    answer = await manager.post(LINKS, body)
    assert refusal(answer)[0] == status
    assert fields(answer) == expected
    assert await storage.links.all() == []


async def test_versions_of_the_form_are_read(
    manager: Program, passeport: Passeport, storage: Storage, clock: MovableClock
) -> None:
    assert (await manager.get("/passeport/forms")).json() == {"shown": 1, "versions": []}
    hidden = Adjustments(hidden_steps=("comprehension",))
    number = await storage.forms.draft(passeport.procedure, hidden, now=clock(), by=CLAUDE)
    await storage.forms.publish(passeport.procedure, now=clock(), by=CLAUDE)
    answer = (await manager.get("/passeport/forms")).json()
    assert answer["shown"] == number
    assert answer["versions"][0]["adjustments"] == {"hidden_steps": ["comprehension"]}
    assert answer["versions"][0]["published_by"] == CLAUDE


async def test_a_link_opens_once_and_from_its_networks_alone(
    manager: Program, client: AsyncClient, passeport: Passeport
) -> None:
    made = await manager.post(LINKS, {"recipient": "Job", "networks": ["203.0.113.9/24"], "once": True})
    assert (made.status_code, made.json()["networks"], made.json()["once"]) == (201, ["203.0.113.0/24"], True)
    path = urlsplit(made.json()["url"]).path
    elsewhere = await client.get(path, headers={"X-Forwarded-For": "198.51.100.1"})
    assert refusal(elsewhere) == (403, "link-elsewhere")
    here = {"X-Forwarded-For": "203.0.113.77"}
    assert (await client.get(path, headers=here)).status_code == 200
    assert (await client.get(path, headers=here)).status_code == 410
    wrong = await manager.post(LINKS, {"recipient": "Job", "networks": ["ici"]})
    assert refusal(wrong) == (400, "bad-request")
