"""What is declared of procedures: each statement a line under the older ones, undone by a line more."""

import asyncio

import pytest

from collector.criteria import UNSAID, Statement
from collector.errors import StorageUnavailable
from collector.storage import Storage
from collector.storage.journal import Search
from tests.conftest import MovableClock, Passeport, broken, found

SLOW = Statement("declared", "900", None, "2026-01-10")
FAST = Statement("declared", "350", "https://exemple.fr/mesures", "2026-03-01")
NOT_HERE = Statement("not_applicable", None, None, "2026-02-01")


async def declare(storage: Storage, place: Passeport, clock: MovableClock, name: str, said: Statement) -> int | None:
    lines = await storage.criteria.declare(place.procedure, {name: said}, now=clock(), by="bruno")
    return lines[0].id if lines else None


async def holds(storage: Storage, place: Passeport, name: str) -> Statement:
    held = await storage.criteria.of(place.procedure)
    return held[name].said if name in held else UNSAID


async def test_a_correction_is_a_new_line_and_the_last_one_holds(
    storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    await declare(storage, passeport, clock, "response_time", SLOW)
    clock.move(minutes=5)
    await declare(storage, passeport, clock, "response_time", FAST)
    assert await declare(storage, passeport, clock, "response_time", FAST) is None, "it is said already"
    assert await holds(storage, passeport, "response_time") == FAST
    lines = await storage.criteria.history(passeport.procedure)
    assert [(one.said, one.by) for one in lines] == [(FAST, "bruno"), (SLOW, "bruno")]
    assert lines[0].at > lines[1].at
    said = await storage.journal.before(Search(act="criterion.declare"))
    assert [(one.subject, one.details["value"]) for one in said] == [
        ("passeport/response_time", "350"),
        ("passeport/response_time", "900"),
    ]


async def test_what_holds_for_a_day_is_the_last_line_about_it_or_a_day_before(
    storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    await declare(storage, passeport, clock, "response_time", SLOW)
    await declare(storage, passeport, clock, "response_time", FAST)
    on = storage.criteria.on
    assert await on(passeport.procedure, "2026-01-09") == {}
    assert await on(passeport.procedure, "2026-02-28") == {"response_time": SLOW}
    assert await on(passeport.procedure, "2026-03-01") == {"response_time": FAST}


async def test_undoing_says_again_what_was_said_before(
    storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    first = await declare(storage, passeport, clock, "response_time", SLOW)
    second = await declare(storage, passeport, clock, "response_time", FAST)
    assert first
    assert second
    undo = storage.criteria.undo
    assert not await undo(passeport.procedure, [first], now=clock(), by="bruno"), "it does not hold any more"
    assert await undo(passeport.procedure, [second], now=clock(), by="bruno")
    assert not await undo(passeport.procedure, [second], now=clock(), by="bruno"), "once"
    assert not await undo(passeport.procedure, [], now=clock(), by="bruno")
    assert await holds(storage, passeport, "response_time") == SLOW
    assert await storage.criteria.on(passeport.procedure, "2026-03-12") == {"response_time": SLOW}
    assert len(await storage.criteria.history(passeport.procedure)) == 3, "nothing is taken out of the history"
    (line,) = await storage.journal.before(Search(act="criterion.undo"))
    assert line.details["value"] == "900"


async def test_undoing_the_first_statement_leaves_nothing_declared_not_even_for_an_older_day(
    storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    line = await declare(storage, passeport, clock, "franceconnect", NOT_HERE)
    assert line
    assert await storage.criteria.undo(passeport.procedure, [line], now=clock(), by="bruno")
    assert (await holds(storage, passeport, "franceconnect")).standing == "not_declared"
    found = await storage.criteria.on(passeport.procedure, "2026-03-12")
    assert found["franceconnect"].standing == "not_declared"


async def test_nobody_undoes_what_is_declared_of_another_procedure(
    storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    other = await found(storage, clock, "permis")
    line = await declare(storage, passeport, clock, "online", NOT_HERE)
    assert line
    assert not await storage.criteria.undo(other.procedure, [line], now=clock(), by="bruno")
    assert await storage.criteria.of(other.procedure) == {}
    assert await storage.criteria.all() == {passeport.procedure.id: {"online": NOT_HERE}}


async def test_two_who_say_the_same_at_once_write_one_line(
    storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    both = await asyncio.gather(*(declare(storage, passeport, clock, "once", SLOW) for _ in range(2)))
    assert [one is None for one in both].count(True) == 1
    assert len(await storage.criteria.history(passeport.procedure)) == 1


async def test_without_its_journal_nothing_is_declared(
    storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    async with broken(storage, "journal_head"):
        with pytest.raises(StorageUnavailable):
            await declare(storage, passeport, clock, "online", NOT_HERE)
    assert await storage.criteria.of(passeport.procedure) == {}
