"""Which reviews wait for a person before they count. Pure: counts in windows in, a reason or None out.

Nobody is tracked: connections are the day's names of `collector.privacy.visitors`, texts are keyed digests, and neither
lies beside a review. Nothing is ever refused here. A suspect is stored like any other review, counts in no figure until
somebody has looked, and its sender is told the same as everybody else.

Volume alone accuses nobody: a town hall or a mobile carrier is one connection with hundreds of honest people. Only
while a procedure receives far more than it ever does (a *burst*) does it matter whether a connection was there before,
and how its pace compares with what it had been. `docs/suspicion.md` argues the numbers and says what is not caught.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from functools import lru_cache
from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

from collector.schema import Aside, Reason, Review
from collector.windows import Used, Uses, count, counted

TEN_MINUTES, HOUR, DAY = 600, 3600, 86_400
# A burst lasts until nothing more came above the bound for this long. Not longer, because strangers wait meanwhile, and
# what counts between two bursts of a robot is set aside with the beginning of the second.
CALM = 120
# How many times the usual ten minutes make a burst, and how many of them may count while it lasts.
BURST, ROOM = 6, 2
# Twenty-five busy hours in one day are a burst too: a robot that stays just under the first bound meets this one.
BURST_OF_DAY = 150
# A minute with less than such a part of the busiest one's reviews is from before the burst.
QUIET = 8
# Below this people do write the same: « très bien, rien à signaler ».
SHORTEST_TEXT = 30
MOST_SAME_TEXTS = 50
# No hand gives two answers faster (seconds), and none types or dictates faster (characters a second): it pastes.
SCREEN, TYPED = 0.4, 15
MOST_HASTE = 20
BEGUN = "begun/"
# Of what a connection sent today, so many parts may come too fast in an hour.
PART = 10

VOLUME: frozenset[Reason] = frozenset({"program", "crowd", "stranger", "volume"})
"""Reasons that there are only in a burst."""

LEAST_USUAL = 30
USUAL_WHEN_NEW = 500
KNOWN_AFTER = 7
"""Days with reviews before a procedure's own habit is believed."""
_WINDOWS_OF_A_DAY = 40  # ten-minute windows in which a day's reviews mostly come
_SIGNS = bytes(byte for byte in range(256) if not chr(byte).isalpha())


class Names(Struct, frozen=True):
    """What is counted of a procedure, in the database, shared by all processes. None of it says anything of anybody."""

    arrivals: str
    day: str
    """What counted today: a robot that was set aside in the morning must not make the afternoon suspect."""
    burst: str
    room: str
    haste: str
    hasty: str

    @property
    def of_new(self) -> tuple[str, ...]:
        return (self.arrivals, self.day, self.burst, self.room)

    @property
    def of_steps(self) -> tuple[str, ...]:
        return (self.haste, self.hasty)


class Watch(Struct, frozen=True, gc=False):
    """What a review on its way is judged by. `usual`: the reviews of ten minutes of one of the procedure's busy days.

    `procedure`, `source` and `text` are opaque names; `at` is when it came, finer than anything that is stored;
    `trapped`: a field was filled in that no page of ours has; `scripted`: the request lacks what every browser says of
    itself.
    """

    procedure: str
    source: str
    usual: int
    at: float = 0.0
    text: str | None = None
    trapped: bool = False
    scripted: bool = False
    key: bytes = b""
    """The day's, for names that all processes give alike."""

    @property
    def lately(self) -> str:
        """What the connection sent in these ten minutes of a burst."""
        return f"lately/{self.source}"

    @property
    def quick(self) -> str:
        """What the connection sent too fast in this hour, while that is a habit here."""
        return f"quick/{self.source}"

    @property
    def trust(self) -> str:
        """What the connection sent today, ten minutes ago or earlier, and never in a burst."""
        return self.source


def judge(watch: Watch, uses: Uses, now: int) -> Reason | None:
    """Count a new review, and say why it has to wait if it has to."""
    names = names_of(watch.procedure)
    over = count(uses, names.arrivals, TEN_MINUTES, now) - BURST * watch.usual
    # Prolonged by each further ten minutes' worth and not by each review: after a flood, what is usual ends the burst.
    if (over > 0 and over % watch.usual == 1) or counted(uses, names.day, now) >= BURST_OF_DAY * watch.usual:
        uses[names.burst] = Used(1, now + CALM)
    reason: Reason | None = "trap" if watch.trapped else judge_text(watch, uses, now)
    if reason is None and counted(uses, names.burst, now):
        reason = _judge_in_burst(watch, names, uses, now)
    if reason is None:
        count(uses, names.day, DAY, now)
    return reason


def judge_text(watch: Watch, uses: Uses, now: int) -> Reason | None:
    """Count a text, new or changed: the same one, many times an hour, is nobody's own words."""
    if watch.text is None:
        return None
    return "text" if count(uses, watch.text, HOUR, now) > most_same_texts(watch.usual) else None


def judge_haste(points: int, watch: Watch, uses: Uses, now: int) -> Reason | None:
    """Count what came too fast after its first answer; it waits only where that has become a habit.

    Once is no evidence: on a bad network the first answer may arrive late, with the next step right behind it.
    """
    if points == 0:
        return None
    names = names_of(watch.procedure)
    if count(uses, names.haste, HOUR, now, points) > _most_haste(watch):
        uses[names.hasty] = Used(1, now + HOUR)
    if not counted(uses, names.hasty, now):
        return None
    # Behind a connection with many others there is a bad network now and then, whoever attacks meanwhile.
    trust = counted(uses, watch.trust, now)
    return None if trust and PART * count(uses, watch.quick, HOUR, now) <= trust else "haste"


def is_hurried(watch: Watch, uses: Uses, now: int) -> bool:
    """Whether so much came too fast lately that all processes have to know when a first answer came."""
    names = names_of(watch.procedure)
    return counted(uses, names.haste, now) * PART >= _most_haste(watch) or counted(uses, names.hasty, now) > 0


def begun_name(review: Review, watch: Watch) -> str:
    """Where all processes find when a review's first answer came: nobody without the day's key can tell whose it is."""
    who = b"%d/%b" % (review.procedure_id, review.capability.encode())
    return BEGUN + blake2b(who, key=watch.key, digest_size=12, person=b"avis-begun").hexdigest()


def haste(before: Review, after: Review, seconds: float) -> int:
    """How sure it is that no hand made `after` out of `before`, so soon after the first answer: 0, 1 or 2."""
    answers = sum(getattr(before, name) != getattr(after, name) for name in _ASKED_LATER)
    if seconds < SCREEN * answers:
        return 2
    is_written = after.verbatim is not None and after.verbatim != before.verbatim
    return 1 if is_written and len(after.verbatim or "") > TYPED * seconds else 0


def _most_haste(watch: Watch) -> int:
    return max(MOST_HASTE, watch.usual // 2)


_ASKED_LATER = ("comprehension", "contact_tried", "contact_reached", "contact_satisfaction", "verbatim")


def _judge_in_burst(watch: Watch, names: Names, uses: Uses, now: int) -> Reason | None:
    if watch.scripted:
        return "program"
    trust = counted(uses, watch.trust, now)
    if trust == 0:
        return "stranger"
    if not keeps_its_pace(count(uses, watch.lately, TEN_MINUTES, now), trust):
        return "crowd"
    # However many connections made themselves known before: together they get what is usual here, and some more.
    return "volume" if count(uses, names.room, TEN_MINUTES, now) > ROOM * watch.usual else None


def keeps_its_pace(lately: int, trust: int) -> bool:
    """Whether a connection's last ten minutes are at most half of what it sent today before them, without a burst."""
    return 2 * lately <= trust


def of_the_burst(seconds: Collection[float]) -> set[int]:
    """The minutes that a burst is made of, from when the reviews of the last ten minutes came.

    By comparison only, so that each process finds the same from its part of them.
    """
    minutes = Counter(int(second // 60) for second in seconds)
    busiest = max(minutes.values(), default=0)
    return {minute for minute, number in minutes.items() if QUIET * number > busiest}


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
    letters = letters_of(text or "")
    if len(letters) < SHORTEST_TEXT:
        return None
    return blake2b(b"%b/%b" % (procedure.encode(), letters), key=key, digest_size=12, person=b"avis-text").hexdigest()


def letters_of(text: str) -> bytes:
    """What makes two texts the same: not their case, digits and signs. Of few letters, nothing.

    On the hot path, so in bytes: what lies outside of Latin-1 is looked at only where that leaves too little.
    """
    if len(text) < SHORTEST_TEXT:
        return b""
    letters = text.casefold().encode("latin-1", "ignore").translate(None, _SIGNS)
    if len(letters) < SHORTEST_TEXT:
        letters = "".join(filter(str.isalpha, text.casefold())).encode()
    return letters


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
def names_of(procedure: str) -> Names:
    return Names(*(f"{kind}/{procedure}" for kind in Names.__struct_fields__))
