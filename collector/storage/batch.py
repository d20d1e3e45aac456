"""Decide what one group commit does: pure, so that every rule of the write path is tested without a database.

A batch is what waited while the one before was being written. It may hold the same review twice (a click and the
next step), so each write sees what the writes before it in the batch have decided.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from collector.errors import AvisError, ReviewClosed, TooMany
from collector.forms.own import counts_of_own
from collector.indicators import count_of
from collector.schema import EDITABLE, Contact, LimitKind, Reason, Review
from collector.suspicion import (
    TEN_MINUTES,
    Watch,
    begun_name,
    haste,
    is_hurried,
    judge,
    judge_haste,
    judge_text,
    set_aside,
    withdraw,
)
from collector.windows import Used, Uses, is_open, noted

LONGEST_EDIT = int(EDITABLE.total_seconds() // 60)
# One person answering four steps with retries stays far below; a script that rewrites one review for ever does not.
MOST_REVISIONS = 200
# The revision of a review that an owner has amended: its citizen's browser must not write over that.
CLOSED = 2**31 - 1

Key = tuple[int, str]
CountKey = tuple[int, str, int, int, str]
"""The row of `day_count` that a review belongs to: procedure, day, placement, form version, language."""
Outcome = Literal["created", "enriched", "stale"] | AvisError


class Charge(Struct, frozen=True):
    """What a new review costs one limit: at most `amount` in `seconds` under this (keyed) `name`."""

    name: str
    amount: int
    seconds: int
    reason: str
    kind: LimitKind


class OverLimit(TooMany):
    """Refused by one of the limits: the one of this `charge`."""

    def __init__(self, charge: Charge, retry_after: int) -> None:
        super().__init__(charge.reason, retry_after=retry_after)
        self.limit = charge.kind


class Write(Struct, frozen=True):
    """One anonymised review on its way to the disk.

    `directory` is the state of the procedures it was checked against; `refusal` is the answer of an outside limiter,
    which counts only if the review turns out to be new. Without a `watch` it is beyond suspicion.
    """

    review: Review
    directory: int
    charges: tuple[Charge, ...] = ()
    refusal: OverLimit | None = None
    contact: Contact | None = None
    watch: Watch | None = None


class Stored(Struct, frozen=True):
    """A review as it stands in the database."""

    review: Review
    revision: int


class Plan(Struct, frozen=True):
    """What to write, and what to tell each caller, in the order of the batch."""

    outcomes: tuple[Outcome, ...]
    inserts: tuple[Stored, ...]
    updates: tuple[Stored, ...]
    used: Mapping[str, Used]
    counts: Mapping[CountKey, Mapping[str, int]]
    contacts: tuple[tuple[Key, Contact], ...]


def plan(
    writes: Sequence[Write],
    directory: int,
    existing: Mapping[Key, Stored],
    used: Mapping[str, Used],
    now: int,
    begun: Mapping[Key, float] = {},
) -> Plan:
    """`now` in seconds since 1970; `existing`, `used` and `begun` (first answers' seconds) are what is known of it."""
    standing = dict(existing)
    limits = dict(used)
    first = dict(begun)
    outcomes = [_decide(write, directory, standing, limits, now, first) for write in writes]
    contacts: dict[Key, Contact] = {}
    for write, outcome in zip(writes, outcomes, strict=True):
        if write.contact and outcome in ("created", "enriched"):
            contacts[_key(write.review)] = write.contact
    changed = {key: stored for key, stored in standing.items() if existing.get(key) is not stored}
    return Plan(
        outcomes=tuple(outcomes),
        inserts=tuple(stored for key, stored in changed.items() if key not in existing),
        updates=tuple(stored for key, stored in changed.items() if key in existing),
        used={name: use for name, use in limits.items() if used.get(name) is not use},
        counts=counts_moved(
            (existing[key].review if key in existing else None, stored.review) for key, stored in changed.items()
        ),
        contacts=tuple(contacts.items()),
    )


def _decide(
    write: Write, directory: int, standing: dict[Key, Stored], limits: Uses, now: int, begun: dict[Key, float]
) -> Outcome:
    if write.directory != directory:
        return "stale"
    key = _key(write.review)
    before = standing.get(key)
    if before is None:
        refusal = write.refusal or _charge(write.charges, limits, now)
        if refusal:
            return refusal
        reason = None
        if write.watch:
            begun[key] = write.watch.at
            reason = judge(write.watch, limits, now)
            if is_hurried(write.watch, limits, now):
                limits[begun_name(write.review, write.watch)] = noted(write.watch.at, TEN_MINUTES)
        standing[key] = Stored(set_aside(write.review, reason) if reason else write.review, 1)
        return "created"
    is_closed = before.revision == CLOSED
    if is_closed or before.review.form != write.review.form or now // 60 - before.review.minute > LONGEST_EDIT:
        return ReviewClosed()
    if before.revision >= MOST_REVISIONS:
        return TooMany("Cet avis a été modifié trop de fois. Votre dernière version est enregistrée.", retry_after=3600)
    after = _in_place_of(before.review, write.review)
    if before.review != after:
        reason = _judge_again(before.review, after, write.watch, limits, now, begun.get(key))
        standing[key] = Stored(withdraw(after, reason) if reason else after, before.revision + 1)
    return "enriched"


def _judge_again(
    before: Review, after: Review, watch: Watch | None, uses: Uses, now: int, begun: float | None
) -> Reason | None:
    """A later step is what brings the text. What somebody has released stays released, whatever is added to it."""
    if watch is None or before.suspicion:
        return None
    if watch.trapped:
        return "trap"
    reason = judge_text(watch, uses, now) if after.verbatim != before.verbatim else None
    # A step before its first answer: the clocks of two machines differ.
    if reason is None and begun is not None and begun <= watch.at:
        reason = judge_haste(haste(before, after, watch.at - begun), watch, uses, now)
    return reason


def _in_place_of(before: Review, after: Review) -> Review:
    """A later step changes the answers; when, where, under which name it was given and whether it counts stays.

    Own questions are those of the version that it keeps: what another version asked is no answer to them.
    """
    if after.form_version != before.form_version:
        after = msgspec.structs.replace(after, own_answers={}, own_texts={})
    return msgspec.structs.replace(
        after,
        public_id=before.public_id,
        placement_id=before.placement_id,
        form_version=before.form_version,
        minute=before.minute,
        day=before.day,
        suspicion=before.suspicion,
        aside=before.aside,
        withdrawn=before.withdrawn,
    )


def _charge(charges: Iterable[Charge], limits: Uses, now: int) -> OverLimit | None:
    fresh: dict[str, Used] = {}
    for charge in charges:
        use = limits.get(charge.name)
        if use is None or not is_open(use, charge.seconds, now):
            use = Used(0, now + charge.seconds)
        if use.used >= charge.amount:
            return OverLimit(charge, max(1, use.expires - now))
        fresh[charge.name] = Used(use.used + 1, use.expires)
    limits.update(fresh)
    return None


def counts_moved(changes: Iterable[tuple[Review | None, Review | None]]) -> Mapping[CountKey, Mapping[str, int]]:
    """What the changes add to each row of `day_count`; an answer taken back counts as minus one.

    Answers to own questions are among them, under names that `day_count` does not have: see `storage/own.py`.
    """
    sums: dict[CountKey, Counter[str]] = {}
    for before, after in changes:
        for review, sign in ((before, -1), (after, 1)):
            if review is not None:
                row = sums.setdefault(counted_in(review), Counter())
                for name, number in (count_of(review) | counts_of_own(review)).items():
                    row[name] += sign * number
    return {
        key: moved for key, row in sums.items() if (moved := {name: number for name, number in row.items() if number})
    }


def counted_in(review: Review) -> CountKey:
    return (review.procedure_id, review.day, review.placement_id, review.form_version, review.lang)


def _key(review: Review) -> Key:
    return (review.procedure_id, review.capability)
