"""The group-commit writer, with a disk that tests hold in their hands."""

import asyncio
from collections.abc import Sequence

import pytest
from typing_extensions import override

from collector.errors import StorageUnavailable
from collector.storage import writer as module
from collector.storage.batch import Outcome, Write
from collector.storage.writer import LONGEST_BATCH, LONGEST_QUEUE, Writer
from tests.unit.test_batch import review, write


class Disk:
    """Remembers each batch, waits while it is slow, and refuses what it is told to."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.ready = asyncio.Event()
        self.ready.set()
        self.poison = ""
        self.away = False

    async def commit(self, writes: Sequence[Write]) -> Sequence[Outcome]:
        names = [each.review.capability for each in writes]
        self.batches.append(names)
        await self.ready.wait()
        if self.away:
            raise StorageUnavailable(retry_after=5)
        if self.poison in names:
            raise ValueError(self.poison)
        return ["created"] * len(writes)

    @property
    def written(self) -> list[str]:
        return [name for batch in self.batches for name in batch]


async def writing(disk: Disk) -> None:
    """Until the first batch is on its way."""
    async with asyncio.timeout(5):
        while not disk.batches:  # noqa: ASYNC110 - turns of the loop are what is counted here
            await asyncio.sleep(0)


def opinion(name: str) -> Write:
    return write(review(name))


async def test_whatever_waits_is_written_in_one_batch() -> None:
    disk = Disk()
    writer = Writer(disk.commit)
    writer.start()
    assert await asyncio.gather(*(writer.put(opinion(f"{n}")) for n in range(20))) == ["created"] * 20
    await writer.stop()
    assert [len(batch) for batch in disk.batches] == [20]


async def test_whoever_is_already_on_the_way_still_gets_into_the_batch() -> None:
    async def after(turns: int) -> str:
        for _ in range(turns):
            await asyncio.sleep(0)
        outcome = await writer.put(opinion(f"{turns}"))
        assert isinstance(outcome, str)
        return outcome

    disk = Disk()
    writer = Writer(disk.commit)
    writer.start()
    assert await asyncio.gather(*map(after, range(10))) == ["created"] * 10
    await writer.stop()
    assert disk.batches == [[f"{turns}" for turns in range(10)]]


async def test_a_batch_has_a_longest_size() -> None:
    disk = Disk()
    writer = Writer(disk.commit)
    writer.start()
    await asyncio.gather(*(writer.put(opinion(f"{n}")) for n in range(LONGEST_BATCH + 1)))
    await writer.stop()
    assert [len(batch) for batch in disk.batches] == [LONGEST_BATCH, 1]


async def test_nobody_is_answered_before_the_disk_has_spoken() -> None:
    disk = Disk()
    disk.ready.clear()
    writer = Writer(disk.commit)
    writer.start()
    waiting = asyncio.create_task(writer.put(opinion("alice")))
    await writing(disk)
    assert disk.batches == [["alice"]]
    assert not waiting.done()
    disk.ready.set()
    assert await waiting == "created"
    await writer.stop()


async def test_beyond_the_queue_a_caller_is_told_to_come_back() -> None:
    disk = Disk()
    disk.ready.clear()
    writer = Writer(disk.commit)
    writer.start()
    first = asyncio.create_task(writer.put(opinion("first")))
    await writing(disk)
    waiting = [asyncio.create_task(writer.put(opinion(f"{n}"))) for n in range(LONGEST_QUEUE)]
    await asyncio.sleep(0)
    with pytest.raises(StorageUnavailable) as refused:
        await writer.put(opinion("one too many"))
    assert refused.value.retry_after == 2
    disk.ready.set()
    assert set(await asyncio.gather(first, *waiting)) == {"created"}
    await writer.stop()
    assert "one too many" not in disk.written


async def test_stopping_writes_everything_that_was_accepted() -> None:
    disk = Disk()
    disk.ready.clear()
    writer = Writer(disk.commit)
    writer.start()
    waiting = [asyncio.create_task(writer.put(opinion(f"{n}"))) for n in range(50)]
    await asyncio.sleep(0)
    stopping = asyncio.create_task(writer.stop())
    await asyncio.sleep(0)
    with pytest.raises(StorageUnavailable):
        await writer.put(opinion("late"))
    disk.ready.set()
    await stopping
    assert [task.result() for task in waiting] == ["created"] * 50
    assert sorted(disk.written) == sorted(f"{n}" for n in range(50))


async def test_one_review_that_the_database_refuses_does_not_take_its_neighbours(
    capsys: pytest.CaptureFixture[str],
) -> None:
    disk = Disk()
    disk.poison = "3"
    writer = Writer(disk.commit)
    writer.start()
    outcomes = await asyncio.gather(*(writer.put(opinion(f"{n}")) for n in range(6)), return_exceptions=True)
    await writer.stop()
    assert [type(outcome).__name__ if isinstance(outcome, Exception) else outcome for outcome in outcomes] == [
        "created",
        "created",
        "created",
        "StorageUnavailable",
        "created",
        "created",
    ]


async def test_while_the_disk_is_away_everybody_is_told_and_afterwards_nobody_is() -> None:
    disk = Disk()
    disk.away = True
    writer = Writer(disk.commit)
    writer.start()
    outcomes = await asyncio.gather(*(writer.put(opinion(f"{n}")) for n in range(3)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StorageUnavailable] * 3
    disk.away = False
    assert await writer.put(opinion("again")) == "created"
    await writer.stop()


async def test_a_caller_that_hangs_up_loses_nothing() -> None:
    disk = Disk()
    disk.ready.clear()
    writer = Writer(disk.commit)
    writer.start()
    gone, stays = (asyncio.create_task(writer.put(opinion(name))) for name in ("gone", "stays"))
    await asyncio.sleep(0)
    gone.cancel()
    disk.ready.set()
    assert await stays == "created"
    await writer.stop()
    assert disk.written == ["gone", "stays"]
    assert gone.cancelled()


def test_the_queue_is_bounded() -> None:
    assert module.LONGEST_QUEUE < 100_000


async def test_a_log_that_cannot_be_written_stops_no_writer() -> None:
    class Miscounting(Disk):
        @override
        async def commit(self, writes: Sequence[Write]) -> Sequence[Outcome]:
            await super().commit(writes)
            return []

    writer = Writer(Miscounting().commit)
    writer.start()
    for _ in range(2):
        with pytest.raises(StorageUnavailable):
            await writer.put(opinion("alice"))
    await writer.stop()
