"""Limits on SQLite, which are known before they are written: what a stop keeps, what a kill loses, who else is seen."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from msgspec import structs

from collector.schema import Review
from collector.settings import Settings, load
from collector.storage import Storage
from collector.storage.batch import Charge, Outcome, Write
from collector.storage.migrate import migrate
from tests.conftest import MovableClock, Passeport, environment, found
from tests.service.test_at_rest import everything_at_rest
from tests.unit.test_batch import review

MOST = 3


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """SQLite alone: on PostgreSQL no process is ever alone."""
    settings = load(environment(tmp_path / "data"))
    migrate(settings)
    return settings


@asynccontextmanager
async def served(settings: Settings, clock: MovableClock, *, killed: bool = False) -> AsyncIterator[Storage]:
    """A service that is alone with its database from the start. `killed`: what it would do last, it does not."""
    storage = Storage(settings, clock)
    storage.engine.company = 0.0  # type: ignore[attr-defined]  # SQLite's
    await storage.open()
    try:
        yield storage
    finally:
        await storage.writer.stop()
        await (storage.engine if killed else storage).close()


class Visitor:
    """Sends reviews of *passeport* under one name of a limit."""

    def __init__(self, passeport: Passeport, storage: Storage, name: str = "alice") -> None:
        self._passeport = passeport
        self._storage = storage
        self._charges = (Charge(name, MOST, 60, "Trop d'avis.", "visitor"),)

    async def send(self, number: int = 1) -> Sequence[Outcome]:
        """One after the other: a batch for each."""
        target = await self._storage.intake.target(self._passeport.key)
        assert target
        outcomes = list[Outcome]()
        for _ in range(number):
            outcomes += await self._storage.intake.commit([Write(self._review(), target[1], self._charges)])
        return outcomes

    def _review(self) -> Review:
        name = uuid4().hex
        return structs.replace(
            review(name),
            public_id=name,
            procedure_id=self._passeport.procedure.id,
            placement_id=self._passeport.placement.id,
        )


@pytest.fixture
async def passeport(settings: Settings, clock: MovableClock) -> Passeport:
    async with served(settings, clock) as storage:
        return await found(storage, clock, "passeport")


def said(outcomes: Sequence[Outcome]) -> list[str]:
    return [outcome if isinstance(outcome, str) else type(outcome).__name__ for outcome in outcomes]


async def used(storage: Storage) -> dict[str, int]:
    async with storage.engine.read() as connection:
        cursor = await connection.execute("SELECT name, used FROM limit_count")
        return {row["name"]: row["used"] for row in await cursor.fetchall()}


async def test_a_limit_holds_exactly_while_its_table_is_behind(
    settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    async with served(settings, clock) as storage:
        alice = Visitor(passeport, storage)
        assert said(await alice.send(MOST + 1)) == ["created"] * MOST + ["OverLimit"]
        assert await used(storage) == {"alice": 1}, "the rest follows within a second"
        clock.move(seconds=60)
        assert said(await alice.send(MOST + 1)) == ["created"] * MOST + ["OverLimit"], "another minute"


async def test_a_service_that_is_stopped_has_forgotten_nothing_when_it_starts(
    settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    async with served(settings, clock) as storage:
        await Visitor(passeport, storage).send(MOST)
    async with served(settings, clock) as storage:
        assert await used(storage) == {"alice": MOST}
        assert said(await Visitor(passeport, storage).send()) == ["OverLimit"]


async def test_a_service_that_is_killed_forgets_what_it_charged_in_its_last_second_alone(
    settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    async with served(settings, clock, killed=True) as storage:
        await Visitor(passeport, storage).send(MOST)
        assert said(await Visitor(passeport, storage, "bruno").send()) == ["created"]
    async with served(settings, clock) as storage:
        assert await used(storage) == {"alice": 1}
        assert said(await Visitor(passeport, storage).send(MOST)) == ["created"] * (MOST - 1) + ["OverLimit"]


async def test_a_minute_without_reviews_is_enough_for_all_to_be_written(
    settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    async with served(settings, clock, killed=True) as storage:
        await Visitor(passeport, storage).send(MOST)
        await storage.intake.forget(clock())
        assert await used(storage) == {"alice": MOST}


async def test_what_was_not_written_yet_is_never_written_once_its_window_has_ended(
    settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    async with served(settings, clock) as storage:
        await Visitor(passeport, storage).send()
        await Visitor(passeport, storage, "bruno-of-today").send()
        clock.move(days=1)
        await storage.intake.forget(clock())
        assert await used(storage) == {}
    assert b"bruno-of-today" not in everything_at_rest(settings)


async def test_whoever_else_writes_into_the_file_is_told_and_believed(
    settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    """Two services on one file are nobody's advice; their limits hold together from the second time they meet."""
    async with served(settings, clock) as one, served(settings, clock) as other:
        for storage in (one, other):
            storage.engine.company = 60.0  # type: ignore[attr-defined]  # SQLite's
        here, there = Visitor(passeport, one), Visitor(passeport, other)
        answers = said([*await here.send(), *await there.send(), *await here.send(), *await there.send()])
        assert answers == ["created"] * 3 + ["OverLimit"]
        assert await used(one) == {"alice": MOST}
