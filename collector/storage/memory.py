"""What this process remembers of connections and texts, never written: at rest no review is beside a visitor.

How often a text came, and how many reviews a connection (by its name of the day) sent that still stood ten minutes
later: its trust. And the reviews of the last ten minutes, to set aside what began a burst: the first ones count, as
nothing distinguishes them yet, until a later one gives the rest away. A process that stops forgets; what it had counted
stays counted.
"""

from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence

import structlog
from msgspec import Struct

from collector.errors import StorageUnavailable
from collector.schema import Reason, Review
from collector.storage.amend import MOST, Amendments
from collector.storage.batch import Key, Plan, Write
from collector.storage.engine import Engine, listed
from collector.storage.rows import text_of
from collector.suspicion import CALM, DAY, TEN_MINUTES, VOLUME, Watch, keeps_its_pace, most_same_texts, withdraw
from collector.windows import Used, Uses, count, counted

# At fifty reviews a second, the ten minutes that are looked back over. About as many names: a few megabytes.
MOST_REMEMBERED = 30_000

log = structlog.get_logger("avis.memory")


class Recent(Struct, frozen=True, gc=False):
    """What a review came with, that counted when it came. Only a new one outside a burst `earns` trust."""

    watch: Watch
    second: int
    earns: bool


class Memory:
    def __init__(self, engine: Engine, amendments: Amendments, most: int = MOST_REMEMBERED) -> None:
        self._engine = engine
        self._amendments = amendments
        self._most = most
        self._recent: OrderedDict[Key, Recent] = OrderedDict()
        # Apart, so that a flood of texts and strangers, which earn nothing, cannot push trust out.
        self._trust: OrderedDict[str, Used] = OrderedDict()
        self._other: OrderedDict[str, Used] = OrderedDict()
        self._bursts: dict[str, int] = {}
        self._due_procedures: set[str] = set()
        self._due_texts: set[str] = set()

    def uses_of(self, writes: Sequence[Write], now: int) -> Uses:
        """What is remembered under the names of a batch."""
        self._ripen(now)
        names = [name for write in writes if write.watch for name in write.watch.own_names]
        return {name: use for name in names if (use := self._trust.get(name) or self._other.get(name))}

    def note(self, writes: Sequence[Write], decided: Plan, now: int) -> None:
        """Remember what a batch has decided."""
        watches = {_key(write.review): write.watch for write in writes if write.watch}
        for stored in decided.inserts:
            if stored.review.suspicion in VOLUME:
                self._in_burst(watches[_key(stored.review)].procedure, now)
        for write, outcome in zip(writes, decided.outcomes, strict=True):
            if write.watch and outcome in {"created", "enriched"}:
                self._note(_key(write.review), write.watch, now, earns=outcome == "created")
                self._count(write.watch, decided.used, now)
        for stored in (*decided.inserts, *decided.updates):
            if stored.review.aside:
                self._recent.pop(_key(stored.review), None)

    async def catch_up(self, now: int) -> None:
        """Set aside what was to be since the last time. What cannot be written now is tried again."""
        if not (self._due_procedures or self._due_texts):
            return
        suspects = list(self._suspects(now).items())
        try:
            for first in range(0, len(suspects), MOST):
                await self._set_aside(dict(suspects[first : first + MOST]))
        except StorageUnavailable as error:
            log.warning("burst-not-set-aside", cause=type(error.__cause__ or error).__name__)
            return
        self._due_procedures.clear()
        self._due_texts.clear()

    def _ripen(self, now: int) -> None:
        """What still stands after ten minutes has earned its connection trust."""
        while self._recent:
            key, oldest = next(iter(self._recent.items()))
            if oldest.second > now - TEN_MINUTES and len(self._recent) <= self._most:
                return
            del self._recent[key]
            if oldest.earns:
                count(self._trust, oldest.watch.trust, DAY, now)
                _bound(self._trust, self._most)

    def _note(self, key: Key, watch: Watch, now: int, *, earns: bool) -> None:
        before = self._recent.get(key)
        if before:
            # A later step is no other review: it only brings a text.
            self._recent[key] = Recent(watch, before.second, before.earns)
        else:
            self._recent[key] = Recent(watch, now, earns and self._bursts.get(watch.procedure, 0) <= now)

    def _count(self, watch: Watch, used: Mapping[str, Used], now: int) -> None:
        most = most_same_texts(watch.usual)
        # Only when the bound is crossed: from then on none counts, so there is nothing more to go back to.
        if watch.text and watch.text in used and counted(self._other, watch.text, now) <= most < used[watch.text].used:
            self._due_texts.add(watch.text)
        for name in watch.own_names:
            # Trust is not moved by judging.
            if name in used:
                self._other[name] = used[name]
        _bound(self._other, self._most)

    def _in_burst(self, procedure: str, now: int) -> None:
        if self._bursts.get(procedure, 0) <= now:
            self._due_procedures.add(procedure)
        self._bursts[procedure] = now + CALM

    def _suspects(self, now: int) -> dict[Key, Reason]:
        """Who sent nothing before the burst, or far less; and whoever wrote the same."""
        near = {key: each.watch for key, each in self._recent.items() if each.watch.procedure in self._due_procedures}
        lately = Counter(watch.trust for watch in near.values())
        hasty: dict[Key, Reason] = {
            key: "stranger"
            for key, watch in near.items()
            if not keeps_its_pace(lately[watch.trust], counted(self._trust, watch.trust, now))
        }
        same = [key for key, each in self._recent.items() if each.watch.text in self._due_texts]
        return {**hasty, **dict.fromkeys(same, "text")}

    async def _set_aside(self, reasons: Mapping[Key, Reason]) -> None:
        keys = text_of([{"procedure_id": procedure, "capability": capability} for procedure, capability in reasons])
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.reviews_of_batch(connection, keys=keys))

        def change(review: Review) -> Review:
            return review if review.suspicion else withdraw(review, reasons[_key(review)])

        await self._amendments.amend([(row["procedure_id"], row["seq"]) for row in rows], change)
        for key in reasons:
            del self._recent[key]


def _bound(uses: "OrderedDict[str, Used]", most: int) -> None:
    while len(uses) > most:
        uses.popitem(last=False)


def _key(review: Review) -> Key:
    return (review.procedure_id, review.capability)
