"""Forget what is too old: first what people wrote, later that they wrote, never how many there were.

Reviews past their age are removed and what they said stays in the day counts, so that no figure of the past changes by
one digit. Copies that jobs keep are told, like of any other change: what is forgotten here is forgotten there.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime, time, timedelta

from msgspec import Struct

from collector.ages import Age
from collector.errors import Conflict
from collector.privacy.texts import without_texts
from collector.schema import PARIS, Clock, Review, date_of, day_of, parse_day
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.amend import Change, Place
from collector.storage.journal import SERVICE

LEASE = "purge"
# Longer than any batch takes; who dies with the lease is replaced after that.
HOLD = timedelta(minutes=2)
# Between two batches citizens' reviews go first.
PAUSE = 0.02
# A job that asks at least once in this time hears of every review that was removed.
TRACES_KEPT = Age(months=12)
_NEVER = "0001-01-01"


class Due(Struct, frozen=True):
    """What is too old. The days are the first that are kept; None where nothing is ever too old."""

    verbatims: int
    reviews: int
    lines: int
    verbatims_before: str | None
    reviews_before: str | None
    lines_before: str | None


class Forgotten(Struct, frozen=True):
    """What one run did. `erased` is whether the text has left the database's files as well as its tables."""

    verbatims: int
    reviews: int
    lines: int
    erased: bool


class Retention:
    """`by` is who forgets, for the journal."""

    def __init__(self, storage: Storage, settings: Settings, clock: Clock, by: str = SERVICE) -> None:
        self._storage = storage
        self._clock = clock
        self._by = by
        self._keep_verbatims = settings.keep_verbatims
        self._keep_reviews = settings.keep_reviews
        self._keep_journal = settings.keep_journal

    async def due(self) -> Due:
        texts, reviews = self._first_kept(self._keep_verbatims), self._first_kept(self._keep_reviews)
        verbatims, whole = await self._storage.aged.count(
            texts_before=texts or _NEVER, reviews_before=reviews or _NEVER
        )
        month = self._first_month()
        lines = await self._storage.journal.aged(month) if month else 0
        return Due(verbatims, whole, lines, texts, reviews, day_of(month) if month else None)

    async def is_done_today(self) -> bool:
        return await self._storage.aged.is_done(day_of(self._clock()))

    async def forget(self, say: Callable[[int], None] = lambda _: None) -> Forgotten:
        """Forget everything that is too old now, in small transactions; `say` hears how many reviews each dealt with.

        May be stopped anywhere and run again. Raises Conflict while another worker does the same.
        """
        await self._hold()
        today, aged = day_of(self._clock()), self._storage.aged
        done = {"erased_reviews": 0, "erased_texts": 0}
        try:
            async for number in self._each(aged.reviews, self._first_kept(self._keep_reviews), _remove):
                done["erased_reviews"] += number
                say(number)
            async for number in self._each(aged.texts, self._first_kept(self._keep_verbatims), without_texts):
                done["erased_texts"] += number
                say(number)
            await aged.done(today, self._first_kept(TRACES_KEPT) or _NEVER)
            month = self._first_month()
            lines = await self._storage.journal.forget(month, by=self._by) if month else 0
        finally:
            await self._tell(today, done)
            await self._storage.leases.give_back(LEASE)
        # Also when nothing was too old: the salt of yesterday's visitor names is still in the write-ahead log.
        return Forgotten(done["erased_texts"], done["erased_reviews"], lines, await self._storage.scrub())

    async def _each(
        self, find: Callable[[str], Awaitable[Sequence[Place]]], before: str | None, change: Change
    ) -> AsyncIterator[int]:
        while before and (places := await find(before)):
            await self._hold()
            done = await self._storage.amendments.amend(places, change, figures="stay")
            if not done:
                break  # somebody else was faster
            yield len(done)
            await asyncio.sleep(PAUSE)

    async def _tell(self, day: str, done: Mapping[str, int]) -> None:
        """One line for a run, also for one that was stopped; none for the many days on which nothing was too old.

        A run that somebody asked for is told in any case.
        """
        if any(done.values()) or self._by != SERVICE:
            async with self._storage.engine.write() as connection:
                await self._storage.journal.append(
                    connection, by=self._by, act="reviews.purge", subject=day, details=done
                )

    async def _hold(self) -> None:
        if not await self._storage.leases.take(LEASE, self._clock(), HOLD):
            raise Conflict("Un autre processus efface déjà ce qui est trop ancien. Réessayez dans quelques minutes.")

    def _first_month(self) -> datetime | None:
        """When the journal begins: whole months, so that it is not shortened by a line, and longer by one, each day."""
        first = self._first_kept(self._keep_journal)
        return datetime.combine(parse_day(first).replace(day=1), time(), PARIS) if first else None

    def _first_kept(self, age: Age | None) -> str | None:
        return age.first_kept(date_of(self._clock())).isoformat() if age else None


def _remove(_: Review) -> None:
    return None
