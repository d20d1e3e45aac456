"""`GET /api/v1/procedures/{slug}/indicators`: what everybody may see, and nothing of fewer than ten people."""

import asyncio
import random
import re
from datetime import date
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from httpx import AsyncClient, Response

from collector.housekeeping import Housekeeping
from collector.indicators import count_of, indicators, total
from collector.retention import Retention
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.engine import listed
from collector.storage.migrate import known
from collector.storage.reviews import Filter
from tests.conftest import NOON, MovableClock, Passeport, opened, refusal, send
from tests.service.test_counts import check_counts

URL = "/api/v1/procedures/passeport/indicators"
EMPTY = {"count": 0, "value": None, "low": None, "high": None, "level": None, "suppressed": False}
HIDDEN = {**EMPTY, "count": None, "suppressed": True}


def figures(answer: Response) -> dict[str, dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return {each.pop("name"): each for each in answer.json()["indicators"]}


def answers(chance: random.Random) -> dict[str, Any]:
    tried = chance.choice((["none"], ["phone"], ["phone", "chat"], []))
    reached = {desk: chance.random() < 0.6 for desk in tried if desk != "none"}
    return {
        "satisfaction": chance.choice(("bad", "medium", "good")),
        "comprehension": chance.choice((None, 1, 2, 3, 4, 5)),
        "contact_tried": tried,
        "contact_reached": reached,
        "contact_satisfaction": {desk: chance.randint(1, 5) for desk, was in reached.items() if was},
    }


async def test_before_anybody_answered_there_is_no_figure(client: AsyncClient, passeport: Passeport) -> None:
    answer = await client.get(URL)
    body = answer.json()
    assert (body["procedure"], body["title"]) == ("passeport", "Demander un passeport")
    assert (body["from_day"], body["to_day"]) == ("2025-03-13", "2026-03-12")
    assert (body["reviews"], body["suppressed"], body["least"]) == (0, False, 10)
    for figure in figures(answer).values():
        assert {**figure, "scale": None} == {**EMPTY, "scale": None}


async def test_with_enough_reviews_the_figures_are_those_of_every_review(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    chance = random.Random(4)  # noqa: S311 - the same people on both databases
    for _ in range(80):
        assert (await send(client, passeport.key, answers(chance))).is_success
    answer = await client.get(URL)
    reviews = await storage.reviews.before(passeport.procedure, Filter(), number=100)
    whole = indicators(total(count_of(each.review) for each in reviews))
    assert answer.json()["reviews"] == 80
    assert figures(answer) == {
        each.name: {
            "scale": each.scale,
            "count": each.count,
            "value": pytest.approx(each.value, rel=1e-12),
            "low": pytest.approx(each.low, rel=1e-12),
            "high": pytest.approx(each.high, rel=1e-12),
            "level": each.level,
            "suppressed": False,
        }
        for each in whole
    }
    assert all(each.value is not None for each in whole)


async def test_too_few_reviews_are_said_to_be_too_few_and_not_counted(
    client: AsyncClient, passeport: Passeport
) -> None:
    for _ in range(9):
        await send(client, passeport.key)
    answer = await client.get(URL)
    assert (answer.json()["reviews"], answer.json()["suppressed"]) == (None, True)
    found = figures(answer)
    assert {**found.pop("satisfaction"), "scale": None} == {**HIDDEN, "scale": None}
    assert all(figure["count"] == 0 for figure in found.values()), "what nobody answered is not hidden"
    await send(client, passeport.key)
    answer = await client.get(URL)
    assert answer.json()["reviews"] == 10
    assert figures(answer)["satisfaction"]["value"] == 10


async def test_the_small_number_is_a_setting(environ: dict[str, str], passeport: Passeport) -> None:
    from collector.app import create_app
    from collector.settings import load
    from tests.conftest import running

    clock = MovableClock()
    settings = load({**environ, "AVIS_SMALL_NUMBER": "3"})
    async with running(create_app(settings, clock), settings) as client:
        for _ in range(2):
            await send(client, passeport.key)
        assert (await client.get(URL)).json()["reviews"] is None
        await send(client, passeport.key)
        body = (await client.get(URL)).json()
        assert (body["reviews"], body["least"]) == (3, 3)


async def test_reading_after_each_review_never_shows_one_alone(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    """The attack on the running service: read all that is public after every request, and subtract all from all."""
    chance = random.Random(8)  # noqa: S311 - the same people on both databases
    counts: dict[str, list[int]] = {}
    shown: set[int] = set()
    for _ in range(75):
        mine, said = uuid4(), answers(chance)
        for given in ({"satisfaction": said["satisfaction"]}, said)[-chance.choice((1, 2)) :]:
            assert (await send(client, passeport.key, given, id=mine)).is_success
            answer = await client.get(URL)
            shown.add(answer.json()["reviews"])
            for name, figure in figures(answer).items():
                counts.setdefault(name, []).append(figure["count"] or 0)
        clock.move(minutes=chance.choice((1, 200, 3000)))
    assert len(shown) > 5
    for name in ("satisfaction", "comprehension", "autonomy"):
        differences = {abs(one - other) for one in counts[name] for other in counts[name]}
        assert not differences & set(range(1, 10)), name
    # One person may answer for several desks, so these count answers: two for a person at most here.
    for name in ("contact_reachability", "contact_satisfaction", "contact"):
        assert len(set(counts[name])) < 8, name
    owners = await storage.reviews.counts(passeport.procedure, "2026-01-01", "2026-12-31")
    assert owners["reviews"] == 75, "owners see everything at once"


async def test_workers_that_answer_at_once_tell_the_same(
    settings: Settings, client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    """Had each worker steps of its own, the difference of theirs would be a handful of people."""
    told: set[int] = {0}
    first, today = date(2025, 3, 13), date(2026, 3, 12)
    async with opened(settings, clock) as other:

        async def look(here: Storage) -> None:
            for _ in range(25):
                told.add((await here.published.figures(passeport.procedure, first, today)).reviews or 0)

        async def arrive() -> None:
            for _ in range(60):
                await send(client, passeport.key)

        await asyncio.gather(arrive(), look(storage), look(other))
        await asyncio.gather(look(storage), look(other))
    assert max(told) >= 51
    assert all(abs(one - another) >= 10 for one in told for another in told if one != another)


async def test_a_year_later_reviews_leave_as_they_came(
    client: AsyncClient, passeport: Passeport, clock: MovableClock
) -> None:
    for people, days in ((12, 100), (5, 100), (25, 100)):
        for _ in range(people):
            await send(client, passeport.key)
        await client.get(URL)
        clock.move(days=days)
    seen = []
    for _ in range(12):
        seen.append((await client.get(URL)).json()["reviews"])
        clock.move(days=30)
    # Twelve leave alone; the five were only told of with the twenty-five, and leave with them.
    assert seen == [42, 42, 42, 30, 30, 30, 30, 30, 30, 0, 0, 0]


async def test_history_that_nobody_read_is_told_day_by_day(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    """A service that already holds years of reviews does not publish them as those of this year."""
    for _ in range(3):
        for _ in range(15):
            await send(client, passeport.key)
        clock.move(days=300)
    assert (await client.get(URL)).json()["reviews"] == 15
    async with storage.engine.read() as connection:
        cursor = await connection.execute("SELECT day, told FROM published WHERE family = 'satisfaction' ORDER BY day")
        rows = [(row["day"], msgspec.json.decode(row["told"])) for row in await cursor.fetchall()]
    assert rows == [("2026-03-12", [15]), ("2027-01-06", [30]), ("2027-11-02", [45])]


async def test_the_public_is_told_more_each_hour_before_anybody_asks(
    client: AsyncClient, storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    """A visitor who came when many procedures had something new would wait for all of them."""

    def counter() -> float:
        return (clock.now - NOON).total_seconds()

    housekeeping = Housekeeping(storage, Retention(storage, settings, clock), clock, counter)

    async def told() -> list[str]:
        """What the latest steps say, without taking one."""
        latest = {"procedure_id": passeport.procedure.id, "day": "9999-12-31"}
        async with storage.engine.read() as connection:
            return [row["counts"] for row in await listed(storage.engine.sql.latest_steps(connection, **latest))]

    for _ in range(12):
        await send(client, passeport.key, {"satisfaction": "good"})
    await housekeeping.once()
    assert await told() == [], "within the hour"
    clock.move(hours=1)
    await housekeeping.once()
    assert await told() != []


@pytest.mark.parametrize("state", ["draft", "archived"])
async def test_a_procedure_that_is_not_public_has_no_public_figures(
    client: AsyncClient, storage: Storage, passeport: Passeport, state: Any
) -> None:
    await storage.catalogue.set_state("passeport", state)
    assert refusal(await client.get(URL)) == (404, "not-found")


async def test_unknown_procedures_and_periods_are_refused(client: AsyncClient, passeport: Passeport) -> None:
    for slug in ("nobody", "%00", "passeport%00"):
        assert refusal(await client.get(f"/api/v1/procedures/{slug}/indicators")) == (404, "not-found")
    refused = await client.get(URL, params={"from": "2026-03-11"})
    assert refusal(refused) == (400, "bad-request")
    assert "douze derniers mois" in refused.json()["detail"]


async def test_figures_may_be_kept_for_a_minute_and_read_from_any_site(
    client: AsyncClient, passeport: Passeport
) -> None:
    answer = await client.get(URL)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"].startswith("public, max-age=60")
    assert "set-cookie" not in answer.headers


async def test_malfunctions_are_not_ratings(client: AsyncClient, passeport: Passeport) -> None:
    for _ in range(10):
        await send(client, passeport.key)
    for _ in range(3):
        await send(client, passeport.malfunction.key, {"kind": "situation", "verbatim": "Mon nom a changé"})
    assert (await client.get(URL)).json()["reviews"] == 10, "thirteen less ten would be three"


async def test_reviews_from_before_are_counted_by_people_as_well(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    """The migration that brings the counts of people makes them from the reviews that are there."""
    chance = random.Random(6)  # noqa: S311 - the same people on both databases
    for _ in range(30):
        await send(client, passeport.key, answers(chance), lang=chance.choice(("fr", "en")))
    (step,) = (step for step in known(storage.engine.name) if step.name == "0006_retention")
    (fill,) = re.findall(r"INSERT INTO day_count.*?;", step.sql, re.DOTALL)
    async with storage.engine.write() as connection:
        await connection.execute("UPDATE day_count SET contacted = 0, helped = 0")
        await connection.execute(fill)
    await check_counts(storage, passeport)
