"""The group-commit writer: whatever waits is written in one transaction, and answered once that is on disk.

One commit per review would cost one wait for the disk each; here a wait is shared by all who came meanwhile, at the
same durability. The queue is bounded: beyond it a caller is told to come back, because a promise that only lives in
memory is one that a power cut breaks.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import NoReturn

import structlog

from collector.errors import AvisError, StorageUnavailable
from collector.storage.batch import Outcome, Write

LONGEST_QUEUE = 5_000
LONGEST_BATCH = 500

Commit = Callable[[Sequence[Write]], Awaitable[Sequence[Outcome]]]
Waiting = tuple[Write, asyncio.Future[Outcome]]

log = structlog.get_logger("avis.writer")


class Writer:
    """Feeds batches to `commit`, one at a time."""

    def __init__(self, commit: Commit) -> None:
        self._commit = commit
        self._queue: asyncio.Queue[Waiting] = asyncio.Queue(LONGEST_QUEUE)
        self._task: asyncio.Task[NoReturn] | None = None
        self._closing = False

    def start(self) -> None:
        self._closing = False
        self._task = asyncio.create_task(self._run(), name="avis-writer")

    async def stop(self) -> None:
        """Write everything that was accepted, then end."""
        self._closing = True
        if self._task:
            await self._queue.join()
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def put(self, write: Write) -> Outcome:
        """Returns once `write` is on disk or refused. Raises StorageUnavailable when it could not be written."""
        if self._closing or self._queue.full():
            raise StorageUnavailable(retry_after=2)
        done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((write, done))
        return await done

    async def _run(self) -> NoReturn:
        while True:
            batch = [await self._queue.get()]
            while len(batch) < LONGEST_BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            try:
                await self._write(batch)
            except Exception:
                # Nobody else writes: whatever goes wrong here, the next batch is written and this one is answered.
                log.exception("writer-stumbled")
            finally:
                _answer(batch, [StorageUnavailable(retry_after=5)] * len(batch))
                for _ in batch:
                    self._queue.task_done()

    async def _write(self, batch: Sequence[Waiting]) -> None:
        try:
            outcomes = await self._commit([write for write, _ in batch])
        except AvisError as error:
            log.error(  # noqa: TRY400 - the cause is named; a trace for each batch of an outage would drown it
                "batch-not-written", reviews=len(batch), cause=type(error.__cause__ or error).__name__
            )
            _answer(batch, [error] * len(batch))
        except Exception as error:
            # One review that the database refuses must not take its neighbours with it.
            if len(batch) > 1:
                for waiting in batch:
                    await self._write([waiting])
                return
            log.exception("review-not-written")
            failure = StorageUnavailable(retry_after=30)
            failure.__cause__ = error
            _answer(batch, [failure])
        else:
            _answer(batch, outcomes)


def _answer(batch: Sequence[Waiting], outcomes: Sequence[Outcome]) -> None:
    """Tell each caller, unless it has been told already."""
    for (_, done), outcome in zip(batch, outcomes, strict=True):
        # A caller that hung up meanwhile has cancelled its future; the review is written all the same.
        if not done.done():
            if isinstance(outcome, StorageUnavailable):
                done.set_exception(outcome)
            else:
                done.set_result(outcome)
