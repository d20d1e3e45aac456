"""Keep the words of comments findable: what arrives is indexed within two seconds, apart from what citizens wait for.

Every worker does it, in turns: where the index has come to lies in the database, moved by the transaction that adds the
words. A worker that is killed anywhere leaves nothing to mend, and whoever is next goes on.
"""

import asyncio
from contextlib import suppress
from typing import NoReturn

import structlog

from collector.errors import StorageUnavailable
from collector.storage import Storage

EVERY = 1.0
# Between two steps of a long way, after an update or an import, citizens' reviews go first.
PAUSE = 0.01

log = structlog.get_logger("avis.indexing")


class Indexing:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._task: asyncio.Task[NoReturn] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="avis-indexing")

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> NoReturn:
        while True:
            try:
                more = await self._storage.search.index()
            except StorageUnavailable as error:
                log.warning("not-indexed", cause=type(error.__cause__ or error).__name__)
                more = False
            await asyncio.sleep(PAUSE if more else EVERY)
