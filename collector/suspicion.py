"""Which reviews wait for a person before they count. Pure: counts in windows in, a reason or None out.

Nobody is tracked: connections are the day's names of `collector.privacy.visitors`, texts are keyed digests, and neither
lies beside a review. Nothing is ever refused here. A suspect is stored like any other review, counts in no figure until
somebody has looked, and its sender is told the same as everybody else.

Volume alone accuses nobody: a town hall or a mobile carrier is one connection with hundreds of honest people. Only
while a procedure receives far more than it ever does (a *burst*) does it matter whether a connection was there before,
and how its pace compares with what it had been. `docs/suspicion.md` argues the numbers and says what is not caught.
"""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

from collector.schema import Aside, Reason, Review
from collector.windows import Used, Uses, count, counted

TEN_MINUTES, HOUR, DAY = 600, 3600, 86_400
# A burst lasts until nothing has been far above the usual for this long. Longer than a window, so that a robot just
# above the bound cannot breathe between two; not much longer, because strangers wait meanwhile.
CALM = 900
# How many times the usual ten minutes make a burst, and how many of them may count while it lasts.
BURST, ROOM = 6, 2
# Twenty-five busy hours in one day are a burst too: a robot that stays just under the first bound meets this one.
BURST_OF_DAY = 150
# Below this people do write the same: « très bien, rien à signaler ».
SHORTEST_TEXT = 30
MOST_SAME_TEXTS = 50

VOLUME: frozenset[Reason] = frozenset({"program", "crowd", "stranger", "volume"})
"""Reasons that there are only in a burst."""

LEAST_USUAL = 30
USUAL_WHEN_NEW = 500
KNOWN_AFTER = 7
"""Days with reviews before a procedure's own habit is believed."""
_WINDOWS_OF_A_DAY = 40  # ten-minute windows in which a day's reviews mostly come


class Watch(Struct, frozen=True, gc=False):
    """What a review on its way is judged by. `usual`: the reviews of ten minutes of one of the procedure's busy days.

    `procedure`, `source` and `text` are opaque names; `trapped`: a field was filled in that no page of ours has;
    `scripted`: the request lacks what every browser says of itself.
    """

    procedure: str
    source: str
    usual: int
    text: str | None = None
    trapped: bool = False
    scripted: bool = False

    @property
    def arrivals(self) -> str:
        return _named("arrivals", self.procedure)

    @property
    def day(self) -> str:
        """What counted today: a robot that was set aside in the morning must not make the afternoon suspect."""
        return _named("day", self.procedure)

    @property
    def burst(self) -> str:
        return _named("burst", self.procedure)

    @property
    def room(self) -> str:
        return _named("room", self.procedure)

    @property
    def lately(self) -> str:
        """What the connection sent in these ten minutes of a burst."""
        return f"lately/{self.source}"

    @property
    def trust(self) -> str:
        """What the connection sent today, ten minutes ago or earlier, and never in a burst."""
        return self.source

    @property
    def names(self) -> tuple[str, ...]:
        """The counts that all processes share, in the database. They say nothing of anybody."""
        return (self.arrivals, self.day, self.burst, self.room)

    @property
    def own_names(self) -> tuple[str, ...]:
        """The counts that each process keeps for itself, in memory."""
        return (self.lately, self.trust) if self.text is None else (self.lately, self.trust, self.text)


def judge(watch: Watch, uses: Uses, now: int) -> Reason | None:
    """Count a new review, and say why it has to wait if it has to."""
    arrivals = count(uses, watch.arrivals, TEN_MINUTES, now)
    if arrivals > BURST * watch.usual or counted(uses, watch.day, now) >= BURST_OF_DAY * watch.usual:
        uses[watch.burst] = Used(1, now + CALM)
    reason = "trap" if watch.trapped else judge_text(watch, uses, now)
    if reason is None and counted(uses, watch.burst, now):
        reason = _judge_in_burst(watch, uses, now)
    if reason is None:
        count(uses, watch.day, DAY, now)
    return reason


def judge_text(watch: Watch, uses: Uses, now: int) -> Reason | None:
    """Count a text, new or changed: the same one, many times an hour, is nobody's own words."""
    if watch.text is None:
        return None
    return "text" if count(uses, watch.text, HOUR, now) > most_same_texts(watch.usual) else None


def _judge_in_burst(watch: Watch, uses: Uses, now: int) -> Reason | None:
    if watch.scripted:
        return "program"
    trust = counted(uses, watch.trust, now)
    if trust == 0:
        return "stranger"
    if not keeps_its_pace(count(uses, watch.lately, TEN_MINUTES, now), trust):
        return "crowd"
    # However many connections made themselves known before: together they get what is usual here, and some more.
    return "volume" if count(uses, watch.room, TEN_MINUTES, now) > ROOM * watch.usual else None


def keeps_its_pace(lately: int, trust: int) -> bool:
    """Whether a connection's last ten minutes are at most half of what it sent today before them, without a burst."""
    return 2 * lately <= trust


def most_same_texts(usual: int) -> int:
    """On a large procedure, many people say the same in the same words."""
    return max(MOST_SAME_TEXTS, usual // 10)


def usual_of(days: Iterable[int]) -> int:
    """The reviews of ten minutes of a busy day, from the reviews of each of the last days that had any."""
    known = list(days)
    busy = max(known, default=0) // _WINDOWS_OF_A_DAY
    return max(busy, LEAST_USUAL if len(known) >= KNOWN_AFTER else USUAL_WHEN_NEW)


def text_name(text: str | None, procedure: str, key: bytes) -> str | None:
    """A name for what was written, the same for the same letters; None when it is too short to mean anything.

    `key` is the day's: tomorrow nobody can tell whether a text had this name.
    """
    letters = "".join(filter(str.isalpha, (text or "").casefold()))
    if len(letters) < SHORTEST_TEXT:
        return None
    return blake2b(f"{procedure}/{letters}".encode(), key=key, digest_size=12, person=b"avis-text").hexdigest()


def set_aside(review: Review, reason: Reason) -> Review:
    """A new review that waits for a person."""
    return replace(review, suspicion=reason, aside="suspect")


def withdraw(review: Review, reason: Reason) -> Review:
    """The same for one that has counted until now."""
    return replace(review, suspicion=reason, aside="suspect", withdrawn=True)


def release(review: Review) -> Review:
    """A person says that it counts."""
    return replace(review, aside=None)


def withhold(review: Review, aside: Aside) -> Review:
    """A person says that it does not count, or not yet. Only what was suspected can be: nobody silences the others."""
    if review.suspicion is None:
        return review
    return replace(review, aside=aside, withdrawn=review.withdrawn or review.aside is None)


@lru_cache(maxsize=10_000)
def _named(kind: str, procedure: str) -> str:
    return f"{kind}/{procedure}"
