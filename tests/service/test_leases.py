"""One worker of several does what only one may do; whoever dies with a lease loses it by itself."""

import asyncio
from datetime import timedelta

from collector.settings import Settings
from collector.storage import Storage
from tests.conftest import MovableClock, opened

HOLD = timedelta(minutes=5)


async def test_a_lease_is_one_workers_until_it_is_given_back(
    settings: Settings, storage: Storage, clock: MovableClock
) -> None:
    async with opened(settings, clock) as other:
        assert await storage.leases.take("purge", clock(), HOLD)
        assert not await other.leases.take("purge", clock(), HOLD)
        assert await other.leases.take("something else", clock(), HOLD)
        await other.leases.give_back("purge")
        assert not await other.leases.take("purge", clock(), HOLD), "nobody gives back what is not theirs"
        await storage.leases.give_back("purge")
        assert await other.leases.take("purge", clock(), HOLD)


async def test_a_lease_ends_by_itself_unless_it_is_prolonged(
    settings: Settings, storage: Storage, clock: MovableClock
) -> None:
    async with opened(settings, clock) as other:
        assert await storage.leases.take("purge", clock(), HOLD)
        clock.move(minutes=4)
        assert await storage.leases.take("purge", clock(), HOLD)
        clock.move(minutes=4)
        assert not await other.leases.take("purge", clock(), HOLD)
        clock.move(minutes=1)
        assert await other.leases.take("purge", clock(), HOLD)
        assert not await storage.leases.take("purge", clock(), HOLD), "who was too slow finds out"


async def test_of_many_that_ask_at_once_one_gets_it(settings: Settings, clock: MovableClock) -> None:
    async with opened(settings, clock) as one, opened(settings, clock) as two, opened(settings, clock) as three:
        for name in ("first", "second", "third"):
            asked = [each.leases.take(name, clock(), HOLD) for each in (one, two, three)]
            assert sorted(await asyncio.gather(*asked)) == [False, False, True]
