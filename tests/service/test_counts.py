"""Figures are exact: whatever people send, complete and send again, the day counts equal a recount of every review."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from httpx import AsyncClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.indicators import COUNTS, count_of, indicators, total
from collector.schema import DESKS, MEANS
from collector.storage import Storage
from collector.storage.reviews import Filter
from tests.conftest import MovableClock, Passeport, found, send

SUMMER = (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))
"""When the clocks of Paris change in 2026."""


def paris_day(moment: datetime) -> str:
    """Without a time-zone database: one hour ahead of UTC, two in summer."""
    return (moment + timedelta(hours=2 if SUMMER[0] <= moment < SUMMER[1] else 1)).date().isoformat()


@st.composite
def satisfaction_answers(draw: st.DrawFn) -> dict[str, Any]:
    tried: list[Any] = draw(st.just(["none"]) | st.lists(st.sampled_from(MEANS[:-1]), unique=True, max_size=4))
    reached = {desk: draw(st.booleans()) for desk in DESKS if desk in tried}
    return {
        "satisfaction": draw(st.sampled_from(("bad", "medium", "good"))),
        "comprehension": draw(st.none() | st.integers(1, 5)),
        "contact_tried": tried,
        "contact_reached": reached,
        "contact_satisfaction": {desk: draw(st.integers(1, 5)) for desk, was in reached.items() if was},
        "verbatim": draw(st.sampled_from((None, "", "Merci", "  "))),
    }


steps = st.tuples(
    st.integers(0, 3),  # who
    st.integers(0, 70),  # minutes since the step before
    st.sampled_from(("fr", "en", "br")),
    satisfaction_answers(),
)
# Half an hour before midnight in Paris: on an ordinary day, then in the nights when the clocks change.
evenings = st.sampled_from(
    (
        datetime(2026, 3, 12, 22, 30, tzinfo=UTC),
        datetime(2026, 3, 28, 22, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 21, 30, tzinfo=UTC),
        datetime(2026, 10, 24, 21, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 22, 30, tzinfo=UTC),
    )
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=evenings, sent=st.lists(steps, min_size=1, max_size=10))
async def test_counts_equal_a_recount_whatever_is_sent(
    client: AsyncClient,
    storage: Storage,
    clock: MovableClock,
    start: datetime,
    sent: list[tuple[int, int, str, dict[str, Any]]],
) -> None:
    clock.now = start
    place = await found(storage, clock, f"demarche-{uuid4().hex}")
    people = [uuid4() for _ in range(4)]
    expected: dict[UUID, tuple[datetime, str, dict[str, Any]]] = {}
    for who, minutes, lang, answers in sent:
        clock.move(minutes=minutes)
        person = people[who]
        answer = await send(client, place.key, answers, id=person, lang=lang)
        first = expected[person][0] if person in expected else clock()
        assert answer.status_code == (201 if person not in expected else 200 if within(first, clock()) else 409)
        if answer.is_success:
            expected[person] = (first, lang, answers)

    await check_counts(storage, place)
    by_day = await storage.reviews.counts_by_day(place.procedure, "2026-01-01", "2026-12-31")
    assert {day: counts["reviews"] for day, counts in by_day.items()} == Counter(
        paris_day(first) for first, _, _ in expected.values()
    )
    whole = await storage.reviews.counts(place.procedure, "2026-01-01", "2026-12-31")
    given_answers = [answers for _, _, answers in expected.values()]
    assert whole["satisfaction_good"] == sum(each["satisfaction"] == "good" for each in given_answers)
    assert whole["tried"] == sum(bool(each["contact_tried"]) for each in given_answers)
    assert whole["verbatims"] == sum(each["verbatim"] == "Merci" for each in given_answers)
    assert whole["phone_missed"] == sum(each["contact_reached"].get("phone") is False for each in given_answers)


def within(first: datetime, now: datetime) -> bool:
    return now - first <= timedelta(minutes=60)


async def check_counts(storage: Storage, place: Passeport) -> None:
    """Every row of `day_count` against the reviews themselves; figures of every period against both."""
    reviews = [listed.review for listed in await storage.reviews.before(place.procedure, Filter(), number=100_000)]
    recount: dict[tuple[Any, ...], list[dict[str, int]]] = {}
    for review in reviews:
        row = (review.day, review.placement_id, review.form_version, review.lang)
        recount.setdefault(row, []).append(count_of(review))
    async with storage.engine.read() as connection:
        cursor = await connection.execute(
            f"SELECT * FROM day_count WHERE procedure_id = {place.procedure.id}"  # noqa: S608 - a number of ours
        )
        stored = {
            (row["day"], row["placement_id"], row["form_version"], row["lang"]): {name: row[name] for name in COUNTS}
            for row in await cursor.fetchall()
        }
    # A row whose reviews have all moved to another language stays, with nothing in it.
    assert {key: row for key, row in stored.items() if any(row.values())} == {
        key: total(rows) for key, rows in recount.items()
    }
    for placement_id in (None, place.placement.id, place.malfunction.id):
        wanted = [count_of(review) for review in reviews if placement_id is None or review.placement_id == placement_id]
        counts = await storage.reviews.counts(place.procedure, "0001-01-01", "9999-12-31", placement_id)
        assert counts == total(wanted)
        assert indicators(counts) == indicators(total(wanted))


async def test_both_forms_are_counted_apart(client: AsyncClient, storage: Storage, passeport: Passeport) -> None:
    await send(client, passeport.key)
    await send(client, passeport.malfunction.key, {"kind": "situation", "verbatim": "Mon nom a changé"})
    await check_counts(storage, passeport)
    counts = await storage.reviews.counts(passeport.procedure, "2026-03-12", "2026-03-12", passeport.malfunction.id)
    assert {name: number for name, number in counts.items() if number} == {
        "reviews": 1,
        "kind_situation": 1,
        "verbatims": 1,
    }


async def test_a_period_without_reviews_counts_zero_and_says_nothing(storage: Storage, passeport: Passeport) -> None:
    counts = await storage.reviews.counts(passeport.procedure, "2026-01-01", "2026-01-31")
    assert counts == total([])
    assert await storage.reviews.counts_by_day(passeport.procedure, "2026-01-01", "2026-01-31") == {}


async def test_months_and_procedures_sum_up_to_the_same(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    for satisfaction in ("good", "bad", "good"):
        await send(client, passeport.key, {"satisfaction": satisfaction})
        clock.move(days=15)
    ids = [passeport.procedure.id]
    months = (await storage.overview.satisfaction(ids, "2026-01-01", "2026-12-31"))[passeport.procedure.id]
    assert {month: (row["reviews"], row["satisfaction_good"]) for month, row in months.items()} == {
        "2026-03": (2, 1),
        "2026-04": (1, 1),
    }
    every = await storage.reviews.counts_by_procedure("2026-01", "2026-12")
    assert every == {
        passeport.procedure.id: await storage.reviews.counts(passeport.procedure, "2026-01-01", "2026-12-31")
    }


async def test_the_same_sends_give_the_same_figures_on_every_database(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    """The figures are written here, once, for SQLite and PostgreSQL alike."""
    for n in range(60):
        reached = {"phone": n % 3 > 0} if n % 2 else None
        await send(
            client,
            passeport.key,
            {
                "satisfaction": ("bad", "medium", "good", "good", "good")[n % 5],
                "comprehension": n % 5 + 1 if n % 4 else None,
                "contact_tried": ["phone"] if n % 2 else ["none"],
                "contact_reached": reached,
                "contact_satisfaction": {"phone": n % 5 + 1} if reached and reached["phone"] else None,
            },
            address=f"192.0.2.{n}",
        )
    counts = await storage.reviews.counts(passeport.procedure, "2026-03-12", "2026-03-12")
    figures = {each.name: (each.value, each.count) for each in indicators(counts)}
    assert figures == {
        "satisfaction": (7.0, 60),
        "comprehension": (5.0, 45),
        "contact_reachability": (20 / 30, 30),
        "contact_satisfaction": (5.0, 20),
        "contact": (10 / 3, 30),
        "autonomy": (5.0, 60),
    }
