"""Programs come in with a key: what it opens, what it does not, for how long, and what the journal says of it."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from httpx import AsyncClient

from collector import keys
from collector.api.door import MOST_WRONG
from collector.errors import Conflict
from collector.exports.rows import INDICATOR_COLUMNS, REVIEW_COLUMNS
from collector.storage import Storage
from collector.storage.journal import Search
from collector.storage.reviews import Filter
from tests.conftest import ALICE, BRUNO, MovableClock, Passeport, broken, found, refusal, send
from tests.service.api.conftest import CLAUDE, Made, Program


async def acts(storage: Storage) -> list[tuple[str, str, str]]:
    """Oldest first."""
    lines = (await storage.journal.before(Search()))[::-1]
    return [(line.act, line.actor, line.subject) for line in lines if line.act.startswith(("key.", "service."))]


async def test_a_key_of_a_procedure_opens_that_one_alone(
    program: Program, storage: Storage, clock: MovableClock
) -> None:
    await found(storage, clock, "permis")
    answer = await program.get("")
    assert [one["slug"] for one in answer.json()["procedures"]] == ["passeport"]
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["vary"] == "Authorization"
    for path in ("reviews", "figures"):
        mine, foreign, missing = [await program.get(f"/{slug}/{path}") for slug in ("passeport", "permis", "rien")]
        assert mine.status_code == 200
        assert refusal(foreign) == refusal(missing) == (404, "not-found")
        assert foreign.text == missing.text


async def test_a_key_of_an_organisation_opens_what_it_has_and_will_have(
    made: Made, passeport: Passeport, storage: Storage, clock: MovableClock
) -> None:
    procedure = passeport.procedure
    ours = await storage.catalogue.organisation(procedure.organisation, procedure.ministry)
    program = await made.program(ours)
    await found(storage, clock, "permis")
    await found(storage, clock, "chasse", organisation="Agence des titres")
    answer = (await program.get("")).json()["procedures"]
    assert {one["slug"] for one in answer} == {"passeport", "permis"}
    assert answer[0]["reviews"] == "https://avis.exemple.fr/api/v1/procedures/passeport/reviews"


async def test_rights_are_given_and_taken_from_the_next_request_on(
    made: Made, client: AsyncClient, passeport: Passeport, storage: Storage, clock: MovableClock
) -> None:
    other = await found(storage, clock, "permis", organisation="Agence des titres")
    service = await made.service(passeport.procedure)
    program = Program(client, (await made.key(service)).text)
    await storage.services.grant(service, other.procedure, "reader", by=CLAUDE)
    await storage.services.grant(service, other.procedure, "reader", by=CLAUDE)
    assert (await program.get("/permis/reviews")).status_code == 200
    await storage.services.revoke(service, other.procedure, by=CLAUDE)
    assert refusal(await program.get("/permis/reviews")) == (404, "not-found")
    assert [act for act, *_ in await acts(storage)].count("service.rights") == 2


async def test_reviews_are_those_of_the_export_in_pages_to_go_on_from(
    program: Program, client: AsyncClient, passeport: Passeport
) -> None:
    for n in range(3):
        comment = {"satisfaction": "bad", "verbatim": f"Page blanche n° {n}. Écrivez à marie.durand@exemple.fr"}
        assert (await send(client, passeport.key, comment)).status_code == 201
    first = (await program.get("/passeport/reviews", limit=2)).json()
    assert (first["count"], first["more"], first["after"]) == (2, True, 0)
    assert list(first["rows"][0]) == first["columns"] == list(REVIEW_COLUMNS)
    assert "marie.durand" not in first["rows"][0]["verbatim"]
    rest = (await program.get("/passeport/reviews", after=first["next"], limit=2)).json()
    assert (rest["count"], rest["more"]) == (1, False)
    assert len({row["id"] for row in [*first["rows"], *rest["rows"]]}) == 3
    late = uuid4()
    await send(client, passeport.key, id=late)
    await send(client, passeport.key, {"satisfaction": "medium"}, id=late)
    new = (await program.get("/passeport/reviews", after=rest["next"])).json()
    assert [row["satisfaction"] for row in new["rows"]] == ["medium"], "as it is now, once"


async def test_a_review_that_was_removed_is_told_to_who_copied_it(
    program: Program, client: AsyncClient, passeport: Passeport, storage: Storage, clock: MovableClock
) -> None:
    await send(client, passeport.key)
    page = (await program.get("/passeport/reviews")).json()
    (review,) = await storage.reviews.before(passeport.procedure, Filter())
    await storage.amendments.amend([(passeport.procedure.id, review.seq)], lambda _review: None)
    again = (await program.get("/passeport/reviews", after=page["next"])).json()
    assert again["rows"] == [{"id": page["rows"][0]["id"], "deleted": True}]


async def test_figures_are_exact_where_the_public_is_told_nothing_yet(
    program: Program, client: AsyncClient, passeport: Passeport
) -> None:
    for satisfaction in ("good", "good", "bad"):
        await send(client, passeport.key, {"satisfaction": satisfaction})
    public = (await client.get("/api/v1/procedures/passeport/indicators")).json()
    assert public["suppressed"]
    answer = (await program.get("/passeport/figures")).json()
    assert answer["columns"] == list(INDICATOR_COLUMNS) == list(answer["rows"][0])
    satisfaction = next(row for row in answer["rows"] if row["indicator"] == "satisfaction")
    assert (satisfaction["count"], round(satisfaction["value"], 2)) == (3, 6.67)
    before = (await program.get("/passeport/figures", **{"from": "2026-01-01", "to": "2026-03-11"})).json()
    assert before["rows"][0] | {"count": 0, "value": None, "to_day": "2026-03-11"} == before["rows"][0]


async def test_the_public_indicators_are_the_same_with_a_key(
    program: Program, client: AsyncClient, passeport: Passeport
) -> None:
    await send(client, passeport.key)
    with_key = await program.get("/passeport/indicators")
    assert with_key.json() == (await client.get("/api/v1/procedures/passeport/indicators")).json()
    assert with_key.headers["cache-control"].startswith("public")


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/passeport/reviews", {"limit": "0"}),
        ("/passeport/reviews", {"limit": "1001"}),
        ("/passeport/reviews", {"after": "-1"}),
        ("/passeport/reviews", {"after": "hier"}),
        ("/passeport/figures", {"from": "hier"}),
        ("/passeport/figures", {"from": "20260101"}),
        ("/passeport/figures", {"from": "2026-03-02", "to": "2026-03-01"}),
    ],
)
async def test_a_parameter_out_of_bounds_is_refused(program: Program, path: str, query: dict[str, str]) -> None:
    assert refusal(await program.get(path, **query)) == (400, "bad-request")


async def test_without_a_key_nothing_is_read(client: AsyncClient, passeport: Passeport) -> None:
    for path in ("", "/passeport/reviews", "/passeport/figures", "/rien/reviews"):
        for headers in ({}, {"Authorization": "Basic YWxpY2U6YWJlaWxsZXM="}):
            answer = await client.get(f"/api/v1/procedures{path}", headers=headers)
            assert refusal(answer) == (401, "key-required")
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_key_opens_no_page_of_the_admin_and_a_session_opens_no_api(
    program: Program, client: AsyncClient
) -> None:
    headers = {"Authorization": f"Bearer {program.key}", "Cookie": f"__Host-avis_session={program.key}"}
    page = await client.get("/admin", headers=headers)
    assert (page.status_code, page.headers["location"]) == (303, "/admin/connexion")
    posted = await client.post("/admin/demarches/passeport/fermer", headers=headers)
    assert posted.status_code == 303


async def test_whoever_changes_a_letter_has_no_key(program: Program, passeport: Passeport) -> None:
    right = program.key
    for wrong in (
        right[:-1] + ("0" if right[-1] != "0" else "1"),
        right[:5] + "00000000" + right[13:],
        right.upper(),
        right[:-1],
        right + "0",
        "avis_",
        "",
    ):
        program.key = wrong
        assert refusal(await program.get("")) == (401, "key-invalid"), wrong
    program.key = right
    assert (await program.get("")).status_code == 200


async def test_a_key_ends_on_its_day_or_when_it_is_revoked(
    made: Made, client: AsyncClient, passeport: Passeport, storage: Storage, clock: MovableClock
) -> None:
    service = await made.service(passeport.procedure)
    old = await made.key(service)
    clock.move(days=300)
    new = await made.key(service)
    programs = [Program(client, key.text) for key in (old, new)]
    assert [(await each.get("")).status_code for each in programs] == [200, 200], (
        "two hold while one replaces the other"
    )
    assert await storage.services.revoke_key(service, new.id, clock(), by=CLAUDE)
    assert not await storage.services.revoke_key(service, new.id, clock(), by=CLAUDE)
    assert refusal(await programs[1].get("")) == (401, "key-revoked")
    clock.move(days=65)
    assert refusal(await programs[0].get("")) == (401, "key-expired")


async def test_a_third_key_waits_until_one_of_two_has_ended(
    made: Made, passeport: Passeport, storage: Storage, clock: MovableClock
) -> None:
    service = await made.service(passeport.procedure)
    results = await asyncio.gather(*(made.key(service) for _ in range(4)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in results) == ["Conflict", "Conflict", "Key", "Key"]
    first = next(each for each in results if isinstance(each, keys.Key))
    await storage.services.revoke_key(service, first.id, clock(), by=CLAUDE)
    await made.key(service)
    with pytest.raises(Conflict):
        await made.key(service)
    clock.move(days=366)
    await made.key(service)


async def test_nothing_in_the_database_opens_anything(program: Program, storage: Storage) -> None:
    async with storage.engine.read() as connection:
        row = await (await connection.execute("SELECT * FROM api_key")).fetchone()
    assert program.key[14:] not in str(dict(row))
    assert keys.read(row["digest"]) is None


async def test_the_journal_has_the_making_the_first_use_and_the_end(
    made: Made, client: AsyncClient, passeport: Passeport, storage: Storage, clock: MovableClock
) -> None:
    service = await made.service(passeport.procedure)
    key = await made.key(service)
    name = f"avis_{key.id}"
    program = Program(client, key.text)
    await asyncio.gather(*(program.get("") for _ in range(3)))
    clock.move(minutes=20)
    await program.get("")
    await storage.services.revoke_key(service, key.id, clock(), by=CLAUDE)
    assert await acts(storage) == [
        ("service.create", CLAUDE, "Tableau de bord"),
        ("key.create", CLAUDE, name),
        ("key.use", name, name),
        ("key.revoke", CLAUDE, name),
    ]
    said = str(await storage.journal.before(Search()))
    assert key.text[14:] not in said
    assert key.digest not in said


async def test_the_last_use_is_known_to_some_minutes(
    made: Made, client: AsyncClient, passeport: Passeport, storage: Storage, clock: MovableClock
) -> None:
    service = await made.service(passeport.procedure)
    program = Program(client, (await made.key(service)).text)
    began = clock()
    used = []
    for minutes in (0, 4, 2):
        clock.move(minutes=minutes)
        await program.get("")
        used.append((await storage.services.keys(service.id))[0].used_at)
    assert used == [began, began, began + timedelta(minutes=6)]


async def test_a_first_use_that_cannot_be_noted_opens_nothing_a_later_one_does(
    program: Program, storage: Storage, clock: MovableClock
) -> None:
    async with broken(storage, "journal"):
        assert refusal(await program.get("")) == (503, "storage-unavailable")
    assert (await program.get("")).status_code == 200
    clock.move(minutes=20)
    async with broken(storage, "journal"):
        assert (await program.get("")).status_code == 200


async def test_wrong_keys_are_told_to_wait_and_a_right_one_beside_them_is_not(program: Program) -> None:
    right, program.key = program.key, keys.draw().text
    answers = [refusal(await program.get("")) for _ in range(MOST_WRONG + 1)]
    assert answers == [(401, "key-invalid")] * MOST_WRONG + [(429, "too-many")]
    waits = await program.get("")
    assert 0 < int(waits.headers["retry-after"]) <= 15 * 60
    program.address = ALICE
    assert refusal(await program.get("")) == (401, "key-invalid")
    program.address, program.key = BRUNO, right
    assert (await program.get("")).status_code == 200


async def test_the_description_has_the_routes_their_key_and_their_refusals(client: AsyncClient) -> None:
    described = (await client.get("/schema")).json()
    assert described["components"]["securitySchemes"]["key"] == {"type": "http", "scheme": "bearer"}
    for path in ("", "/{slug}/reviews", "/{slug}/figures"):
        operation = described["paths"][f"/api/v1/procedures{path}"]["get"]
        assert operation["security"] == [{"key": []}]
        assert {"200", "401", "429", "503"} <= set(operation["responses"])
        assert list(operation["responses"]["401"]["content"]) == ["application/problem+json"]
    assert "security" not in described["paths"]["/api/v1/procedures/{slug}/indicators"]["get"]
