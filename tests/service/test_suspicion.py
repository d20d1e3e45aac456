"""A robot's reviews are kept apart from the figures and lose nobody's: whatever was set aside can be counted again."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient, Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import Litestar

from collector.app import create_app
from collector.settings import Settings, load
from collector.storage import Storage
from collector.storage.journal import Search
from collector.storage.reviews import Filter, Standing
from collector.storage.suspects import Verdict
from collector.suspicion import BEGUN, BURST, CALM, LEAST_USUAL, MOST_HASTE, USUAL_WHEN_NEW, most_same_texts
from tests.conftest import ALICE, BRUNO, MAIRIE, MovableClock, Passeport, broken, found, running, send
from tests.service.test_counts import check_counts, satisfaction_answers
from tests.service.test_exports import Signed, pulled, rows
from tests.service.test_pull import copied, pull_through
from tests.service.test_unlinkable import rows as rows_of

OFTEN = BURST * LEAST_USUAL
"""What a procedure with a few reviews a day may receive in ten minutes before it is a burst."""
BAD = {"satisfaction": "bad"}
SAME = {"satisfaction": "bad", "verbatim": "Service lamentable, tout est à refaire depuis le début."}
BY = "bruno@exemple.fr"
BROWSER = {"Origin": MAIRIE, "Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def sign(storage: Storage, settings: Settings, clock: MovableClock) -> Signed:
    return Signed(storage, settings, clock)


@pytest.fixture
async def quiet(client: AsyncClient, passeport: Passeport, clock: MovableClock) -> Passeport:
    """*passeport* after a week with one review a day: its habit is known. What is sent today is all that is counted."""
    for _ in range(7):
        assert (await vote(client, passeport.key)).status_code == 201
        clock.move(days=1)
    return passeport


async def vote(client: AsyncClient, key: str, answers: dict[str, Any] | None = None, **more: Any) -> Response:
    return await send(client, key, answers or {"satisfaction": "good"}, headers=BROWSER, **more)


async def flood(
    client: AsyncClient, key: str, number: int, answers: dict[str, Any] | None = None, first: int = 0
) -> None:
    """One review from each of many connections; everyone is told the same."""
    for n in range(first, first + number):
        address = f"2001:db8:{n:x}::1"
        assert (await vote(client, key, answers or BAD, address=address)).status_code == 201


async def counted(storage: Storage, passeport: Passeport, clock: MovableClock) -> int:
    await check_counts(storage, passeport)
    today = clock().date().isoformat()
    return (await storage.reviews.counts(passeport.procedure, today, today))["reviews"]


async def standing(storage: Storage, passeport: Passeport, which: Standing | None) -> int:
    return len(await storage.reviews.before(passeport.procedure, Filter(standing=which), number=100_000))


# ---- What is set aside


async def test_a_burst_of_strangers_counts_nothing_not_even_its_beginning(
    client: AsyncClient, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    await flood(client, quiet.key, OFTEN)
    assert await counted(storage, quiet, clock) == OFTEN, "nothing distinguishes them yet"
    await flood(client, quiet.key, 5, first=OFTEN)
    assert await counted(storage, quiet, clock) == 0
    assert await standing(storage, quiet, "suspect") == OFTEN + 5, "and none of them is lost"


async def test_whoever_came_in_the_quiet_minutes_before_a_burst_goes_on_counting(
    client: AsyncClient, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    for n in range(5):
        await vote(client, quiet.key, address=f"192.0.2.{n}")
        clock.move(minutes=1)
    await flood(client, quiet.key, OFTEN + 5)
    assert await counted(storage, quiet, clock) == 5


async def test_strangers_count_again_two_minutes_after_the_flood(
    client: AsyncClient, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    await flood(client, quiet.key, OFTEN + 5)
    clock.move(seconds=CALM - 1)
    await vote(client, quiet.key, address="192.0.2.1")
    assert await counted(storage, quiet, clock) == 0
    clock.move(seconds=1)
    await vote(client, quiet.key, address="192.0.2.2")
    assert await counted(storage, quiet, clock) == 1


async def test_a_town_hall_that_was_there_before_goes_on_counting(
    client: AsyncClient, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    for _ in range(10):
        await vote(client, quiet.key)
    clock.move(minutes=10)
    await flood(client, quiet.key, OFTEN + 5)
    for _ in range(4):
        await vote(client, quiet.key)
    assert await counted(storage, quiet, clock) == 14
    answer = await send(client, quiet.key, BAD)
    assert answer.status_code == 201
    assert await counted(storage, quiet, clock) == 14, "what no browser sends waits, whoever's connection it is"
    for _ in range(3):
        await vote(client, quiet.key)
    assert await counted(storage, quiet, clock) == 15, "more than half of what it had sent before is not its pace"


async def test_what_was_set_aside_earns_its_connection_nothing(
    client: AsyncClient, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    for _ in range(3):
        await flood(client, quiet.key, OFTEN + 5)
        clock.move(minutes=10)
    assert await counted(storage, quiet, clock) == 0


async def test_a_robot_that_forgets_what_browsers_send_is_met_sooner(
    client: AsyncClient, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    for _ in range(10):
        await vote(client, quiet.key)
    clock.move(minutes=10)
    await flood(client, quiet.key, OFTEN + 5)
    assert (await send(client, quiet.key, BAD)).status_code == 201
    assert "program" in [wave.reason for wave in await storage.suspects.waves(quiet.procedure)]


async def test_a_new_procedure_may_begin_with_a_campaign(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    await flood(client, passeport.key, 2 * OFTEN)
    assert 2 * OFTEN < BURST * USUAL_WHEN_NEW
    assert await counted(storage, passeport, clock) == 2 * OFTEN


async def test_the_same_text_from_everywhere_counts_nothing_not_even_the_first_ones(
    client: AsyncClient, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    most = most_same_texts(LEAST_USUAL)
    await flood(client, quiet.key, most, SAME)
    assert await counted(storage, quiet, clock) == most
    await vote(client, quiet.key, {**SAME, "verbatim": SAME["verbatim"].upper() + " !!"})
    await vote(client, quiet.key, {**SAME, "verbatim": "Les photos prises au guichet sont refusées en ligne."})
    assert await counted(storage, quiet, clock) == 1, "the one who wrote something else"


async def test_a_text_that_comes_with_a_later_step_is_judged_too(
    client: AsyncClient, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    for n in range(most_same_texts(LEAST_USUAL) + 1):
        mine = uuid4()
        await vote(client, quiet.key, BAD, id=mine, address=f"192.0.2.{n}")
        clock.move(seconds=5)
        assert (await vote(client, quiet.key, SAME, id=mine, address=f"192.0.2.{n}")).status_code == 200
    assert await counted(storage, quiet, clock) == 0


async def test_a_program_that_fills_in_the_hidden_field_is_thanked_and_set_aside(
    client: AsyncClient, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    form = f"/avis/{quiet.key}"
    step = {"id": str(uuid4()), "satisfaction": "bad", "next": "satisfaction"}
    first = await client.post(form, data=step, headers={"X-Forwarded-For": ALICE})
    assert '<p hidden><label>∅ <input name="url" tabindex=-1></label></p>' in first.text
    assert await counted(storage, quiet, clock) == 1
    trapped = {**step, "url": "https://spam.example", "verbatim": "Pills", "next": "verbatim"}
    answer = await client.post(form, data=trapped, headers={"X-Forwarded-For": ALICE})
    assert answer.status_code == 200
    assert "spam.example" not in answer.text
    assert await counted(storage, quiet, clock) == 0
    assert [wave.reason for wave in await storage.suspects.waves(quiet.procedure)] == ["trap"]


async def completed(
    client: AsyncClient, key: str, clock: MovableClock, seconds: float, number: int, other: AsyncClient | None = None
) -> None:
    """So many opinions from as many addresses, whose comment comes so long after the first answer, or to `other`."""
    for n in range(number):
        mine, address = uuid4(), f"192.0.2.{n}"
        assert (await vote(client, key, BAD, id=mine, address=address)).status_code == 201
        clock.move(seconds=seconds)
        text = f"La photo {chr(97 + n % 26) * 4} est toujours refusée, {chr(97 + n // 26) * 4}."
        answers = {**BAD, "comprehension": 2, "contact_tried": ["none"], "verbatim": text}
        assert (await vote(other or client, key, answers, id=mine, address=address)).status_code == 200


async def test_a_program_that_fills_in_the_form_in_an_instant_is_set_aside_once_that_is_a_habit(
    client: AsyncClient, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    await completed(client, quiet.key, clock, 0.3, MOST_HASTE // 2)
    assert await counted(storage, quiet, clock) == MOST_HASTE // 2, "a bad network does the same now and then"
    await completed(client, quiet.key, clock, 0.3, 20)
    assert await counted(storage, quiet, clock) == MOST_HASTE // 2
    (wave,) = await storage.suspects.waves(quiet.procedure)
    assert (wave.reason, wave.reviews) == ("haste", 20)
    await completed(client, quiet.key, clock, 8, 20)
    assert await counted(storage, quiet, clock) == MOST_HASTE // 2 + 20, "whoever takes their time counts meanwhile"


async def test_two_instances_together_let_no_more_haste_through_than_one(
    client: AsyncClient, settings: Settings, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    async with running(create_app(settings, clock), settings) as other:
        for door in (client, other) * 6:
            await completed(door, quiet.key, clock, 0.3, 3)
    assert await counted(storage, quiet, clock) == MOST_HASTE // 2


async def test_a_step_that_meets_another_instance_than_the_first_answer_is_too_fast_all_the_same(
    client: AsyncClient, settings: Settings, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    async with running(create_app(settings, clock), settings) as other:
        await completed(client, quiet.key, clock, 0.3, 1)
        await completed(client, quiet.key, clock, 0.3, 20, other)
        assert await counted(storage, quiet, clock) == MOST_HASTE // 2
        await completed(client, quiet.key, clock, 8, 20, other)
        assert await counted(storage, quiet, clock) == MOST_HASTE // 2 + 20, "whoever takes their time counts there too"


async def test_when_a_first_answer_came_is_noted_only_where_much_comes_too_fast_and_for_twenty_minutes(
    client: AsyncClient, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    async def noted() -> list[str]:
        names = [row["name"] for row in await rows_of(storage, "limit_count")]
        return [name.removeprefix(BEGUN) for name in names if name.startswith(BEGUN)]

    await completed(client, quiet.key, clock, 8, 5)
    assert await noted() == []
    await completed(client, quiet.key, clock, 0.3, 3)
    assert len(await noted()) == 2, "from the second on"
    capabilities = {row["capability"] for row in await rows_of(storage, "review")}
    assert not capabilities & set(await noted())
    clock.move(minutes=20)
    await storage.intake.forget(clock())
    assert await noted() == []


async def test_everything_in_one_request_is_not_too_fast(
    client: AsyncClient, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    for n in range(MOST_HASTE):
        answers = {**BAD, "comprehension": 2, "contact_tried": ["none"], "verbatim": "Simple et rapide."}
        for _ in range(2):
            await vote(client, quiet.key, answers, id=UUID(int=n, version=4), address=f"192.0.2.{n}")
    assert await counted(storage, quiet, clock) == MOST_HASTE, "a page without JavaScript, or a network that came back"


async def test_a_slow_burst_of_one_text_is_met_whole_by_whichever_process_sees_it(
    client: AsyncClient, settings: Settings, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    most = most_same_texts(LEAST_USUAL)
    async with running(create_app(settings, clock), settings) as other:
        for n in range(most + 2):
            clock.move(seconds=40)
            for_whom = (client, other)[n % 2]
            assert (await vote(for_whom, quiet.key, SAME, address=f"192.0.2.{n}")).status_code == 201
    assert await counted(storage, quiet, clock) == 0
    assert [wave.reason for wave in await storage.suspects.waves(quiet.procedure)] == ["text"]


async def test_suspicion_can_be_turned_off(
    environ: dict[str, str], storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    settings = load({**environ, "AVIS_SUSPICION": "off"})
    async with running(create_app(settings, clock), settings) as client:
        await flood(client, passeport.key, 2 * most_same_texts(LEAST_USUAL), SAME)
    assert await counted(storage, passeport, clock) == 2 * most_same_texts(LEAST_USUAL)


async def test_several_instances_see_the_same_burst(
    client: AsyncClient, settings: Settings, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    async with running(create_app(settings, clock), settings) as other:
        for n in range(OFTEN // 2 + 5):
            for door in (client, other):
                await vote(door, quiet.key, BAD, address=f"2001:db8:{n:x}:{id(door) % 9999:x}::1")
    assert await counted(storage, quiet, clock) == 0


async def test_a_burst_that_cannot_be_looked_back_on_now_is_looked_back_on_later(
    client: AsyncClient, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    await flood(client, quiet.key, OFTEN)
    async with broken(storage, "day_count"):
        # The batch itself writes no count: its one review is set aside. Only going back to the others fails.
        await flood(client, quiet.key, 1, first=OFTEN)
    await flood(client, quiet.key, 1, first=OFTEN + 1)
    assert await counted(storage, quiet, clock) == 0


async def test_tomorrow_nothing_is_left_of_what_was_counted(
    client: AsyncClient, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    await flood(client, quiet.key, 3, SAME)
    clock.move(days=1, minutes=1)
    await storage.intake.forget(clock())
    async with storage.engine.read() as connection:
        cursor = await connection.execute("SELECT name FROM limit_count")
        assert await cursor.fetchall() == []


# ---- What becomes of it


@pytest.fixture
async def burst(client: AsyncClient, quiet: Passeport) -> Passeport:
    """*passeport* with one burst set aside, that began by counting."""
    await flood(client, quiet.key, OFTEN + 5)
    return quiet


async def test_a_released_burst_counts_as_if_it_had_always(
    storage: Storage, burst: Passeport, clock: MovableClock
) -> None:
    (wave,) = await storage.suspects.waves(burst.procedure)
    assert (wave.day, wave.reason, wave.reviews) == ("2026-03-19", "stranger", OFTEN + 5)
    assert await storage.suspects.waiting() == {burst.procedure.id: OFTEN + 5}
    await storage.suspects.judge_wave(burst.procedure, wave.day, wave.reason, "release", by=BY)
    assert await counted(storage, burst, clock) == OFTEN + 5
    assert await storage.suspects.waiting() == {}
    assert [each.reviews for each in await storage.suspects.waves(burst.procedure, "released")] == [OFTEN + 5]
    (line,) = await storage.journal.before(Search(act="reviews.judge"))
    assert (line.actor, line.subject, line.details) == (BY, "passeport", {"verdict": "release", "changed": OFTEN + 5})
    await storage.suspects.judge_wave(burst.procedure, wave.day, wave.reason, "confirm", "released", by=BY)
    assert await counted(storage, burst, clock) == 0, "and back"
    await storage.suspects.judge_wave(burst.procedure, wave.day, wave.reason, "doubt", "confirmed", by=BY)
    assert await storage.suspects.waiting() == {burst.procedure.id: OFTEN + 5}


async def test_a_confirmed_burst_waits_no_longer_and_can_still_be_released(
    storage: Storage, burst: Passeport, clock: MovableClock
) -> None:
    (wave,) = await storage.suspects.waves(burst.procedure)
    await storage.suspects.judge_wave(burst.procedure, wave.day, wave.reason, "confirm", by=BY)
    assert await storage.suspects.waiting() == {}
    assert [line.details["changed"] for line in await storage.journal.before(Search(actor=BY))] == [OFTEN + 5]
    assert await standing(storage, burst, "confirmed") == OFTEN + 5
    one = (await storage.suspects.of_wave(burst.procedure, wave.day, wave.reason, "confirmed"))[0]
    assert await storage.suspects.judge(burst.procedure, one.seq, "release", by=BY)
    assert not await storage.suspects.judge(burst.procedure, one.seq, "release", by=BY), "it is already"
    assert await counted(storage, burst, clock) == 1


async def test_a_review_that_nobody_suspected_cannot_be_set_aside(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    await vote(client, passeport.key, BAD)
    (one,) = await storage.reviews.before(passeport.procedure, Filter())
    for verdict in ("doubt", "confirm"):
        assert not await storage.suspects.judge(passeport.procedure, one.seq, verdict, by=BY)
    assert await counted(storage, passeport, clock) == 1


async def test_a_review_of_another_procedure_is_not_judged_through_mine(
    storage: Storage, burst: Passeport, clock: MovableClock
) -> None:
    permis = await found(storage, clock, "permis")
    (wave,) = await storage.suspects.waves(burst.procedure)
    one = (await storage.suspects.of_wave(burst.procedure, wave.day, wave.reason))[0]
    assert not await storage.suspects.judge(permis.procedure, one.seq, "release", by=BY)


async def test_a_released_review_that_is_completed_goes_on_counting(
    client: AsyncClient, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    await flood(client, quiet.key, OFTEN + 1)
    mine = uuid4()
    await vote(client, quiet.key, BAD, id=mine, address=BRUNO)
    (wave,) = await storage.suspects.waves(quiet.procedure)
    one = (await storage.suspects.of_wave(quiet.procedure, wave.day, wave.reason))[0]
    await storage.suspects.judge(quiet.procedure, one.seq, "release", by=BY)
    assert (await vote(client, quiet.key, {**BAD, "comprehension": 2}, id=mine, address=BRUNO)).status_code == 200
    assert await counted(storage, quiet, clock) == 1


# ---- What leaves


async def test_a_suspect_leaves_in_no_file_until_it_is_released(
    client: AsyncClient, storage: Storage, burst: Passeport, clock: MovableClock, sign: Signed
) -> None:
    url = await sign()
    assert len(await rows(client, url)) == 7
    (wave,) = await storage.suspects.waves(burst.procedure)
    await storage.suspects.judge_wave(burst.procedure, wave.day, wave.reason, "release", by=BY)
    assert len(await rows(client, url)) == 7 + OFTEN + 5


async def test_pages_take_back_only_what_they_may_have_given(
    client: AsyncClient, storage: Storage, quiet: Passeport, clock: MovableClock, sign: Signed
) -> None:
    url = await sign()
    await flood(client, quiet.key, OFTEN)
    given, cursor = await pulled(client, url)
    assert len(given) == 7 + OFTEN
    await flood(client, quiet.key, 5, first=OFTEN)
    gone, cursor = await pulled(client, url, cursor)
    assert {row["id"] for row in gone} == {row["id"] for row in given[7:]}
    assert all(row == {"id": row["id"], "deleted": True} for row in gone), "of the last five nobody was ever told"
    (wave,) = await storage.suspects.waves(quiet.procedure)
    await storage.suspects.judge_wave(quiet.procedure, wave.day, wave.reason, "release", by=BY)
    back, _ = await pulled(client, url, cursor)
    assert len({row["id"] for row in back}) == OFTEN + 5
    assert not any("deleted" in row for row in back)


async def test_a_copy_follows_every_verdict(
    app: Litestar, client: AsyncClient, storage: Storage, quiet: Passeport, sign: Signed, tmp_path: Path
) -> None:
    url, folder = await sign(), tmp_path / "copy"
    await flood(client, quiet.key, OFTEN)
    assert len(copied(await pull_through(app, url, folder))) == 7 + OFTEN
    await flood(client, quiet.key, 5, first=OFTEN)
    report = await pull_through(app, url, folder)
    assert (report.deleted, len(copied(report))) == (OFTEN, 7)
    (wave,) = await storage.suspects.waves(quiet.procedure)
    one = (await storage.suspects.of_wave(quiet.procedure, wave.day, wave.reason))[-1]
    await storage.suspects.judge(quiet.procedure, one.seq, "release", by=BY)
    report = await pull_through(app, url, folder)
    assert (report.added, len(copied(report))) == (1, 8)
    await storage.suspects.judge(quiet.procedure, one.seq, "confirm", by=BY)
    report = await pull_through(app, url, folder)
    assert (report.deleted, len(copied(report))) == (1, 7)


# ---- Figures


acts: st.SearchStrategy[tuple[Any, ...]] = st.one_of(
    st.tuples(st.just("send"), st.integers(0, 30), satisfaction_answers(), st.booleans()),
    st.tuples(st.just("same"), st.integers(0, 30)),
    st.tuples(st.sampled_from(("release", "confirm", "doubt")), st.integers(0, 40)),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=st.lists(acts, min_size=15, max_size=60))
async def test_counts_equal_a_recount_whatever_is_suspected_and_judged(
    client: AsyncClient, storage: Storage, clock: MovableClock, done: list[tuple[Any, ...]]
) -> None:
    place = await found(storage, clock, f"demarche-{uuid4().hex}")
    people = [uuid4() for _ in range(31)]
    for act, which, *more in done:
        if act in {"send", "same"}:
            answers, known = more or (SAME, True)
            mine: UUID = people[which] if known else uuid4()
            assert (await vote(client, place.key, answers, id=mine, address=f"192.0.2.{which}")).is_success
        else:
            verdict: Verdict = act
            there = await storage.reviews.before(place.procedure, Filter(standing=None), number=1000)
            if there:
                await storage.suspects.judge(place.procedure, there[which % len(there)].seq, verdict, by=BY)
        await check_counts(storage, place)
    assert await standing(storage, place, None) == len(
        {act[1] if len(act) == 2 or act[3] else uuid4() for act in done if act[0] in {"send", "same"}}
    ), "none is lost"


async def test_a_burst_of_many_at_once_is_set_aside_exactly(
    client: AsyncClient, storage: Storage, quiet: Passeport, clock: MovableClock
) -> None:
    await asyncio.gather(*(flood(client, quiet.key, OFTEN // 6, first=OFTEN // 6 * n) for n in range(8)))
    assert await counted(storage, quiet, clock) == 0
    assert await standing(storage, quiet, "suspect") == OFTEN // 6 * 8
