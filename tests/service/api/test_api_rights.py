"""Every route for every key, of one's own procedure and of another's: one table, and no route outside it."""

import pytest
from httpx import AsyncClient
from litestar import Litestar

from collector.api.door import WHO
from collector.storage import Storage
from collector.storage.problems import Wanted
from tests.conftest import MovableClock, Passeport, found, refusal, send
from tests.service.api.conftest import Made, Program
from tests.service.api.test_api_national import NATIONAL

# What each answers to the manager and the reader of the procedure, to those of its organisation, to the manager of
# another procedure, and without a key. Bodies are sent empty: 400, 422 or 428 mean that somebody was let in.
NAMES = ("manager", "reader", "organisation-manager", "organisation-reader", "foreigner", "nobody")
READ = (200, 200, 200, 200, 404, 401)
TABLE: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", ""): (200, 200, 200, 200, 200, 401),
    ("GET", "/{slug:str}"): READ,
    ("PATCH", "/{slug:str}"): (428, 403, 428, 403, 404, 401),
    ("GET", "/{slug:str}/placements"): READ,
    ("POST", "/{slug:str}/placements"): (400, 403, 400, 403, 404, 401),
    ("GET", "/{slug:str}/placements/{key:str}"): READ,
    ("PATCH", "/{slug:str}/placements/{key:str}"): (428, 403, 428, 403, 404, 401),
    ("GET", "/{slug:str}/placements/{key:str}/snippets"): READ,
    ("GET", "/{slug:str}/malfunctions"): READ,
    ("GET", "/{slug:str}/malfunctions/{malfunction:int}"): READ,
    ("PATCH", "/{slug:str}/malfunctions/{malfunction:int}"): (428, 403, 428, 403, 404, 401),
    ("GET", "/{slug:str}/improvements"): READ,
    ("POST", "/{slug:str}/improvements"): (400, 403, 400, 403, 404, 401),
    ("GET", "/{slug:str}/improvements/{improvement:int}"): READ,
    ("PATCH", "/{slug:str}/improvements/{improvement:int}"): (428, 403, 428, 403, 404, 401),
    ("GET", "/{slug:str}/links"): READ,
    ("POST", "/{slug:str}/links"): (400, 403, 400, 403, 404, 401),
    ("GET", "/{slug:str}/links/{id:str}"): READ,
    ("GET", "/{slug:str}/forms"): (200, 403, 200, 403, 404, 401),
    ("GET", "/{slug:str}/reviews"): READ,
    ("GET", "/{slug:str}/figures"): READ,
    ("GET", "/{slug:str}/operations"): READ,
    ("POST", "/{slug:str}/operations"): (400, 403, 400, 403, 404, 401),
    # What these take away is gone for whoever comes next, or revoked already, which is well too.
    ("DELETE", "/{slug:str}/improvements/{improvement:int}"): (204, 403, 404, 403, 404, 401),
    ("DELETE", "/{slug:str}/links/{id:str}"): (204, 403, 204, 403, 404, 401),
}


@pytest.mark.parametrize("environ", ["sqlite"], indirect=True)
def test_the_table_has_every_route_with_a_key(app: Litestar) -> None:
    met = {
        (method, route.path.removeprefix("/api/v1/procedures"))
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        # What stands elsewhere is in test_api_national.py.
        if handler.opt.get("who") in WHO and not route.path.startswith(NATIONAL)
        for method in handler.http_methods
    }
    assert met == set(TABLE)


async def test_every_route_lets_in_whom_the_table_says(
    made: Made, client: AsyncClient, passeport: Passeport, storage: Storage, clock: MovableClock
) -> None:
    procedure, other = passeport.procedure, await found(storage, clock, "permis", organisation="Agence des titres")
    ours = await storage.catalogue.organisation(procedure.organisation, procedure.ministry)
    programs = [
        await made.program(procedure, "manager"),
        await made.program(procedure, "reader"),
        await made.program(ours, "manager"),
        await made.program(ours, "reader"),
        await made.program(other.procedure, "manager"),
        Program(client, ""),
    ]
    reported = {"kind": "technical", "verbatim": "Page blanche"}
    assert (await send(client, passeport.malfunction.key, reported)).status_code == 201
    await storage.problems.sort()
    (problem,) = await storage.problems.find(procedure, Wanted())
    improvement = await programs[0].post("/passeport/improvements", {"day": "2026-03-01", "words": "Plus court"})
    link = await programs[0].post("/passeport/links", {"recipient": "Observatoire"})
    values = {
        "{slug:str}": "passeport",
        "{key:str}": passeport.key,
        "{malfunction:int}": str(problem.id),
        "{improvement:int}": str(improvement.json()["id"]),
        "{id:str}": link.json()["id"],
    }
    wrong = []
    for (method, pattern), expected in TABLE.items():
        path = pattern
        for name, value in values.items():
            path = path.replace(name, value)
        for name, each, status in zip(NAMES, programs, expected, strict=True):
            answer = await each.send(method, path)
            if answer.status_code != status:
                wrong.append((name, method, pattern, answer.status_code, status))
    assert wrong == []


async def test_a_reader_that_writes_is_told_so_and_stores_nothing(
    program: Program, passeport: Passeport, storage: Storage
) -> None:
    row = {"date": "2026-03-10", "channel": "counter", "completed": 14}
    answer = await program.post("/passeport/operations", {"rows": [row]})
    assert refusal(answer) == (403, "key-reads-only")
    assert "gestionnaire" in answer.json()["detail"]
    assert await storage.operations.last_day(passeport.procedure) is None


async def test_the_stronger_of_two_roles_holds_and_each_is_taken_alone(
    made: Made, client: AsyncClient, passeport: Passeport, storage: Storage
) -> None:
    procedure = passeport.procedure
    ours = await storage.catalogue.organisation(procedure.organisation, procedure.ministry)
    service = await made.service(procedure)
    program = Program(client, (await made.key(service)).text)

    async def writes() -> int:
        return (await program.post("/passeport/operations")).status_code

    assert await writes() == 403
    await storage.services.grant(service, ours, "manager", by="claude@exemple.fr")
    assert await writes() == 400
    await storage.services.grant(service, ours, "reader", by="claude@exemple.fr")
    assert await writes() == 403
    await storage.services.grant(service, procedure, "manager", by="claude@exemple.fr")
    assert await writes() == 400
    await storage.services.revoke(service, procedure, by="claude@exemple.fr")
    assert await writes() == 403


async def test_of_two_organisations_that_become_one_the_stronger_role_stays(
    made: Made, client: AsyncClient, passeport: Passeport, storage: Storage
) -> None:
    procedure = passeport.procedure
    ours = await storage.catalogue.organisation(procedure.organisation, procedure.ministry)
    other = await storage.catalogue.organisation("Agence des titres", procedure.ministry)
    service = await made.service(ours)
    await storage.services.grant(service, other, "manager", by="claude@exemple.fr")
    await storage.organisations.merge(other.id, ours.id, by="claude@exemple.fr")
    assert [(one.name, one.role) for one in await storage.services.rights(service.id)] == [(ours.name, "manager")]
