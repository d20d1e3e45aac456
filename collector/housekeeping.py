"""What must happen without anybody asking: forget what has served its purpose."""

import asyncio
from contextlib import suppress
from typing import NoReturn

import structlog

from collector.errors import AvisError
from collector.schema import Clock
from collector.storage import Storage

EVERY = 60.0
log = structlog.get_logger("avis.housekeeping")


class Housekeeping:
    """Each minute, in every worker: the statements are idempotent and touch only what has expired."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._task: asyncio.Task[NoReturn] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="avis-housekeeping")

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> NoReturn:
        while True:
            try:
                await self._storage.intake.forget(self._clock())
            except AvisError as error:
                log.warning("not-forgotten", cause=type(error.__cause__ or error).__name__)
            await asyncio.sleep(EVERY)
