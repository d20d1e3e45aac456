"""Daily numbers beside reviews: the same again changes nothing, a later file corrects, the last is taken back."""

import asyncio

import pytest

from collector.operations.days import OperationsDay, key_of
from collector.storage import Storage
from collector.storage.journal import Search
from tests.conftest import MovableClock, Passeport, broken

MONDAY = OperationsDay("2026-03-09", "online", 120, 100, 250)
COUNTER = OperationsDay("2026-03-09", "counter", None, 10, None)
TUESDAY = OperationsDay("2026-03-10", "online", 130, 110, 300)


async def bring(storage: Storage, place: Passeport, clock: MovableClock, *days: OperationsDay) -> tuple[int, int, int]:
    given = {key_of(one): one for one in days}
    found = await storage.operations.bring(place.procedure, given, now=clock(), by="bruno")
    return len(found.added), len(found.changed), found.unchanged


async def stored(storage: Storage, place: Passeport) -> list[OperationsDay]:
    return await storage.operations.between(place.procedure, "2026-01-01", "2026-12-31")


async def test_the_same_file_twice_changes_nothing_and_a_later_one_corrects(
    storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    assert await bring(storage, passeport, clock, MONDAY, COUNTER) == (2, 0, 0)
    clock.move(minutes=1)
    assert await bring(storage, passeport, clock, MONDAY, COUNTER) == (0, 0, 2)
    last = await storage.operations.last_import(passeport.procedure)
    assert last
    assert last.at < clock(), "what changed nothing is no import"
    right = OperationsDay("2026-03-09", "online", 120, 101, None)
    assert await bring(storage, passeport, clock, right, TUESDAY) == (1, 1, 0)
    assert await stored(storage, passeport) == [COUNTER, right, TUESDAY]
    assert await storage.operations.last_day(passeport.procedure) == "2026-03-10"
    lines = await storage.journal.before(Search(act="operations.import"))
    assert [line.details for line in lines] == [
        {"added": 1, "corrected": 1, "from_day": "2026-03-09", "to_day": "2026-03-10"},
        {"added": 2, "corrected": 0, "from_day": "2026-03-09", "to_day": "2026-03-09"},
    ]


async def test_the_last_import_is_taken_back_to_what_was_before(
    storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    await bring(storage, passeport, clock, MONDAY, COUNTER)
    first = clock()
    clock.move(minutes=1)
    await bring(storage, passeport, clock, OperationsDay("2026-03-09", "online", 1, 1, 1), TUESDAY)
    undo = storage.operations.undo
    assert not await undo(passeport.procedure, first, by="bruno"), "it is not the last one any more"
    assert await undo(passeport.procedure, clock(), by="bruno")
    assert await stored(storage, passeport) == [COUNTER, MONDAY]
    assert await storage.operations.last_import(passeport.procedure) is None
    assert not await undo(passeport.procedure, clock(), by="bruno"), "once"
    assert [line.details for line in await storage.journal.before(Search(act="operations.undo"))] == [
        {"removed": 1, "corrected": 1}
    ]


async def test_two_who_import_at_once_leave_something_that_can_be_taken_back(
    storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    """The second sees what the first wrote: its day is a correction, not an addition."""
    other = OperationsDay("2026-03-09", "online", 1, 1, 1)
    found = await asyncio.gather(bring(storage, passeport, clock, MONDAY), bring(storage, passeport, clock, other))
    assert sorted(found) == [(0, 1, 0), (1, 0, 0)]


async def test_numbers_of_another_procedure_stay_out_of_sight(
    storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    other, _ = await storage.catalogue.add_procedure(
        title="P", slug="permis", organisation="O", ministry="M", audiences=[], origins=[], now=clock()
    )
    await bring(storage, passeport, clock, MONDAY)
    assert await storage.operations.between(other, "2026-01-01", "2026-12-31") == []
    assert await storage.operations.last_day(other) is None
    assert await storage.operations.last_import(other) is None


async def test_a_long_file_is_brought_in_and_taken_back(
    storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    """More rows than one statement takes."""
    days = [OperationsDay(f"2026-{month:02}-{day:02}", "online", n, n, n)
            for n, (month, day) in enumerate((m, d) for m in range(1, 13) for d in range(1, 29))]  # fmt: skip
    assert await bring(storage, passeport, clock, *days) == (336, 0, 0)
    assert await stored(storage, passeport) == days
    assert await storage.operations.undo(passeport.procedure, clock(), by="bruno")
    assert await stored(storage, passeport) == []


async def test_an_import_that_is_cut_leaves_nothing(
    storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    async with broken(storage, "journal"):
        with pytest.raises(Exception):  # noqa: B017, PT011 - whichever the engine says
            await bring(storage, passeport, clock, MONDAY)
    assert await stored(storage, passeport) == []
