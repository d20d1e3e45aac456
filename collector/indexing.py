"""Keep the words of comments findable: what arrives is indexed within two seconds, apart from what citizens wait for.

Every worker does it, in turns: where the index has come to lies in the database, moved by the transaction that adds the
words. A worker that is killed anywhere leaves nothing to mend, and whoever is next goes on.
"""

import asyncio
from contextlib import suppress

import structlog

from collector.errors import StorageUnavailable
from collector.outage import Outage
from collector.storage import Storage

EVERY = 1.0
# Between two steps of a long way, after an update or an import, others write: citizens first of all.
PAUSE = 0.05

log = structlog.get_logger("avis.indexing")


class Indexing:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._outage = Outage("avis.indexing", "not-indexed", "indexed-again")
        self._over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._over.clear()
        self._task = asyncio.create_task(self._run(), name="avis-indexing")

    async def stop(self) -> None:
        """After the step that is under way: who asks the database each second would be cut off in a question."""
        self._over.set()
        if self._task:
            await self._task

    async def _run(self) -> None:
        while not self._over.is_set():
            more = await self._step()
            with suppress(TimeoutError):
                async with asyncio.timeout(PAUSE if more else EVERY):
                    await self._over.wait()

    async def _step(self) -> bool:
        try:
            more = await self._storage.search.index()
        except StorageUnavailable as error:
            self._outage.failed(error)
        except Exception:
            # A comment that cannot be indexed must not end the search for good.
            log.exception("indexing-stumbled")
        else:
            self._outage.worked()
            return more
        return False
