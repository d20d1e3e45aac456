"""`POST /api/v1/reviews`, on both databases: what is accepted, and every refusal with its status, code and path."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient

from collector.indicators import COUNTS
from collector.privacy.contacts import unseal
from collector.schema import Review, Submission
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.reviews import Filter, Listed
from tests.conftest import (
    ALICE,
    BRUNO,
    GOOD,
    MAIRIE,
    MovableClock,
    Passeport,
    fields,
    found,
    opened,
    refusal,
    send,
)

FULL: dict[str, Any] = {
    "satisfaction": "medium",
    "comprehension": 4,
    "contact_tried": ["phone", "email", "other"],
    "contact_tried_other": "Un voisin",
    "contact_reached": {"phone": True, "email": False},
    "contact_satisfaction": {"phone": 5},
    "verbatim": "Merci, tout était clair.",
}
REPORT: dict[str, Any] = {
    "kind": "technical",
    "verbatim": "La page reste blanche après le paiement",
    "device": "phone",
    "browser": "firefox",
    "contact_email": "alice@exemple.fr",
}


async def kept(storage: Storage, passeport: Passeport) -> list[Listed]:
    """What is stored, oldest first."""
    return (await storage.reviews.before(passeport.procedure, Filter()))[::-1]


async def one(storage: Storage, passeport: Passeport) -> Review:
    (listed,) = await kept(storage, passeport)
    return listed.review


async def test_the_first_click_is_an_opinion(client: AsyncClient, storage: Storage, passeport: Passeport) -> None:
    answer = await send(client, passeport.key, {"satisfaction": "good"})
    assert (answer.status_code, answer.json()) == (201, {"status": "created"})
    review = await one(storage, passeport)
    assert (review.satisfaction, review.lang, review.page, review.day) == ("good", "fr", None, "2026-03-12")
    assert (review.comprehension, review.contact_tried, review.contact_reached, review.verbatim) == (None, (), {}, None)


async def test_every_field_of_the_satisfaction_form_is_kept(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    answer = await send(client, passeport.key, FULL, lang="en", page="/demarche/fin?dossier=8127#etape")
    assert answer.status_code == 201
    review = await one(storage, passeport)
    assert (review.satisfaction, review.comprehension) == ("medium", 4)
    assert review.contact_tried == ("phone", "email", "other")
    assert review.contact_tried_other == "Un voisin"
    assert review.contact_reached == {"phone": True, "email": False}
    assert review.contact_satisfaction == {"phone": 5}
    assert review.verbatim == "Merci, tout était clair."
    assert (review.lang, review.page, review.form, review.form_version) == ("en", "/demarche/fin", "satisfaction", 1)
    assert review.placement_id == passeport.placement.id


async def test_every_field_of_the_malfunction_form_is_kept(
    client: AsyncClient, storage: Storage, settings: Settings, passeport: Passeport
) -> None:
    answer = await send(client, passeport.malfunction.key, REPORT)
    assert answer.status_code == 201
    review = await one(storage, passeport)
    assert (review.form, review.kind, review.device, review.browser) == ("malfunction", "technical", "phone", "firefox")
    assert review.verbatim == "La page reste blanche après le paiement"
    async with storage.engine.read() as connection:
        cursor = await connection.execute("SELECT sealed, delete_after FROM contact")
        contact = await cursor.fetchone()
    assert unseal(bytes(contact["sealed"]), settings.secret_keys) == "alice@exemple.fr"
    assert contact["delete_after"] == "2026-05-11", "sixty days later"


async def test_an_email_is_gone_after_sixty_days(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    await send(client, passeport.malfunction.key, REPORT)
    for days, left in ((60, 1), (1, 0)):
        clock.move(days=days)
        await storage.intake.forget(clock())
        async with storage.engine.read() as connection:
            cursor = await connection.execute("SELECT COUNT(*) AS number FROM contact")
            assert (await cursor.fetchone())["number"] == left
    assert (await one(storage, passeport)).verbatim == REPORT["verbatim"], "the report itself stays"


async def test_an_email_is_refused_where_it_was_not_asked_for(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    without = await storage.catalogue.add_placement(
        passeport.procedure, channel="web", form="malfunction", label="Sans e-mail", now=clock()
    )
    answer = await send(client, without.key, REPORT)
    assert refusal(answer) == (422, "invalid-answers")
    assert fields(answer) == [("$.answers.contact_email", "not-asked")]
    assert await kept(storage, passeport) == []


# ---- The same id again


async def test_sending_twice_is_always_safe(client: AsyncClient, storage: Storage, passeport: Passeport) -> None:
    mine = uuid4()
    first, again = [await send(client, passeport.key, FULL, id=mine) for _ in range(2)]
    assert (first.status_code, again.status_code, again.json()) == (201, 200, {"status": "enriched"})
    (listed,) = await kept(storage, passeport)
    assert listed.change == 1, "what changes nothing is not exported again"


async def test_an_id_is_the_same_in_capitals(client: AsyncClient, storage: Storage, passeport: Passeport) -> None:
    mine = "0b8a4bb2-7a3c-4f39-9d6e-0c5d3a5a6b7c"
    for text in (mine, mine.upper()):
        body = {"id": text, "key": passeport.key, "answers": GOOD}
        assert (await client.post("/api/v1/reviews", json=body)).is_success
    assert len(await kept(storage, passeport)) == 1


async def test_a_later_step_replaces_the_answers_and_nothing_else(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    mine = uuid4()
    await send(client, passeport.key, {"satisfaction": "bad", "comprehension": 1}, id=mine)
    first = await one(storage, passeport)
    clock.move(minutes=9)
    answer = await send(client, passeport.key, {"satisfaction": "medium", "verbatim": "Long"}, id=mine)
    assert (answer.status_code, answer.json()) == (200, {"status": "enriched"})
    review = await one(storage, passeport)
    assert (review.satisfaction, review.comprehension, review.verbatim) == ("medium", None, "Long")
    assert (review.public_id, review.minute, review.day) == (first.public_id, first.minute, first.day)


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (60, 200), (61, 409)])
async def test_a_review_is_closed_after_sixty_minutes(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock, minutes: int, status: int
) -> None:
    mine = uuid4()
    await send(client, passeport.key, {"satisfaction": "bad"}, id=mine)
    clock.move(minutes=minutes)
    answer = await send(client, passeport.key, {"satisfaction": "good"}, id=mine)
    assert answer.status_code == status
    assert (await one(storage, passeport)).satisfaction == ("good" if status == 200 else "bad")
    if status == 409:
        assert refusal(answer) == (409, "review-closed")
        assert (await send(client, passeport.key)).status_code == 201, "a new opinion is welcome"


async def test_a_review_that_began_before_midnight_stays_in_its_day(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    clock.move(hours=11, minutes=50)
    mine = uuid4()
    await send(client, passeport.key, {"satisfaction": "bad"}, id=mine)
    clock.move(minutes=20)
    assert (await send(client, passeport.key, {"satisfaction": "good"}, id=mine)).status_code == 200
    assert (await one(storage, passeport)).day == "2026-03-12"
    by_day = await storage.reviews.counts_by_day(passeport.procedure, "2026-03-01", "2026-03-31")
    assert {day: counts["reviews"] for day, counts in by_day.items()} == {"2026-03-12": 1}


async def test_the_same_id_on_another_procedure_is_another_review(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    permis = await found(storage, clock, "permis")
    mine = uuid4()
    for key in (passeport.key, permis.key):
        assert (await send(client, key, id=mine)).status_code == 201
    assert len(await kept(storage, passeport)) == len(await kept(storage, permis)) == 1


async def test_the_id_of_a_satisfaction_review_changes_no_malfunction(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    mine = uuid4()
    await send(client, passeport.key, id=mine)
    assert refusal(await send(client, passeport.malfunction.key, REPORT, id=mine)) == (409, "review-closed")
    assert (await one(storage, passeport)).satisfaction == "good"
    async with storage.engine.read() as connection:
        cursor = await connection.execute("SELECT COUNT(*) AS number FROM contact")
        assert (await cursor.fetchone())["number"] == 0


async def test_the_browsers_id_is_stored_nowhere(client: AsyncClient, storage: Storage, passeport: Passeport) -> None:
    mine = uuid4()
    await send(client, passeport.key, id=mine)
    review = await one(storage, passeport)
    assert mine.hex not in f"{review}"
    assert str(mine) not in f"{review}"
    assert review.public_id != review.capability


# ---- Refusals


async def post(client: AsyncClient, body: bytes, **headers: str) -> tuple[int, str]:
    return refusal(await client.post("/api/v1/reviews", content=body, headers=headers))


def body_of(key: str, /, **change: object) -> bytes:
    body = {"id": str(UUID(int=7)), "key": key, "answers": GOOD, **change}
    return json.dumps({name: value for name, value in body.items() if value is not ...}).encode()


async def test_what_is_not_json_is_refused(client: AsyncClient, passeport: Passeport) -> None:
    whole = body_of(passeport.key)
    for body in (
        b"",
        whole[:-1],
        b"\xff" + whole,
        whole + whole,
        whole.replace(b'"good"', b'"good", "satisfaction": "bad"'),
        whole.replace(b'"good"', b'"\\ud800"'),
        whole.replace(b'{"satisfaction": "good"}', b"[" * 20_000 + b"]" * 20_000),
    ):
        assert await post(client, body) == (400, "malformed-json")
    assert await post(client, whole.replace(b'"good"', b"1" * 5000)) == (422, "invalid-answers")


BAD_FIELDS: list[tuple[dict[str, object], str, str]] = [
    ({"id": ...}, "$.id", "required"),
    ({"id": "alice"}, "$.id", "malformed"),
    ({"key": ...}, "$.key", "required"),
    ({"answers": ...}, "$.answers", "required"),
    ({"answers": {}}, "$.answers.satisfaction", "required"),
    ({"answers": {"satisfaction": "excellent"}}, "$.answers.satisfaction", "unknown-code"),
    ({"answers": {**GOOD, "comprehension": 9}}, "$.answers.comprehension", "out-of-range"),
    ({"answers": {**GOOD, "comprehension": "4"}}, "$.answers.comprehension", "wrong-type"),
    ({"answers": {**GOOD, "contact_tried": ["none", "phone"]}}, "$.answers.contact_tried", "exclusive"),
    ({"answers": {**GOOD, "contact_reached": {"chat": True}}}, "$.answers.contact_reached.chat", "not-tried"),
    ({"answers": {**GOOD, "contact_tried_other": "?"}}, "$.answers.contact_tried_other", "not-asked"),
    ({"answers": {**GOOD, "verbatim": "é" * 5001}}, "$.answers.verbatim", "too-long"),
    ({"answers": {**GOOD, "verbatim": "a\x00b"}}, "$.answers.verbatim", "control-characters"),
    ({"answers": REPORT}, "$.answers.kind", "unknown-field"),
    ({"lang": "FR"}, "$.lang", "malformed"),
    ({"page": "/a\x00b"}, "$.page", "malformed"),
    ({"visitor": "alice"}, "$.visitor", "unknown-field"),
]


async def test_a_bad_field_is_named(client: AsyncClient, storage: Storage, passeport: Passeport) -> None:
    for change, path, code in BAD_FIELDS:
        answer = await client.post("/api/v1/reviews", content=body_of(passeport.key, **change))
        assert refusal(answer) == (422, "invalid-answers"), change
        assert fields(answer) == [(path, code)]
    assert await kept(storage, passeport) == []


async def test_the_longest_comment_is_kept_whole(client: AsyncClient, storage: Storage, passeport: Passeport) -> None:
    text = "Ça va. 👍 " * 555 + "Merci"
    assert len(text) == 5000
    assert (await send(client, passeport.key, {**GOOD, "verbatim": text})).status_code == 201
    assert (await one(storage, passeport)).verbatim == text


async def test_an_unknown_key_is_not_found(client: AsyncClient, passeport: Passeport) -> None:
    for key in ("nobody", "", "é", "a/b", "\x00", "' OR 1=1 --", "%", "k" * 64):
        assert refusal(await send(client, key)) == (404, "unknown-key"), key


async def test_ten_megabytes_are_refused_before_they_are_read(client: AsyncClient, passeport: Passeport) -> None:
    huge = body_of(passeport.key, answers={**GOOD, "verbatim": "a" * 10_000_000})
    assert await post(client, huge) == (413, "too-large")

    async def drip() -> Any:
        for at in range(0, len(huge), 65_536):
            taken.append(at)
            yield huge[at : at + 65_536]

    taken: list[int] = []
    answer = await client.post("/api/v1/reviews", content=drip())
    assert refusal(answer) == (413, "too-large")
    assert len(taken) <= 3, "without a length, reading stops at the bound"


async def test_only_post_sends_a_review(client: AsyncClient) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answer = await client.request(method, "/api/v1/reviews")
        assert refusal(answer) == (405, "method-not-allowed")
        assert answer.headers["allow"] == "POST, OPTIONS"


async def test_a_placement_that_was_closed_elsewhere_is_closed_here_at_once(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    mine = uuid4()
    assert (await send(client, passeport.key, id=mine)).status_code == 201, "so that this process knows the placement"
    assert await storage.catalogue.close_placement(passeport.key, clock())
    assert refusal(await send(client, passeport.key)) == (410, "placement-closed")
    assert refusal(await send(client, passeport.key, id=mine)) == (410, "placement-closed")
    assert (await send(client, passeport.malfunction.key, REPORT)).status_code == 201, "its neighbour stays open"
    await storage.catalogue.reopen_placement(passeport.key)
    assert (await send(client, passeport.key)).status_code == 201
    assert len(await kept(storage, passeport)) == 3


@pytest.mark.parametrize("state", ["draft", "closed", "archived"])
async def test_a_procedure_that_is_not_open_takes_no_review(
    client: AsyncClient, storage: Storage, passeport: Passeport, state: Any
) -> None:
    assert (await send(client, passeport.key)).status_code == 201
    await storage.catalogue.set_state("passeport", state)
    for key in (passeport.key, passeport.malfunction.key):
        answers = GOOD if key == passeport.key else REPORT
        assert refusal(await send(client, key, answers)) == (410, "placement-closed")
    assert len(await kept(storage, passeport)) == 1


# ---- Where it comes from


async def test_only_the_sites_of_a_procedure_may_send(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    for origin, status in {
        MAIRIE: 201,
        "https://avis.exemple.fr": 201,
        "http://mairie.exemple.fr": 403,
        "https://mairie.exemple.fr:8443": 403,
        "https://mairie.exemple.fr.attaque.example": 403,
        "https://MAIRIE.exemple.fr": 403,
        "https://ailleurs.exemple.fr": 403,
        "null": 403,
        "": 403,
        "é": 403,
    }.items():
        headers = {"Origin": origin.encode(), "Content-Type": b"application/json"}
        body = body_of(passeport.key, id=str(uuid4()))
        answer = await client.post("/api/v1/reviews", content=body, headers=list(headers.items()))  # type: ignore[arg-type]  # bytes are what a hostile client sends
        assert answer.status_code == status, origin
        if status == 201:
            assert answer.headers["access-control-allow-origin"] == origin
            assert answer.headers["vary"] == "Origin"
        else:
            assert refusal(answer) == (403, "origin-not-allowed")
            assert "access-control-allow-origin" not in answer.headers
        assert "access-control-allow-credentials" not in answer.headers
        assert "set-cookie" not in answer.headers
    assert len(await kept(storage, passeport)) == 2


async def test_a_preflight_allows_a_post_of_json(client: AsyncClient) -> None:
    answer = await client.options(
        "/api/v1/reviews",
        headers={
            "Origin": MAIRIE,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert answer.status_code == 204
    assert answer.content == b""
    assert answer.headers["access-control-allow-methods"] == "POST"
    assert answer.headers["access-control-allow-headers"] == "content-type"
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_site_may_read_why_it_was_refused(client: AsyncClient, passeport: Passeport) -> None:
    answer = await send(client, passeport.key, {"satisfaction": "excellent"}, headers={"Origin": MAIRIE})
    assert refusal(answer) == (422, "invalid-answers")
    assert answer.headers["access-control-allow-origin"] == MAIRIE
    assert answer.headers["access-control-expose-headers"] == "Retry-After"


async def test_a_site_that_the_owner_adds_elsewhere_may_send_at_once(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    new = {"Origin": "https://nouveau.exemple.fr"}
    assert refusal(await send(client, passeport.key, headers=new)) == (403, "origin-not-allowed")
    await storage.catalogue.update_procedure(
        "passeport",
        title=passeport.procedure.title,
        audiences=passeport.procedure.audiences,
        origins=[new["Origin"]],
        contexts=[],
    )
    assert (await send(client, passeport.key, headers=new)).status_code == 201
    assert refusal(await send(client, passeport.key, headers={"Origin": MAIRIE})) == (403, "origin-not-allowed")


async def test_a_site_that_the_owner_removes_elsewhere_is_refused_at_once(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    assert (await send(client, passeport.key, headers={"Origin": MAIRIE})).status_code == 201
    await storage.catalogue.update_procedure(
        "passeport", title=passeport.procedure.title, audiences=passeport.procedure.audiences, origins=[], contexts=[]
    )
    assert refusal(await send(client, passeport.key, headers={"Origin": MAIRIE})) == (403, "origin-not-allowed")
    assert len(await kept(storage, passeport)) == 1


async def test_alice_and_bruno_are_two_opinions_and_one_count(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    for address, satisfaction in ((ALICE, "good"), (BRUNO, "bad")):
        await send(client, passeport.key, {"satisfaction": satisfaction}, address=address)
    counts = await storage.reviews.counts(passeport.procedure, "2026-03-12", "2026-03-12")
    assert list(counts) == list(COUNTS)
    assert {name: number for name, number in counts.items() if number} == {
        "reviews": 2,
        "satisfaction_good": 1,
        "satisfaction_bad": 1,
    }


async def test_two_instances_write_to_one_database(
    client: AsyncClient, storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    from collector.app import create_app
    from tests.conftest import running

    async with running(create_app(settings, clock), settings) as other:
        mine = uuid4()
        assert (await send(client, passeport.key, id=mine)).status_code == 201
        assert (await send(other, passeport.key, FULL, id=mine)).status_code == 200
    async with opened(settings, clock) as third:
        assert (await one(third, passeport)).comprehension == 4


def test_the_envelope_has_no_place_for_anything_else() -> None:
    assert Submission.__struct_fields__ == ("id", "key", "answers", "lang", "page", "context")
