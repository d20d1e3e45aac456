"""Who may send how much.

The grammar and the fixed-window strategy are those of the `limits` library. By default the counts live in our own
tables and are charged by the very transaction that writes the review, so a refused or failed submission is never
charged and all workers share them. `redis://` moves them to Redis or Valkey; when that is away we count in our tables
again: a broken limiter never loses an opinion. `memory://` is for one process only.
"""

from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from time import monotonic
from typing import Protocol

import structlog
from limits import RateLimitItem
from limits.errors import StorageError
from msgspec import Struct

from collector.schema import Channel, Clock, LimitKind, Target
from collector.settings import Limit, Settings
from collector.storage.batch import Charge, OverLimit
from collector.windows import Used, is_open

log = structlog.get_logger("avis.limits")

PAUSE = 5.0
"""Seconds before an outside counter that was away is asked again."""

SHARED: tuple[Channel, ...] = ("counter", "kiosk")
"""Channels where many people answer on the same device, one after the other."""

_REASONS: dict[LimitKind, str] = {
    "counter": "Trop d'avis sont partis de ce guichet ou de cette borne.",
    "visitor-procedure": "Trop d'avis sur cette démarche sont partis de votre connexion.",
    "visitor": "Trop d'avis sont partis de votre connexion.",
    "procedure": "Cette démarche reçoit en ce moment plus d'avis qu'elle ne peut en accepter.",
    "key": "Cette clé d'API a déjà beaucoup servi.",
}
_ADVICE = " Patientez un peu puis envoyez de nouveau : votre texte est conservé dans la page."


class Weighed(Struct, frozen=True):
    """What limits say of a review that would be new: refused or charged `outside` already, or to be by the database."""

    refusal: OverLimit | None = None
    charges: tuple[Charge, ...] = ()
    outside: bool = False


class Left(Struct, frozen=True):
    """Of `amount` requests in `seconds`, how many a key has `left` (below zero: none), and when it has all again."""

    amount: int
    seconds: int
    left: int
    expires_in: int


class Counter(Protocol):
    """Counts kept outside the database."""

    async def spend(self, charge: Charge) -> Used: ...

    async def give_back(self, charge: Charge) -> None: ...

    async def answers(self) -> bool: ...

    async def close(self) -> None: ...


class Limits:
    """Weighs a submission before it is written; `give_back` undoes it when nothing new came of it."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._rates = _Rates(settings)
        self._clock = clock
        self._keys = _rates("key", settings.limit_key)
        self._here = MemoryCounter(clock)
        self._outside = _counter(settings.limits_storage, clock)
        self.degraded = False
        """Whether the outside counter is away: what `/readyz` reports."""
        self._asked_again = 0.0

    async def weigh(self, target: Target, visitor: str) -> Weighed:
        charges = self._rates.charges(target, visitor)
        if self._outside is None or not self._may_ask():
            return Weighed(charges=charges)
        spent: list[Charge] = []
        try:
            for charge in charges:
                use = await self._outside.spend(charge)
                spent.append(charge)
                if use.used > charge.amount:
                    await self.give_back(Weighed(charges=tuple(spent), outside=True))
                    wait = max(1, use.expires - _seconds(self._clock))
                    return Weighed(OverLimit(charge, wait), outside=True)
        except (StorageError, OSError) as error:
            self._away(type(error).__name__)
            return Weighed(charges=charges)
        self._back()
        return Weighed(charges=charges, outside=True)

    def in_database(self, weighed: Weighed) -> tuple[Charge, ...]:
        """The charges that the write transaction has to make."""
        return () if weighed.outside else weighed.charges

    async def give_back(self, weighed: Weighed) -> None:
        """A submission that was refused, failed, or only completed a review costs nothing."""
        if self._outside is None or not weighed.outside or self.degraded:
            return
        try:
            for charge in weighed.charges:
                await self._outside.give_back(charge)
        except (StorageError, OSError) as error:
            self._away(type(error).__name__)

    async def use_key(self, name: str) -> list[Left]:
        """One more request with a key: counted outside, or by this process alone.

        In the database each request would be a write, which costs more than what most of them ask for.
        """
        return [await self._use(rate.charge(name)) for rate in self._keys]

    async def _use(self, charge: Charge) -> Left:
        use = None
        if self._outside is not None and self._may_ask():
            try:
                use = await self._outside.spend(charge)
                self._back()
            except (StorageError, OSError) as error:
                self._away(type(error).__name__)
        use = use or await self._here.spend(charge)
        wait = max(1, use.expires - _seconds(self._clock))
        return Left(charge.amount, charge.seconds, charge.amount - use.used, wait)

    async def look(self) -> None:
        """Find out whether the outside counter is there, also while nobody sends anything."""
        if self._outside is None or not self._may_ask():
            return
        if await self._outside.answers():
            self._back()
        else:
            self._away("NoAnswer")

    async def reachable(self) -> bool:
        """Whether limits are counted where the settings say."""
        probe = Charge("probe", 1_000_000, 60, "", "procedure")
        try:
            if self._outside is not None:
                await self._outside.spend(probe)
                await self._outside.give_back(probe)
        except (StorageError, OSError):
            return False
        return True

    async def close(self) -> None:
        if self._outside is not None:
            await self._outside.close()

    def _may_ask(self) -> bool:
        """While it is away one in PAUSE seconds waits to find out whether it is back; the others do not."""
        if not self.degraded:
            return True
        if monotonic() < self._asked_again:
            return False
        self._asked_again = monotonic() + PAUSE
        return True

    def _away(self, cause: str) -> None:
        if not self.degraded:
            log.error("limits-storage-away", cause=cause)
        self.degraded = True
        self._asked_again = monotonic() + PAUSE

    def _back(self) -> None:
        if self.degraded:
            log.warning("limits-storage-back")
        self.degraded = False


class _Rates:
    """What a new review costs each limit: everything that is the same for all reviews is worked out once."""

    def __init__(self, settings: Settings) -> None:
        self._counter = _rates("counter", settings.limit_counter)
        self._visitor_procedure = _rates("visitor-procedure", settings.limit_visitor_procedure)
        self._visitor = _rates("visitor", settings.limit_visitor)
        procedure = _rates("procedure", settings.limit_procedure)
        self._of_procedure = lru_cache(maxsize=1000)(lambda slug: tuple(rate.charge(slug) for rate in procedure))

    def charges(self, target: Target, visitor: str) -> tuple[Charge, ...]:
        slug = target.procedure.slug
        whole = self._of_procedure(slug)
        if target.placement.channel in SHARED:
            # Its visitors are one address by nature; what they send must not use up that of the offices next door.
            return (*(rate.charge(f"{visitor}/{target.placement.key}") for rate in self._counter), *whole)
        return (
            *[rate.charge(f"{visitor}/{slug}") for rate in self._visitor_procedure],
            *[rate.charge(visitor) for rate in self._visitor],
            *whole,
        )


class _Rate:
    """One limit. Names are hashed once more: that of a visitor must not be read off beside a procedure's."""

    def __init__(self, item: RateLimitItem, kind: LimitKind) -> None:
        self._kind = kind
        self._amount, self._seconds = item.amount, item.get_expiry()
        self._reason = _REASONS[kind] + _ADVICE
        self._begun = blake2b(f"{kind}/{self._amount}/{self._seconds}/".encode(), digest_size=12)

    def charge(self, who: str) -> Charge:
        name = self._begun.copy()
        name.update(who.encode())
        return Charge(name.hexdigest(), self._amount, self._seconds, self._reason, self._kind)


def _rates(kind: LimitKind, limit: Limit) -> Sequence[_Rate]:
    return [_Rate(item, kind) for item in limit]


def _counter(uri: str, clock: Clock) -> Counter | None:
    if uri == "database":
        return None
    if uri == "memory://":
        return MemoryCounter(clock)
    from collector.limits_redis import RedisCounter  # noqa: PLC0415 - its client is five megabytes

    return RedisCounter(uri, clock)


class MemoryCounter:
    """Counts in this process. Bounded: the oldest window goes first, because a visitor's address is free to make."""

    def __init__(self, clock: Clock, most: int = 100_000) -> None:
        self._clock = clock
        self._most = most
        self._uses: OrderedDict[str, Used] = OrderedDict()

    async def spend(self, charge: Charge) -> Used:
        now = _seconds(self._clock)
        use = self._uses.get(charge.name)
        if use is None or not is_open(use, charge.seconds, now):
            self._uses.pop(charge.name, None)
            use = Used(0, now + charge.seconds)
        use = self._uses[charge.name] = Used(use.used + 1, use.expires)
        while len(self._uses) > self._most:
            self._uses.popitem(last=False)
        return use

    async def give_back(self, charge: Charge) -> None:
        use = self._uses.get(charge.name)
        if use:
            self._uses[charge.name] = Used(max(0, use.used - 1), use.expires)

    async def answers(self) -> bool:
        return True

    async def close(self) -> None:
        self._uses.clear()


def _seconds(clock: Clock) -> int:
    return int(clock().timestamp())
