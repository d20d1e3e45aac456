"""The national service's API shape: a job that was written for it reads ours, with another address and another key."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from httpx import AsyncClient, Response
from litestar import Litestar

from collector.api.door import WHO
from collector.api.national import OWN_NUMBERS
from collector.national.statistics import steps
from collector.old_links import OldLink
from collector.schema import parse_day
from collector.storage import Storage
from tests.conftest import NOON, MovableClock, Passeport, broken, found, refusal
from tests.history import given
from tests.service.api.conftest import Made, Program

NATIONAL = "/api/open-api"
YEAR = {"start_date": "2026-01-01", "end_date": "2026-12-31"}
HELPED = {
    "satisfaction": "good",
    "comprehension": 5,
    "contact_tried": ["phone", "relative"],
    "contact_reached": {"phone": True},
    "contact_satisfaction": {"phone": 4},
}
MISSED = {"satisfaction": "bad", "contact_tried": ["phone"], "contact_reached": {"phone": False}}


class Job:
    """A consumer written from the documented shape alone: it knows nothing of ours but the address and the key."""

    def __init__(self, client: AsyncClient, key: str) -> None:
        self._client, self._headers = client, {"Authorization": f"Bearer {key}"}

    async def services(self) -> list[dict[str, Any]]:
        answer = await self._client.get(f"{NATIONAL}/services", headers=self._headers)
        return list(answer.raise_for_status().json()["data"])

    async def ask(self, **body: Any) -> Response:
        return await self._client.post(f"{NATIONAL}/statistiques", json=body, headers=self._headers)

    async def satisfaction(self, product: int, **body: Any) -> dict[str, dict[str, int]]:
        """By interval: how many were happy, by the `intention` that the service gives to each answer."""
        asked = await self.ask(product_ids=[product], field_codes=["satisfaction"], **body)
        (service,) = asked.raise_for_status().json()["data"]
        assert service["product_id"] == str(product)
        return {
            interval["date"]: {hit["intention"]: hit["count"] for hit in category["number_hits"]}
            for form in service["forms"]
            for interval in form["intervals"]
            for category in interval["data"]
        }


@pytest.fixture
def job(client: AsyncClient, program: Program) -> Job:
    return Job(client, program.key)


async def said(storage: Storage, passeport: Passeport, day: str, answers: dict[str, Any], times: int = 1) -> None:
    moment = datetime.fromisoformat(f"{day}T11:00:00+00:00")
    await given(storage, passeport.procedure, passeport.placement, moment, answers, times=times)


async def test_a_job_finds_its_services_and_counts_by_interval(
    job: Job, passeport: Passeport, storage: Storage
) -> None:
    for day, answers, times in (("2026-01-31", HELPED, 2), ("2026-02-01", MISSED, 3), ("2026-02-02", HELPED, 1)):
        await said(storage, passeport, day, answers, times)
    (service,) = await job.services()
    assert (service["title"], service["entity"]) == ("Demander un passeport", "Mairie d'Exemple")
    assert [form["title"] for form in service["forms"]] == [
        "Évaluation de la satisfaction usager",
        "Remontées d'informations",
    ]
    number = service["id"]
    assert await job.satisfaction(number, **YEAR) == {"all_time": {"good": 3, "bad": 3}}
    assert await job.satisfaction(number, **YEAR, interval="month") == {
        "2026-01-01T00:00:00.000Z": {"good": 2},
        "2026-02-01T00:00:00.000Z": {"bad": 3, "good": 1},
    }
    assert await job.satisfaction(number, start_date="2026-02-01", end_date="2026-02-01", interval="day") == {
        "2026-02-01T00:00:00.000Z": {"bad": 3}
    }
    assert await job.satisfaction(number, **YEAR, interval="week") == {
        "2026-01-26T00:00:00.000Z": {"good": 2, "bad": 3},
        "2026-02-02T00:00:00.000Z": {"good": 1},
    }


async def test_what_was_said_of_a_desk_stands_below_it(job: Job, passeport: Passeport, storage: Storage) -> None:
    await said(storage, passeport, "2026-03-01", HELPED, 2)
    await said(storage, passeport, "2026-03-01", MISSED)
    body = (await job.ask(**YEAR, field_codes=["contact_tried", "contact_reached"])).json()
    tried, reached = body["data"][0]["forms"][0]["intervals"][0]["data"]
    assert tried["label"].startswith("Durant votre parcours, avez-vous tenté")
    phone, relative = tried["number_hits"]
    assert (phone["label"], phone["intention"], phone["count"]) == ("Par téléphone avec l’administration", "neutral", 3)
    assert [one["category"] for one in phone["children"]] == ["contact_reached", "contact_satisfaction"]
    assert phone["children"][0]["number_hits"] == [
        {"intention": "good", "label": "Oui", "count": 2},
        {"intention": "bad", "label": "Non", "count": 1},
    ]
    assert phone["children"][1]["number_hits"] == [{"intention": "good", "label": "Bonne", "count": 2}]
    assert relative == {"intention": "neutral", "label": "Une personne proche", "count": 2}
    assert [hit["count"] for hit in reached["number_hits"]] == [2, 1]


async def test_malfunctions_are_a_form_of_their_own(job: Job, passeport: Passeport, storage: Storage) -> None:
    report = {"kind": "technical", "verbatim": "Page blanche"}
    await given(storage, passeport.procedure, passeport.malfunction, NOON - timedelta(days=1), report, times=2)
    await said(storage, passeport, "2026-03-01", HELPED)
    (service,) = await job.services()
    forms = (await job.ask(**YEAR)).json()["data"][0]["forms"]
    assert [one["form_id"] for one in forms] == [str(form["id"]) for form in service["forms"]]
    (only,) = (await job.ask(**YEAR, form_ids=[service["forms"][1]["id"]])).json()["data"][0]["forms"]
    assert only["intervals"][0]["data"][0]["category"] == "bug_kind"
    assert only["intervals"][0]["data"][0]["number_hits"][0]["count"] == 2


async def test_a_procedure_keeps_its_number(
    job: Job, passeport: Passeport, storage: Storage, made: Made, client: AsyncClient
) -> None:
    assert [one["id"] for one in await job.services()] == [OWN_NUMBERS + passeport.procedure.id]
    links = [OldLink(4321, "button", "7")]
    await storage.old_links.adopt(passeport.procedure, passeport.placement, links, by="claude@exemple.fr")
    assert [one["id"] for one in await job.services()] == [4321]
    assert (await job.ask(**YEAR, product_ids=[4321])).status_code == 200


async def test_the_same_is_asked_by_an_address(job: Job, passeport: Passeport, storage: Storage) -> None:
    await said(storage, passeport, "2026-03-01", HELPED)
    asked = {**YEAR, "interval": "month", "field_codes": ["satisfaction", "comprehension"]}
    answer = await job._client.get(f"{NATIONAL}/statistiques", params=asked, headers=job._headers)
    assert answer.json() == (await job.ask(**asked)).json()
    assert len(answer.json()["data"][0]["forms"][0]["intervals"][0]["data"]) == 2


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({}, (422, "invalid-fields")),
        ({**YEAR, "start_date": "janvier"}, (400, "bad-request")),
        ({"start_date": "2026-02-01", "end_date": "2026-01-01"}, (400, "bad-request")),
        ({**YEAR, "interval": "hour"}, (422, "invalid-fields")),
        ({**YEAR, "product_ids": [12]}, (400, "bad-request")),
        ({**YEAR, "form_ids": [12]}, (400, "bad-request")),
        ({"start_date": "1990-01-01", "end_date": "2026-01-01", "interval": "day"}, (400, "bad-request")),
    ],
)
async def test_what_cannot_be_asked_is_told(job: Job, body: dict[str, Any], refused: tuple[int, str]) -> None:
    assert refusal(await job.ask(**body)) == refused


async def test_ten_services_at_most_and_none_of_others(
    job: Job, made: Made, client: AsyncClient, passeport: Passeport, storage: Storage, clock: MovableClock
) -> None:
    ours = await storage.catalogue.organisation(passeport.procedure.organisation, passeport.procedure.ministry)
    for n in range(10):
        await found(storage, clock, f"permis-{n}")
    many = Job(client, (await made.program(ours)).key)
    assert len(await many.services()) == 11
    assert refusal(await many.ask(**YEAR)) == (400, "bad-request")
    ids = [one["id"] for one in await many.services()]
    assert (await many.ask(**YEAR, product_ids=ids[:10])).status_code == 200
    assert (await job.ask(**YEAR, product_ids=ids[:2])).status_code == 400, "one of them is not this key's"


async def test_health_is_for_anybody_and_the_rest_for_keys(client: AsyncClient, passeport: Passeport) -> None:
    assert (await client.get(f"{NATIONAL}/health")).json() == {"status": "ok", "database": "ok", "elk": "ok"}
    assert refusal(await client.get(f"{NATIONAL}/services")) == (401, "key-required")
    assert refusal(await client.post(f"{NATIONAL}/statistiques", json=YEAR)) == (401, "key-required")
    assert refusal(await client.get(f"{NATIONAL}/statistiques", params=YEAR)) == (401, "key-required")


async def test_health_says_when_the_database_is_away(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    async with broken(storage, "review"):
        assert (await client.get(f"{NATIONAL}/health")).status_code == 503


@pytest.mark.parametrize("environ", ["sqlite"], indirect=True)
def test_no_other_route_stands_here(app: Litestar) -> None:
    met = {
        (method, route.path.removeprefix(NATIONAL), handler.opt.get("who") in WHO)
        for route in app.routes
        if route.path.startswith(NATIONAL)
        for handler in getattr(route, "route_handlers", [])
        for method in handler.http_methods
        if method != "OPTIONS"
    }
    assert met == {
        ("GET", "/health", False),
        ("GET", "/services", True),
        ("GET", "/statistiques", True),
        ("POST", "/statistiques", True),
    }


def test_intervals_cover_each_day_once() -> None:
    first, last = parse_day("2025-12-30"), parse_day("2026-03-02")
    for interval in ("day", "week", "month", "year", "none"):
        days = [
            start + timedelta(days=n)
            for _, (start, end) in steps(first, last, interval)
            for n in range((end - start).days + 1)
        ]
        assert days == [first + timedelta(days=n) for n in range((last - first).days + 1)], interval
