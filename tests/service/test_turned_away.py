"""What is refused is counted by procedure, day and reason: in memory first, then on disk, and of nobody."""

import pytest
from litestar import Litestar

from collector.errors import StorageUnavailable
from collector.housekeeping import Housekeeping
from collector.retention import Retention
from collector.settings import Settings, load
from collector.storage import Storage
from collector.storage.turned_away import KEPT
from collector.trials import key_of
from tests.conftest import MAIRIE, MovableClock, Passeport, broken, found, running, send

LONG_AGO = "2000-01-01"
BLOG = {"Origin": "https://blog.exemple.fr"}


@pytest.fixture
def environ(environ: dict[str, str]) -> dict[str, str]:
    """A service that refuses soon."""
    small = {"VISITOR_PROCEDURE": "2/minute", "VISITOR": "3/minute", "COUNTER": "1/minute", "PROCEDURE": "5/minute"}
    return environ | {f"AVIS_LIMIT_{name}": value for name, value in small.items()}


@pytest.mark.parametrize("counted_in", ["database", "memory://"])
async def test_each_refusal_is_counted_under_its_own_reason(
    environ: dict[str, str], storage: Storage, clock: MovableClock, passeport: Passeport, counted_in: str
) -> None:
    from collector.app import create_app

    settings = load(environ | {"AVIS_LIMITS_STORAGE": counted_in})
    permis = await found(storage, clock, "permis")
    desk = await storage.catalogue.add_placement(
        permis.procedure, channel="counter", form="satisfaction", label="Guichet", now=clock()
    )
    async with running(create_app(settings, clock), settings) as client:
        for _ in range(2):
            await send(client, desk.key, address="192.0.2.9")
        for _ in range(5):
            await send(client, passeport.key)  # two are accepted
        for _ in range(4):
            await send(client, permis.key)  # one more of this visitor is
        for address in ("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"):
            await send(client, permis.key, address=address)
        await send(client, passeport.key, headers=BLOG)
        await send(client, passeport.key, {"satisfaction": "wonderful"})
        await send(client, passeport.key, headers={"Origin": MAIRIE}, address="192.0.2.7")
        assert await storage.turned_away.since(LONG_AGO) == {}, "in memory until the minute is over"
    counted = await storage.turned_away.since(LONG_AGO)
    assert counted == {
        passeport.procedure.id: {"2026-03-12": {"visitor-procedure": 3, "origin": 1}},
        permis.procedure.id: {"2026-03-12": {"counter": 1, "visitor": 3, "procedure": 1}},
    }


async def test_a_trial_from_a_site_that_is_not_allowed_is_not_counted(
    app: Litestar, settings: Settings, storage: Storage, clock: MovableClock, passeport: Passeport
) -> None:
    key = key_of(passeport.placement, 0, clock(), settings.secret_keys)
    async with running(app, settings) as client:
        assert (await send(client, key, headers=BLOG)).status_code == 403
    assert await storage.turned_away.since(LONG_AGO) == {}


async def test_the_minute_s_work_writes_what_was_counted_and_adds_to_what_is_there(
    settings: Settings, storage: Storage, clock: MovableClock, passeport: Passeport
) -> None:
    keeping = Housekeeping(storage, Retention(storage, settings, clock), clock)
    for times in (3, 4):
        for _ in range(times):
            storage.turned_away.count(passeport.procedure, "visitor")
        await keeping.once()
    assert await storage.turned_away.since("2026-03-12") == {passeport.procedure.id: {"2026-03-12": {"visitor": 7}}}
    assert await storage.turned_away.since("2026-03-13") == {}


async def test_what_could_not_be_written_is_written_later(storage: Storage, passeport: Passeport) -> None:
    storage.turned_away.count(passeport.procedure, "visitor")
    async with broken(storage, "turned_away"):
        with pytest.raises(StorageUnavailable):
            await storage.turned_away.settle()
        storage.turned_away.count(passeport.procedure, "visitor")
    await storage.turned_away.settle()
    await storage.turned_away.settle()
    assert await storage.turned_away.since(LONG_AGO) == {passeport.procedure.id: {"2026-03-12": {"visitor": 2}}}


async def test_days_are_dropped_when_nothing_is_compared_with_them_any_more(
    storage: Storage, clock: MovableClock, passeport: Passeport
) -> None:
    storage.turned_away.count(passeport.procedure, "origin")
    await storage.turned_away.settle()
    clock.move(seconds=KEPT.total_seconds())
    await storage.turned_away.settle()
    assert passeport.procedure.id in await storage.turned_away.since(LONG_AGO)
    clock.move(days=1)
    await storage.turned_away.settle()
    assert await storage.turned_away.since(LONG_AGO) == {}
