"""What must happen without anybody asking: forget what has served, tell the public more, purge what is too old."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

import structlog

from collector.errors import AvisError, Conflict
from collector.outage import Outage
from collector.retention import Retention
from collector.schema import Clock, date_of, day_of
from collector.storage import Storage
from collector.suppression import PUBLIC

EVERY = 60.0
JUMP = 600.0
"""Seconds by which the clock may part from the machine's own counter in a minute: setting it right takes less."""
DOUBT = 3600.0
"""Seconds that a clock which has jumped must go steadily before anything is forgotten by it."""
log = structlog.get_logger("avis.housekeeping")


class Housekeeping:
    """Each minute, in every worker: the statements are idempotent and touch only what has expired."""

    def __init__(
        self, storage: Storage, retention: Retention, clock: Clock, steady: Callable[[], float] = monotonic
    ) -> None:
        self._storage = storage
        self._retention = retention
        self._purged = ""
        self._clock = clock
        # Not at once: who starts the service looks at it next, and wants to see what has just come.
        self._told = _hour(clock)
        self._steady = steady
        self._outage = Outage("avis.housekeeping", "not-forgotten", "forgotten-again", steady)
        self._parted: float | None = None
        self._doubted_until = 0.0
        self._over = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._over = False
        self._task = asyncio.create_task(self._run(), name="avis-housekeeping")

    async def stop(self) -> None:
        """At once, or after the step that is under way: a database's driver may take the cancellation for its own."""
        self._over = True
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while not self._over:
            await self.once()
            if not self._over:
                await asyncio.sleep(EVERY)

    async def once(self) -> None:
        """A minute's work. What fails is tried again the next minute."""
        if not self._trusts_the_clock():
            return
        try:
            await self._storage.intake.forget(self._clock())
            await self._storage.bulk.forget_drafts(self._clock())
            await self._storage.turned_away.settle()
            await self._tell()
            await self._storage.links.forget_places(self._clock())
            await self._daily()
            await self._scrub()
        except AvisError as error:
            self._outage.failed(error)
        else:
            self._outage.worked()

    def _trusts_the_clock(self) -> bool:
        """Whether it has not jumped lately: a minute of a clock a year ahead must not cost a year of reviews."""
        steady = self._steady()
        parted, before = self._clock().timestamp() - steady, self._parted
        self._parted = parted
        if before is not None and abs(parted - before) > JUMP:
            log.warning("clock-jumped", seconds=round(parted - before))
            self._doubted_until = steady + DOUBT
        return steady >= self._doubted_until

    async def _tell(self) -> None:
        """Once an hour what the public is told takes its steps: else the next visitor waits while hundreds do."""
        hour = _hour(self._clock)
        if self._told != hour:
            public = [one for one in await self._storage.catalogue.procedures() if one.state in PUBLIC]
            today = date_of(self._clock())
            await self._storage.published.several(public, today, today)
            self._told = hour

    async def _daily(self) -> None:
        """One worker of all does it, and the others find it done; who fails tries again a minute later."""
        today = day_of(self._clock())
        if self._purged == today:
            return
        if not await self._retention.is_done_today():
            with suppress(Conflict):
                done = await self._retention.forget()
                if done.reviews or done.verbatims:
                    log.info("forgotten", reviews=done.reviews, rows=done.verbatims)
            return
        self._purged = today

    async def _scrub(self) -> None:
        """Somebody read all the time when the files should have forgotten: again, until they have."""
        if self._storage.unscrubbed:
            await self._storage.scrub()


def _hour(clock: Clock) -> str:
    return f"{clock():%Y-%m-%dT%H}"
