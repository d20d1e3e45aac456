"""Keep what follows the reviews up to date within two seconds, apart from what citizens wait for.

The words of comments, so that they can be found; and reports of malfunctions, sorted into problems. Every worker does
it, in turns: where each has come to lies in the database, moved by the transaction that does a step. A worker that is
killed anywhere leaves nothing to mend, and whoever is next goes on.
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
            # Both a little, rather than one of them to its end first.
            words, reports = await self._storage.search.index(), await self._storage.problems.sort()
            more = words or reports
        except StorageUnavailable as error:
            self._outage.failed(error)
        except Exception:
            # A comment that cannot be indexed must not end the search for good.
            log.exception("indexing-stumbled")
        else:
            self._outage.worked()
            return more
        return False
