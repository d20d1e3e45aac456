"""The sums of a part of a procedure, step by step, are those of its reviews."""

from datetime import date, timedelta
from typing import Any

import pytest
from httpx import AsyncClient

from collector.indicators import count_of, total
from collector.storage import Storage
from collector.storage.reviews import Filter
from collector.storage.sums import Part
from tests.conftest import MovableClock, Passeport, found, send
from tests.plans import plan_of

DAY = timedelta(days=1)
WHOLE = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
async def answered(client: AsyncClient, clock: MovableClock, passeport: Passeport) -> Passeport:
    """Three days, two forms, three languages."""
    for days in range(3):
        for n, lang in enumerate(("fr", "fr", "en", "ar")):
            answers: dict[str, Any] = {
                "satisfaction": ("good", "medium", "bad")[(days + n) % 3],
                "comprehension": n + 1,
            }
            assert (await send(client, passeport.key, answers, lang=lang)).is_success
        problem = {"kind": "technical", "verbatim": "Rien ne se passe"}
        assert (await send(client, passeport.malfunction.key, problem)).is_success
        clock.move(days=1)
    return passeport


async def recounted(storage: Storage, place: Passeport, first: date, last: date, part: Part) -> dict[str, int]:
    reviews = [each.review for each in await storage.reviews.before(place.procedure, Filter(), number=1000)]
    return total(
        count_of(one)
        for one in reviews
        if first.isoformat() <= one.day <= last.isoformat()
        and (part.placements is None or one.placement_id in part.placements)
        and part.form_version in {None, one.form_version}
        and part.lang in {None, one.lang}
    )


async def test_each_step_of_each_part_equals_a_recount(storage: Storage, answered: Passeport) -> None:
    first = date(2026, 3, 12)
    # Steps may overlap, and may be empty.
    steps = [(first, first), (first + DAY, first + 2 * DAY), (first, first + 2 * DAY), (first - 2 * DAY, first - DAY)]
    parts = [
        Part(),
        Part(placements=(answered.placement.id,)),
        Part(placements=(answered.placement.id, answered.malfunction.id), lang="fr"),
        Part(form_version=1, lang="ar"),
        Part(form_version=2),
        Part(placements=()),
    ]
    for part in parts:
        wanted = [await recounted(storage, answered, *step, part) for step in steps]
        assert await storage.sums.by_step(answered.procedure, steps, part) == wanted
    assert (await storage.sums.by_step(answered.procedure, [WHOLE], Part()))[0]["reviews"] == 15
    assert (await storage.sums.by_step(answered.procedure, [WHOLE], Part(lang="en")))[0]["reviews"] == 3


async def test_another_procedure_is_never_in_it(
    client: AsyncClient, storage: Storage, clock: MovableClock, answered: Passeport
) -> None:
    other = await found(storage, clock, "permis")
    await send(client, other.key)
    (sums,) = await storage.sums.by_step(other.procedure, [WHOLE], Part(placements=(answered.placement.id,)))
    assert sums["reviews"] == 0
    (sums,) = await storage.sums.by_step(other.procedure, [WHOLE], Part())
    assert sums["reviews"] == 1


async def test_a_step_is_looked_up_by_its_days(storage: Storage) -> None:
    """Whatever the filters: the key leads to the days of the step, and no statement of it reads reviews."""
    lines = " ".join((await plan_of(storage.engine, storage.engine.sql.counts_by_step.sql)).lines)
    wanted = {"sqlite": "(procedure_id=? AND day>? AND day<?)", "postgres": "AND (day >= $3) AND (day <= $4)"}
    assert wanted[storage.engine.name] in lines
    assert "day_count" in lines
    assert " review " not in lines
