"""The rolling year of every public procedure: what the observatory's pages and the public figures are made of."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cached_property

from msgspec import Struct

from collector.ages import Age
from collector.indicators import ENOUGH, Indicator
from collector.plain import plain
from collector.schema import Clock, Procedure, date_of
from collector.storage import Storage
from collector.suppression import FAMILY, PUBLIC, Figures, behind

_YEAR = Age(months=12)
KEPT = timedelta(seconds=10)


class Line(Struct, frozen=True, dict=True):
    """A procedure with its public figures. `reviews` is None when they are too few to be counted."""

    procedure: Procedure
    figures: Figures

    @property
    def reviews(self) -> int | None:
        return self.figures.reviews

    @property
    def is_shown(self) -> bool:
        return (self.reviews or 0) >= ENOUGH

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """Those that enough reviews stand behind, by name."""
        return {one.name: one for one in self.figures.indicators if self.behind(one.name) >= ENOUGH}

    def behind(self, name: str) -> int:
        """How many reviews stand behind a figure."""
        family = FAMILY[name]
        return behind(family, self.figures.sums[family])


class Year(Struct, frozen=True):
    first: date
    last: date
    lines: tuple[Line, ...]

    @property
    def ministries(self) -> list[str]:
        return sorted({one.procedure.ministry for one in self.lines}, key=plain)


def rolling_year(clock: Clock) -> tuple[date, date]:
    """First and last day of the one period that the public sees."""
    today = date_of(clock())
    return _YEAR.first_kept(today) + timedelta(days=1), today


class Years:
    """The year as it stood within the last seconds: whoever asks together shares what one of them reads.

    Reading 250 procedures takes a tenth of a second of the thread that also takes citizens' reviews in.
    """

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._turn = asyncio.Lock()
        self._read: tuple[datetime, Year] | None = None

    async def latest(self) -> Year:
        async with self._turn:
            now = self._clock()
            if self._read is None or not timedelta() <= now - self._read[0] < KEPT:
                self._read = now, await self._year()
            return self._read[1]

    async def _year(self) -> Year:
        first, today = rolling_year(self._clock)
        public = [one for one in await self._storage.catalogue.procedures() if one.state in PUBLIC]
        found = await self._storage.published.several(public, first, today)
        return Year(first, today, tuple(Line(one, found[one.id]) for one in public))
