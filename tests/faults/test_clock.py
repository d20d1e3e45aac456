"""The clock jumps, forward and back: reviews are taken, figures agree, and nothing stays blocked once it is right."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from httpx import AsyncClient
from typing_extensions import override

from admin.throttle import MOST_FAILURES, WINDOW, TooManySignIns, charge
from collector.housekeeping import Housekeeping
from collector.retention import HOLD, LEASE, Retention
from collector.schema import utc_now
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.reviews import Filter
from tests.conftest import MovableClock, Passeport, opened, send
from tests.service.test_counts import check_counts
from tests.service.test_limits import limited, statuses

JUMPS = [
    timedelta(hours=1),
    -timedelta(hours=2),
    timedelta(days=1),
    -timedelta(days=2),
    timedelta(days=400),
    -timedelta(days=399),
    -timedelta(days=365 * 20),
    timedelta(days=365 * 20),
    timedelta(seconds=-1),
]


async def test_reviews_are_taken_and_counted_wherever_the_clock_is(
    settings: Settings, client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    housekeeping = Housekeeping(storage, Retention(storage, settings, clock), clock)
    taken = 0
    for jump in JUMPS:
        clock.now += jump
        for number in range(3):
            mine = uuid4()
            answers = {"satisfaction": "bad", "verbatim": f"Essai {taken}"}
            assert (await send(client, passeport.key, id=mine, address=f"192.0.2.{number}")).status_code == 201
            # A minute back within one review is nothing.
            clock.move(minutes=-1)
            assert (await send(client, passeport.key, answers, id=mine)).status_code == 200
            clock.move(minutes=1)
            taken += 1
        assert (await client.get("/readyz")).status_code == 200
        await housekeeping.once()
    everything = Filter(standing=None)
    assert len(await storage.reviews.before(passeport.procedure, everything, number=10**6)) == taken
    await check_counts(storage, passeport)


@pytest.mark.parametrize("storage_of_limits", ["database", "memory://"])
async def test_a_limit_that_was_used_up_in_the_future_refuses_nobody_today(
    environ: dict[str, str], passeport: Passeport, clock: MovableClock, storage_of_limits: str
) -> None:
    async with limited(environ, clock, PROCEDURE="2/minute", AVIS_LIMITS_STORAGE=storage_of_limits) as client:
        clock.move(days=300)
        assert await statuses(client, passeport.key, 3) == [201, 201, 429]
        clock.move(days=-300)
        assert await statuses(client, passeport.key, 3) == [201, 201, 429]
        # Another instance's clock, some seconds behind, opens no new window.
        clock.move(seconds=-20)
        assert await statuses(client, passeport.key, 1) == [429]


async def test_sign_ins_that_failed_in_the_future_are_forgotten(storage: Storage, clock: MovableClock) -> None:
    clock.move(days=300)
    for _ in range(MOST_FAILURES):
        await charge(storage, ["bruno"], clock())
    with pytest.raises(TooManySignIns):
        await charge(storage, ["bruno"], clock())
    clock.move(seconds=-WINDOW // 2)
    with pytest.raises(TooManySignIns):
        await charge(storage, ["bruno"], clock())
    clock.move(days=-300)
    await charge(storage, ["bruno"], clock())


async def test_the_daily_task_goes_on_after_a_worker_that_lived_in_the_future_died(
    settings: Settings, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    async with opened(settings, clock) as dead:
        assert await dead.leases.take(LEASE, clock() + timedelta(days=300), HOLD)
    async with opened(settings, clock) as ahead:
        assert await storage.leases.take(LEASE, clock(), HOLD), "300 days are beyond reason"
        assert not await ahead.leases.take(LEASE, clock() - timedelta(seconds=20), HOLD), "some seconds are not"


async def test_nothing_is_forgotten_by_a_clock_that_has_jumped_until_it_has_gone_steadily_for_an_hour(
    settings: Settings, storage: Storage, passeport: Passeport, client: AsyncClient, clock: MovableClock
) -> None:
    counter = 1000.0
    housekeeping = Housekeeping(storage, Retention(storage, settings, clock), clock, lambda: counter)
    answers = {"satisfaction": "bad", "verbatim": "Trop long"}
    assert (await send(client, passeport.key, answers)).status_code == 201
    await housekeeping.once()
    for jump in (timedelta(days=365 * 20), -timedelta(days=365 * 20)):
        clock.now += jump
        await housekeeping.once()
        (kept,) = await storage.reviews.before(passeport.procedure, Filter(standing=None), number=10)
        assert kept.review.verbatim == "Trop long"
    # The clock that is right in the end: years have gone by.
    clock.now += timedelta(days=365 * 20)
    for minute in range(62):
        counter += 60
        clock.move(minutes=1)
        await housekeeping.once()
        number = len(await storage.reviews.before(passeport.procedure, Filter(standing=None), number=10))
        assert number == (minute < 60), f"after {minute} minutes"


async def test_a_stop_ends_though_a_driver_takes_its_cancellation(storage: Storage, settings: Settings) -> None:
    began = asyncio.Event()

    class Deaf(Housekeeping):
        @override
        async def once(self) -> None:
            began.set()
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(3600)

    housekeeping = Deaf(storage, Retention(storage, settings, utc_now), utc_now)
    housekeeping.start()
    await began.wait()
    async with asyncio.timeout(5):
        await housekeeping.stop()
