"""How much of the limits is used, known here up to a second before their table knows it.

What a visitor has used is a row somewhere in that table: with reviews from five thousand addresses, each batch changed
as many pages for its limits as for its reviews. A process that is alone with its database (`Engine.is_alone`) therefore
decides by what it remembers, and writes that once a second, in the order of the names: a page once for all its names.

Nothing of it is lost when the service stops. A process that is killed forgets what was charged in its last second, and
so many more reviews may come from wherever these came from.
"""

from collections.abc import Collection, Iterable, Mapping
from time import monotonic

from msgspec import Struct

from collector.windows import Used, Uses

EVERY = 1.0
MOST = 8_192
"""Names that were written and are still remembered, twice: what is met again seldom is not worth its place."""
PART = 512
"""Names written with one batch: half a millisecond. A second's worth at once would keep all who send then waiting."""


class Counts(Struct, frozen=True):
    """What became of counts in a transaction: read for it, changed by it, and what of all changes it has written."""

    read: Uses = {}
    changed: Uses = {}
    written: Uses = {}
    alone: bool = True


class Tally:
    def __init__(self, every: float = EVERY, most: int = MOST) -> None:
        self._every = every
        self._most = most
        self._lately: Uses = {}
        # As the table has it, all of it.
        self._before: Uses = {}
        self._unwritten: set[str] = set()
        self._round: list[str] = []
        self._next_round = 0.0

    def __len__(self) -> int:
        return len(self._lately) + len(self._before)

    def known(self, names: Iterable[str], *, alone: bool) -> Uses:
        """What the table need not be asked. Beside other processes that is only what it has not been told."""
        if not alone:
            return {name: self._lately[name] for name in self._unwritten.intersection(names)}
        lately, before = self._lately, self._before
        return {name: use for name in names if (use := lately.get(name) or before.get(name))}

    def due(self, changed: Mapping[str, Used], *, alone: bool) -> Uses:
        """What is written with the batch that changed these. What fails is due again in the next round."""
        if not alone:
            return self._now(changed, self._unwritten | changed.keys())
        if not self._round and monotonic() >= self._next_round:
            self._next_round = monotonic() + self._every
            self._round = sorted(self._unwritten | changed.keys(), reverse=True)
        part = self._round[-PART:]
        del self._round[-PART:]
        return self._now(changed, part)

    def note(self, counts: Counts) -> None:
        """The transaction is on disk."""
        self._lately.update(counts.read)
        self._lately.update(counts.changed)
        self._unwritten.update(counts.changed)
        self._unwritten.difference_update(counts.written)
        if not counts.alone:
            self._lately, self._before = self._left(), {}
        elif len(self._lately) - len(self._unwritten) > self._most:
            self._lately, self._before = self._left(), self._lately

    def rest(self) -> Uses:
        """All that the table does not know yet."""
        return self._left()

    def forget(self, now: int) -> None:
        """Windows that have ended: they are nobody's any more, and must not be written again."""
        self._lately = {name: use for name, use in self._lately.items() if use.expires > now}
        self._before = {name: use for name, use in self._before.items() if use.expires > now}
        self._unwritten.intersection_update(self._lately)

    def _now(self, changed: Mapping[str, Used], names: Collection[str]) -> Uses:
        found = {name: changed.get(name) or self._lately.get(name) for name in names}
        return {name: use for name, use in sorted(found.items()) if use}

    def _left(self) -> Uses:
        return {name: self._lately[name] for name in self._unwritten}
