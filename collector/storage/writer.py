"""The group-commit writer: whatever waits is written in one transaction, and answered once that is on disk.

One commit per review would cost one wait for the disk each; here a wait is shared by all who came meanwhile, at the
same durability. The queue is bounded: beyond it a caller is told to come back, because a promise that only lives in
memory is one that a power cut breaks.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

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
        self._waiting: list[Waiting] = []
        self._bell = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self._begun: float | None = None

    @property
    def waiting(self) -> int:
        """How many writes are in no batch yet."""
        return len(self._waiting)

    @property
    def writing_for(self) -> float:
        """Seconds since the batch that is being written was begun; who waits was not there before."""
        return monotonic() - self._begun if self._begun is not None else 0.0

    def start(self) -> None:
        self._closing = False
        self._task = asyncio.create_task(self._run(), name="avis-writer")

    async def stop(self) -> None:
        """Write everything that was accepted, then end."""
        self._closing = True
        self._bell.set()
        if self._task:
            await self._task
            self._task = None

    async def put(self, write: Write) -> Outcome:
        """Returns once `write` is on disk or refused. Raises StorageUnavailable when it could not be written."""
        if self._closing or len(self._waiting) >= LONGEST_QUEUE:
            raise StorageUnavailable(retry_after=2)
        done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((write, done))
        self._bell.set()
        return await done

    async def _run(self) -> None:
        while True:
            await self._bell.wait()
            await self._while_more_come()
            batch, self._waiting = self._waiting[:LONGEST_BATCH], self._waiting[LONGEST_BATCH:]
            if not batch:
                return
            if not self._waiting and not self._closing:
                self._bell.clear()
            self._begun = monotonic()
            try:
                await self._write(batch)
            except Exception:
                # Nobody else writes: whatever goes wrong here, the next batch is written and this one is answered.
                log.exception("writer-stumbled")
            finally:
                self._begun = None
                _answer(batch, [StorageUnavailable(retry_after=5)] * len(batch))

    async def _while_more_come(self) -> None:
        """Requests that are already here share this wait for the disk; without it one alone would begin each round."""
        seen = 0
        while seen < len(self._waiting) < LONGEST_BATCH:
            seen = len(self._waiting)
            await asyncio.sleep(0)

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
