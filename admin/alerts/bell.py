"""Once a minute: see what there is to tell, write it down, send it. One worker of all does, in whichever process.

The lease keeps two from looking for the same; that nothing is told twice does not depend on it.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta

import structlog

from admin.alerts.hooking import make_posts, send_posts
from admin.alerts.sending import make_digests, send_letters
from admin.alerts.watching import audience, look, look_slowly
from collector.errors import StorageUnavailable
from collector.outage import Outage
from collector.schema import Clock
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.alerts import KEPT

EVERY = 60.0
LEASE = "alerts"
HOLD = timedelta(minutes=10)
"""Longer than a minute's work with a mail server that answers slowly."""

log = structlog.get_logger("avis.alerts")


class Bell:
    def __init__(self, storage: Storage, settings: Settings, clock: Clock, every: float = EVERY) -> None:
        self._storage = storage
        self._settings = settings
        self._clock = clock
        self._every = every
        self._hour = ""
        self._outage = Outage("avis.alerts", "not-told", "told-again")
        self._over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._over.clear()
        self._task = asyncio.create_task(self._run(), name="avis-alerts")

    async def stop(self) -> None:
        """After the step that is under way."""
        self._over.set()
        if self._task:
            await self._task
        with suppress(StorageUnavailable):
            await self._storage.leases.give_back(LEASE)

    async def _run(self) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await self._over.wait()
            if not self._over.is_set():
                await self._guarded()

    async def _guarded(self) -> None:
        try:
            await self.once()
        except StorageUnavailable as error:
            self._outage.failed(error)
        except Exception:
            # What cannot be told must not end the telling of everything else.
            log.exception("alerts-stumbled")
        else:
            self._outage.worked()

    async def once(self) -> None:
        """A minute's work, if it is ours."""
        now = self._clock()
        if not await self._storage.leases.take(LEASE, now, HOLD):
            return
        whom = await audience(self._storage)
        await look(self._storage, self._settings, whom, now)
        hour = now.strftime("%Y-%m-%dT%H")
        if hour != self._hour:
            await look_slowly(self._storage, self._settings, whom, now)
            await self._storage.alerts.forget(now)
            await self._storage.hooks.forget(now - KEPT)
            self._hour = hour
        await make_posts(self._storage, self._settings, now)
        await send_posts(self._storage, self._settings, self._clock)
        # Without a mail server what happened is kept for whoever sets one up within days.
        if self._settings.mail_server:
            await self._storage.letters.enclose(now)
            await make_digests(self._storage, now)
            await send_letters(self._storage, self._settings, self._clock, self._over.is_set)
