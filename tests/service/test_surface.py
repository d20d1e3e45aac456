"""The surface as a whole: who may call what, whether it is alive and ready, and how it describes itself."""

from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient
from litestar import Litestar
from litestar.routes import ASGIRoute, HTTPRoute
from msgspec.structs import replace

import admin.rights
import collector.api.door
from collector.app import create_app
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.migrate import migrate
from tests.conftest import MovableClock, Passeport, broken, refusal, running

WHO = {"anyone", "link-holder", *admin.rights.WHO, *collector.api.door.WHO}


def test_every_route_says_who_may_call_it(app: Litestar) -> None:
    said: dict[tuple[str, str], Any] = {}
    for route in app.routes:
        handlers: list[Any] = []
        if isinstance(route, HTTPRoute):
            # OPTIONS and the description of the service are Litestar's own: they read nothing of ours.
            handlers = [each for each in route.route_handlers if each.http_methods != {"OPTIONS"}]
        elif isinstance(route, ASGIRoute):
            handlers = [route.route_handler]
        if not route.path.startswith("/schema"):
            said |= {(route.path, f"{handler}"): handler.opt.get("who") for handler in handlers}
    assert len(said) > 10
    assert {path: who for path, who in said.items() if who not in WHO} == {}
    admin = {who for (path, _), who in said.items() if path.startswith("/admin/demarches")}
    assert admin <= {"reader", "manager"}, "a procedure's pages are for those with rights"


async def test_it_is_alive_and_ready(client: AsyncClient) -> None:
    alive = await client.get("/healthz")
    assert (alive.status_code, alive.json()["status"]) == (200, "alive")
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready", "reasons": []})
    assert ready.headers["cache-control"] == "no-store"


async def test_it_is_alive_and_not_ready_when_nothing_can_be_written(client: AsyncClient, storage: Storage) -> None:
    async with broken(storage, "progress"):
        ready = await client.get("/readyz")
        assert ready.json() == {"status": "unavailable", "reasons": ["storage-unavailable"]}
        assert ready.status_code == 503
        assert (await client.get("/healthz")).status_code == 200
    assert (await client.get("/readyz")).status_code == 200


async def test_what_does_not_exist_is_a_problem_in_french(client: AsyncClient) -> None:
    assert refusal(await client.get("/nowhere")) == (404, "not-found")
    assert refusal(await client.post("/healthz")) == (405, "method-not-allowed")


async def test_a_crash_of_the_hot_route_is_a_problem_and_says_nothing_of_what_was_sent(
    client: AsyncClient, passeport: Passeport, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(*_arguments: object, **named: object) -> None:
        raise RuntimeError(f"{named}")

    monkeypatch.setattr("collector.intake.anonymise", crash)
    body = {"id": str(uuid4()), "key": passeport.key, "answers": {"satisfaction": "good", "verbatim": "Bernadette"}}
    answer = await client.post("/api/v1/reviews", json=body)
    assert refusal(answer) == (500, "internal")
    assert "Bernadette" not in answer.text
    said = capsys.readouterr().err
    assert '"request-crashed"' in said
    assert "Bernadette" not in said
    assert "test_surface" in said


async def test_over_tls_every_answer_says_that_it_stays_so(settings: Settings, clock: MovableClock) -> None:
    secure = replace(settings, base_url="https://avis.exemple.gouv.fr")
    if secure.sqlite_path is None:
        migrate(secure)
    async with running(create_app(secure, clock), secure) as client:
        for method, path in (("GET", "/healthz"), ("POST", "/api/v1/reviews"), ("OPTIONS", "/api/v1/reviews")):
            answer = await client.request(method, path)
            assert answer.headers["strict-transport-security"] == "max-age=31536000", path


async def test_no_public_answer_sets_a_cookie(client: AsyncClient, passeport: Passeport) -> None:
    for path in ("/healthz", "/readyz", "/schema", "/nowhere", f"/avis/{passeport.key}", "/exports/x"):
        assert "set-cookie" not in (await client.get(path)).headers, path


async def test_the_description_is_openapi_3_1_and_lists_the_intake(client: AsyncClient) -> None:
    answer = await client.get("/schema")
    assert answer.status_code == 200
    described = answer.json()
    assert described["openapi"].startswith("3.1")
    operation = described["paths"]["/api/v1/reviews"]["post"]
    assert set(operation["responses"]) == {
        *("200", "201", "400", "403", "404", "405", "408", "409", "410", "413", "422", "429", "503"),
    }
    assert (await client.get("/schema/openapi.json")).json() == described
    for part in _references(described):
        place: Any = described
        for name in part.removeprefix("#/").split("/"):
            place = place[name]


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [each for inner in value.values() for each in _references(inner)]
    return [each for inner in value for each in _references(inner)] if isinstance(value, list) else []


@pytest.mark.parametrize("name", ["sqlite", "postgres"])
def test_the_suite_runs_on_both_databases(request: pytest.FixtureRequest, name: str) -> None:
    callspecs = [getattr(item, "callspec", None) for item in request.session.items]
    assert any(spec and spec.params.get("environ") == name for spec in callspecs)


def test_two_settings_make_two_applications(app: Litestar, settings: Settings) -> None:
    from collector.app import create_app

    assert create_app(settings) is not app


async def test_the_bare_address_leads_to_the_admin_and_no_browser_is_refused_an_icon(client: AsyncClient) -> None:
    front = await client.get("/", follow_redirects=False)
    assert (front.status_code, front.headers["location"]) == (302, "/admin")
    icon = await client.get("/favicon.ico")
    assert (icon.status_code, icon.content) == (204, b"")
