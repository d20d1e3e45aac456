"""The description at `/schema` and the service say the same: each example is sent, each answer has its shape."""

import json
from typing import Any

import pytest
from httpx import AsyncClient, Response
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # its types are another package

from admin.alerts.posts import TYPES, written
from collector.openapi_webhooks import EVENTS
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.hooks import Hook
from collector.storage.problems import Wanted
from tests.conftest import NOON, Passeport, send
from tests.service.api.conftest import Program

API = "/api/v1/procedures"
Described = dict[str, Any]


@pytest.fixture
async def described(client: AsyncClient) -> Described:
    document: Described = (await client.get("/schema")).json()
    return document


def answers_to(operation: Described) -> dict[str, Described]:
    """The schema of each good answer, by its status; empty where there is no body."""
    return {
        status: answer.get("content", {}).get("application/json", {}).get("schema", {})
        for status, answer in operation["responses"].items()
        if status.startswith("2")
    }


def fits(document: Described, schema: Described, value: Any) -> list[str]:
    validator = Draft202012Validator({**schema, "components": document["components"]})
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


async def filled(passeport: Passeport, manager: Program, storage: Storage, client: AsyncClient) -> dict[str, str]:
    """What the names in paths stand for, one of each made."""
    await send(client, passeport.key)
    await send(client, passeport.malfunction.key, {"kind": "technical", "verbatim": "Page blanche"})
    await storage.problems.sort()
    (problem,) = await storage.problems.find(passeport.procedure, Wanted())
    improvement = (await manager.post("/passeport/improvements", {"day": "2026-03-01", "words": "A"})).json()
    link = (await manager.post("/passeport/links", {"recipient": "A"})).json()
    return {
        "{slug}": "passeport",
        "{key}": passeport.key,
        "{malfunction}": str(problem.id),
        "{improvement}": str(improvement["id"]),
        "{id}": link["id"],
    }


async def asked(
    manager: Program, client: AsyncClient, method: str, path: str, operation: Described, values: dict[str, str]
) -> Response:
    for name, value in values.items():
        path = path.replace(name, value)
    headers = {"Authorization": f"Bearer {manager.key}"}
    if any(each["name"] == "If-Match" for each in operation.get("parameters", [])):
        headers["If-Match"] = (await client.get(path, headers=headers)).headers["etag"]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
    if path == "/api/v1/reviews":
        body["key"] = values["{key}"]
    return await client.request(method.upper(), path, json=body, headers=headers)


async def test_every_example_is_accepted_and_every_answer_has_the_shape_that_is_described(
    described: Described, manager: Program, passeport: Passeport, storage: Storage, client: AsyncClient
) -> None:
    values = await filled(passeport, manager, storage, client)
    last = {"delete": 2, "patch": 1}
    operations = sorted(
        (
            (last.get(method, 0), path.count("/"), path, method, operation)
            for path, methods in described["paths"].items()
            if path.startswith(API) or ("requestBody" in methods.get("post", {}) and path.startswith("/api/"))
            for method, operation in methods.items()
            if path.startswith(API) or "requestBody" in operation
        ),
        # A procedure or placement that an example closes takes no review after it.
        key=lambda each: (each[0], -each[1], each[2], each[3]),
    )
    assert len(operations) > 20
    wrong = []
    for *_, path, method, operation in operations:
        answer = await asked(manager, client, method, path, operation, values)
        schemas = answers_to(operation)
        schema = schemas.get(str(answer.status_code))
        if schema is None:
            wrong.append((method, path, answer.status_code, answer.text))
        elif schema:
            wrong += [(method, path, answer.status_code, said) for said in fits(described, schema, answer.json())]
    assert wrong == []


def test_every_body_that_is_read_has_an_example(described: Described) -> None:
    without = [
        (method, path)
        for path, methods in described["paths"].items()
        if path.startswith("/api/")
        for method, operation in methods.items()
        if "requestBody" in operation and "example" not in operation["requestBody"]["content"]["application/json"]
    ]
    assert without == []
    bodies = [path for path, methods in described["paths"].items() if "requestBody" in methods.get("patch", {})]
    assert len(bodies) == 4


async def test_refusals_have_the_shape_that_is_described(described: Described, program: Program) -> None:
    for path in ("/rien", "/passeport/reviews?limit=0"):
        answer = await program.send("GET", path)
        assert answer.status_code in {400, 404}
        schema = {"$ref": "#/components/schemas/Problem"}
        assert fits(described, schema, answer.json()) == []
        assert fits(described, schema, {"title": 1}) != [], "the shape holds something"


@pytest.mark.parametrize("kind", TYPES)
def test_the_posts_of_webhooks_are_described(
    described: Described, settings: Settings, passeport: Passeport, kind: str
) -> None:
    assert set(described["webhooks"]) == set(TYPES.values()) == set(EVENTS)
    body = described["webhooks"][TYPES[kind]]["post"]["requestBody"]["content"]["application/json"]
    assert fits(described, body["schema"], body["example"]) == []
    hook = Hook(
        id=1,
        procedure_id=passeport.procedure.id,
        url="https://programme.exemple.fr",
        kinds=(),
        secret="",
        former=None,
        former_until=None,
        next_digest=0,
        created_by="claude@exemple.fr",
        created_at=NOON,
        why=None,
    )
    post = written(settings, hook, passeport.procedure, kind, EVENTS[TYPES[kind]], NOON)
    assert fits(described, body["schema"], json.loads(post.body)) == []
    assert fits(described, body["schema"], {**json.loads(post.body), "version": 2}) != []
