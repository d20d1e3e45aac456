"""Where several lists of places meet, the latest first, without reading what lies between.

A list is read in chunks from a place down. When one list's next place is older than the others', they leap there: what
is read is bounded by the rarest list. Pure but for `read`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from collector.storage.reviews import Spot

CHUNK = 100
Read = Callable[[str, Spot], Awaitable[list[Spot]]]
"""At most `CHUNK` places of a word, the latest at or before a place first."""


class _Places:
    """The places of one word."""

    def __init__(self, word: str, read: Read) -> None:
        self._word = word
        self._read = read
        self._chunk: list[Spot] = []
        self._at = 0
        self._whole = False

    async def latest(self, spot: Spot) -> Spot | None:
        """The latest at or before `spot`, which is never later than the one asked for before."""
        while True:
            while self._at < len(self._chunk):
                if self._chunk[self._at] <= spot:
                    return self._chunk[self._at]
                self._at += 1
            if self._whole:
                return None
            self._chunk, self._at = await self._read(self._word, spot), 0
            self._whole = len(self._chunk) < CHUNK


class Leaps:
    """`clauses` are lists of words; a place is met when it has a word of each. Ends after so many reads.

    `rest` then is the last place that was looked at; None when everything was.
    """

    def __init__(self, clauses: Sequence[Sequence[str]], read: Read, most_reads: int) -> None:
        self._reads = 0
        self._most_reads = most_reads
        self._ask = read
        self._clauses = [[_Places(word, self._read) for word in words] for words in clauses]
        self.rest: Spot | None = None

    async def before(self, spot: Spot) -> AsyncIterator[Spot]:
        day, seq = spot
        at = (day, seq - 1)
        while self._reads < self._most_reads:
            met = at
            for clause in self._clauses:
                places = [place for each in clause if (place := await each.latest(met))]
                if not places:
                    return
                met = max(places)
            if met == at:
                yield at
                at = (at[0], at[1] - 1)
            else:
                at = met
        self.rest = (at[0], at[1] + 1)

    async def _read(self, word: str, spot: Spot) -> list[Spot]:
        self._reads += 1
        return await self._ask(word, spot)
