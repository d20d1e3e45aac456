"""The dictionary that goes with a link says what its file has: names, types, codes."""

import json
from typing import Any

import pytest
from httpx import AsyncClient
from jsonschema_rs import Draft202012Validator, meta

from collector.exports.columns import VERSION
from collector.schema import Content
from collector.settings import Settings
from collector.storage import Storage
from tests.conftest import MovableClock, Passeport, refusal, send
from tests.service.test_exports import Signed, rows

SCOPES: list[dict[str, Any]] = [
    {"content": "reviews"},
    {"content": "malfunctions"},
    {"content": "indicators"},
    {"content": "indicators", "interval": "week", "by": "placement"},
    {"content": "indicators", "by": "audience"},
    {"content": "indicators", "interval": "quarter", "by": "organisation"},
]


@pytest.fixture
def sign(storage: Storage, settings: Settings, clock: MovableClock) -> Signed:
    return Signed(storage, settings, clock)


@pytest.fixture
async def answered(client: AsyncClient, storage: Storage, passeport: Passeport) -> None:
    whole = {
        "satisfaction": "medium",
        "comprehension": 3,
        "contact_tried": ["phone", "chat", "other"],
        "contact_tried_other": "Un voisin",
        "contact_reached": {"phone": True, "chat": False},
        "contact_satisfaction": {"phone": 2},
        "verbatim": "Bien",
    }
    for answers in ({"satisfaction": "good"}, whole):
        assert (await send(client, passeport.key, answers, page="/fin")).is_success
    report = {"kind": "technical", "verbatim": "Page blanche", "browser": "edge", "device": "phone"}
    assert (await send(client, passeport.malfunction.key, report)).is_success
    while await storage.problems.sort():
        pass


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: "-".join(scope.values()))
async def test_every_row_is_as_the_dictionary_says(client: AsyncClient, sign: Signed, scope: dict[str, Any]) -> None:
    url = await sign(**scope)
    given = await rows(client, url)
    answer = await client.get(f"{url}/dictionary")
    assert answer.headers["cache-control"] == "no-store"
    assert ("dictionary", 0, "sent") in await sign.journal()
    told = answer.json()
    (resource,) = told["resources"]
    assert told["version"] == VERSION
    assert [field["name"] for field in resource["schema"]["fields"]] == list(given[0])
    schema = Draft202012Validator(told["json_schema"])
    assert meta.is_valid(told["json_schema"])
    for row in given:
        schema.validate(row)
    first = given[0]
    wrong: list[dict[str, Any]] = [{**first, "more": 1}, {name: first[name] for name in list(first)[1:]}]
    wrong += [{**first, name: {"no": "value"}} for name in first]
    assert not any(schema.is_valid(row) for row in wrong)


@pytest.mark.usefixtures("answered")
async def test_the_dictionary_of_a_csv_file_says_how_it_is_written(client: AsyncClient, sign: Signed) -> None:
    for kind, delimiter in (("csv", ","), ("csv-semicolon", ";")):
        url = await sign(format=kind)  # type: ignore[arg-type]  # both are
        (resource,) = (await client.get(f"{url}/dictionary")).json()["resources"]
        assert (resource["dialect"], resource["path"]) == ({"delimiter": delimiter}, "avis-reviews.csv")
        head = (await client.get(url)).text.lstrip("\ufeff").splitlines()[0]
        assert head == delimiter.join(field["name"] for field in resource["schema"]["fields"])
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        assert fields["comprehension"]["constraints"] == {"minimum": 1, "maximum": 5}
        assert fields["channel"]["constraints"]["enum"][0] == "web"
        assert fields["day"]["type"] == "date"


async def test_a_dictionary_is_for_whoever_holds_the_link(
    client: AsyncClient, passeport: Passeport, storage: Storage, clock: MovableClock, sign: Signed
) -> None:
    content: Content = "reviews"
    url = await sign(content=content)
    assert refusal(await client.get(f"{url}x/dictionary")) == (403, "link-invalid")
    await storage.links.revoke(sign.last.id, clock())
    assert refusal(await client.get(f"{url}/dictionary")) == (410, "link-revoked")
    assert json.dumps(await sign.journal()).count("revoked") == 1
