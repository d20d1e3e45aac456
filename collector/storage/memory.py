"""What this process remembers of connections and texts, never written: at rest no review is beside a visitor.

How many reviews a connection (by its name of the day) sent that still stood ten minutes later: its trust. And the
reviews of the last ten minutes: to set aside what began a burst, as the first ones count until a later one gives the
rest away, and to know how soon after a first answer the next came. A process that stops forgets; what it had counted
stays counted.

Split over several processes this stays sound. Whether a connection keeps its pace and which minutes a burst is made of
are comparisons, the same in each part; what is a number (arrivals, the room of a burst, repeated texts, haste) lies in
the database, where all processes count together. How soon after its first answer a step came is known here; where
another process took that answer, and much comes too fast, its moment lies in the database as well (`IntakeTables`).
"""

from collections import Counter, OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from sys import intern
from typing import Any

import structlog
from msgspec import Struct

from collector.errors import StorageUnavailable
from collector.schema import Reason, Review, day_of, moment_of
from collector.storage.amend import MOST, Amendments, Place
from collector.storage.batch import Key, Plan, Write
from collector.storage.engine import Engine, listed
from collector.storage.rows import text_of
from collector.suspicion import (
    CALM,
    DAY,
    HOUR,
    TEN_MINUTES,
    VOLUME,
    Watch,
    keeps_its_pace,
    letters_of,
    names_of,
    of_the_burst,
    withdraw,
)
from collector.windows import Used, Uses, count, counted

# At fifty reviews a second, the ten minutes that are looked back over. About as many names: a few megabytes.
MOST_REMEMBERED = 30_000

log = structlog.get_logger("avis.memory")


class Recent(Struct, frozen=True, gc=False):
    """What a review came with, that counted when it came. Only one outside a burst `earns` trust.

    There are thirty thousand of them: no more than is asked for later.
    """

    procedure: str
    source: str
    at: float
    second: int
    earns: bool


class Recalled(Struct, frozen=True):
    """What is known for a batch: when first answers came, what this process has counted.

    `names`: what all processes count together, in the database.
    """

    begun: dict[Key, float]
    uses: Uses
    names: set[str]


class Memory:
    def __init__(self, engine: Engine, amendments: Amendments, most: int = MOST_REMEMBERED) -> None:
        self._engine = engine
        self._amendments = amendments
        self._most = most
        self._recent: OrderedDict[Key, Recent] = OrderedDict()
        # Apart, so that a flood of strangers, who earn nothing, cannot push trust out.
        self._trust: OrderedDict[str, Used] = OrderedDict()
        self._lately: OrderedDict[str, Used] = OrderedDict()
        self._texts = Texts(most)
        self._caught: OrderedDict[str, int] = OrderedDict()
        self._bursts: dict[str, int] = {}
        self._due_procedures: set[str] = set()
        self._due_texts: dict[int, set[bytes]] = {}

    def recall(self, writes: Sequence[Write], now: int) -> Recalled:
        """What is known for a batch, before it is decided."""
        self._ripen(now)
        begun = {key: self._recent[key].at for write in writes if (key := _key(write.review)) in self._recent}
        watches = [write.watch for write in writes if write.watch]
        known = Recalled(begun, {}, self._written_before(watches, now))
        # Once, as far as this process knows: what the database says of a text goes before it.
        known.uses.update((text, Used(1, _end_of_hour(now))) for text in known.names if self._texts.has(text, now))
        for watch in watches:
            if watch.source in self._trust:
                known.uses[watch.trust] = self._trust[watch.source]
                for name in (watch.lately, watch.quick) if self._lately else ():
                    if name in self._lately:
                        known.uses[name] = self._lately[name]
        for procedure in {watch.procedure for watch in watches}:
            names = names_of(procedure)
            known.names.update(names.of_new, names.of_steps)
        return known

    def note(self, writes: Sequence[Write], decided: Plan, now: int) -> None:
        """Remember what a batch has decided."""
        aside = {_key(each.review): each.review for each in (*decided.inserts, *decided.updates) if each.review.aside}
        if aside:
            self._give_away(writes, aside, {_key(each.review) for each in decided.inserts}, now)
        for write, outcome in zip(writes, decided.outcomes, strict=True):
            watch = write.watch
            if watch and (outcome == "created" or outcome == "enriched"):  # noqa: PLR1714 - no set: half of them hash
                self._count(watch, decided.used, now)
                if outcome == "created" and (key := _key(write.review)) not in aside:
                    earns = self._bursts.get(watch.procedure, 0) <= now
                    # Interned: the name of a town hall is there once, however many come from it.
                    self._recent[key] = Recent(watch.procedure, intern(watch.source), watch.at, now, earns)

    async def catch_up(self, now: int) -> None:
        """Set aside what was to be since the last time. What cannot be written now is tried again."""
        if not (self._due_procedures or self._due_texts):
            return
        beginning = self._beginning(now)
        try:
            for first in range(0, len(beginning), MOST):
                await self._withdraw(await self._places(beginning[first : first + MOST]), "stranger")
            for procedure_id, texts in self._due_texts.items():
                await self._withdraw(await self._same(procedure_id, texts, now), "text")
        except StorageUnavailable as error:
            log.warning("burst-not-set-aside", cause=type(error.__cause__ or error).__name__)
            return
        for key in beginning:
            del self._recent[key]
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
                count(self._trust, oldest.source, DAY, now)
                _bound(self._trust, self._most)

    def _written_before(self, watches: Iterable[Watch], now: int) -> set[str]:
        """The texts that all processes count together. What nobody has written before is not worth a row of its own."""
        once, again = set[str](), set[str]()
        for watch in watches:
            if watch.text:
                is_known = watch.text in once or self._texts.has(watch.text, now)
                (again if is_known else once).add(watch.text)
        return again

    def _count(self, watch: Watch, used: Mapping[str, Used], now: int) -> None:
        if watch.text:
            self._texts.add(watch.text, now)
        # Nobody without trust is ever counted there.
        for name in (watch.lately, watch.quick) if watch.source in self._trust else ():
            if name in used:
                self._lately[name] = used[name]
                _bound(self._lately, self._most)

    def _give_away(self, writes: Sequence[Write], aside: Mapping[Key, Review], new: Collection[Key], now: int) -> None:
        """What was set aside now says something of what came before."""
        for write in writes:
            key, watch = _key(write.review), write.watch
            if watch and key in aside:
                self._recent.pop(key, None)
                review = aside[key]
                if key in new and review.suspicion in VOLUME:
                    self._in_burst(watch.procedure, now)
                if review.suspicion == "text" and watch.text and self._caught.get(watch.text, 0) <= now:
                    self._caught[watch.text] = _end_of_hour(now)
                    _bound(self._caught, self._most)
                    self._due_texts.setdefault(review.procedure_id, set()).add(letters_of(review.verbatim or ""))

    def _in_burst(self, procedure: str, now: int) -> None:
        if self._bursts.get(procedure, 0) <= now:
            self._due_procedures.add(procedure)
        self._bursts[procedure] = now + CALM

    def _beginning(self, now: int) -> list[Key]:
        """Of bursts that have just shown: who sent nothing before, or far less than now."""
        near = {key: each for key, each in self._recent.items() if each.procedure in self._due_procedures}
        lately = Counter(each.source for each in near.values())
        seconds: dict[str, list[int]] = {procedure: [] for procedure in self._due_procedures}
        for each in near.values():
            seconds[each.procedure].append(each.second)
        minutes = {procedure: of_the_burst(its) for procedure, its in seconds.items()}
        return [
            key
            for key, each in near.items()
            if each.second // 60 in minutes[each.procedure]
            and not keeps_its_pace(lately[each.source], counted(self._trust, each.source, now))
        ]

    async def _same(self, procedure_id: int, texts: Collection[bytes], now: int) -> list[Place]:
        """The others of the last hour with these letters, whichever process took them."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.texts_since(
                    connection,
                    procedure_id=procedure_id,
                    day=day_of(moment_of(now // 60)),
                    minute=(now - HOUR) // 60,
                    number=self._most,
                )
            )
        return [(procedure_id, row["seq"]) for row in rows if letters_of(row["verbatim"]) in texts]

    async def _places(self, keys: Sequence[Key]) -> list[Place]:
        wanted = text_of([{"procedure_id": procedure, "capability": capability} for procedure, capability in keys])
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.reviews_of_batch(connection, keys=wanted))
        return [(row["procedure_id"], row["seq"]) for row in rows]

    async def _withdraw(self, places: Sequence[Place], reason: Reason) -> None:
        def change(review: Review) -> Review:
            return review if review.suspicion else withdraw(review, reason)

        for first in range(0, len(places), MOST):
            await self._amendments.amend(places[first : first + MOST], change)


class Texts:
    """Which texts came this hour; of a flood of them the latest `most`, or half as many.

    Of each name only a number, small enough for 32 bytes: names are keyed, so nobody can aim at somebody else's.
    """

    def __init__(self, most: int) -> None:
        self._half = most // 2
        self._hour = 0
        self._lately: set[int] = set()
        self._before: set[int] = set()

    def has(self, text: str, now: int) -> bool:
        number = _number(text)
        return now // HOUR == self._hour and (number in self._lately or number in self._before)

    def add(self, text: str, now: int) -> None:
        if now // HOUR != self._hour:
            self._hour, self._lately, self._before = now // HOUR, set(), set()
        elif len(self._lately) >= self._half:
            self._lately, self._before = set(), self._lately
        self._lately.add(_number(text))


def _number(text: str) -> int:
    return hash(text) >> 4


def _end_of_hour(now: int) -> int:
    return (now // HOUR + 1) * HOUR


def _bound(names: "OrderedDict[str, Any]", most: int) -> None:
    while len(names) > most:
        names.popitem(last=False)


def _key(review: Review) -> Key:
    return (review.procedure_id, review.capability)
