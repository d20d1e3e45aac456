"""What was refused or set aside, procedure by procedure: the most troubled first. Pure.

A procedure stands out only against its own past: one that is refused a hundred times a day, every day, does not, and
one of this week has none.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from msgspec import Struct

from collector.schema import Procedure, Refusal, date_of
from collector.spikes import DAYS, is_spike, usual_of
from collector.storage.suspects import Suspected
from collector.storage.turned_away import KEPT, Refusals
from collector.suspicion import KNOWN_AFTER

Suspects = Mapping[int, Mapping[str, Suspected]]


class Surge(Struct, frozen=True):
    """Since yesterday, beside what two days usually bring."""

    lately: int
    usual: float


class Trouble(Struct, frozen=True):
    """`waiting` is all that waits, however old; the rest is of the period."""

    procedure: Procedure
    accepted: int
    refused: Mapping[Refusal, int]
    waiting: int
    confirmed: int
    released: int
    surge: Surge | None

    @property
    def refusals(self) -> int:
        return sum(self.refused.values())

    @property
    def is_any(self) -> bool:
        return any((self.refusals, self.waiting, self.confirmed, self.released))


class Known(Struct, frozen=True):
    """What the database counted: `refused` and `suspected` since `oldest(today)`, `accepted` of the period."""

    refused: Refusals
    suspected: Suspects
    waiting: Mapping[int, int]
    accepted: Mapping[int, int]


def oldest(today: date) -> date:
    """How far back a procedure's own past is looked at."""
    return today - KEPT


def troubled(procedures: Iterable[Procedure], known: Known, first: date, today: date) -> list[Trouble]:
    """Those that have any trouble since `first`: what stands out, then what is most."""
    found = [one for procedure in procedures if (one := _of(procedure, known, first, today)).is_any]
    return sorted(
        found, key=lambda one: (one.surge is None, -one.refusals - one.waiting, one.procedure.title, one.procedure.id)
    )


def _of(procedure: Procedure, known: Known, first: date, today: date) -> Trouble:
    refused: Counter[Refusal] = Counter()
    for day, whys in known.refused.get(procedure.id, {}).items():
        if day >= first.isoformat():
            refused.update(whys)
    suspected = [one for day, one in known.suspected.get(procedure.id, {}).items() if day >= first.isoformat()]
    return Trouble(
        procedure=procedure,
        accepted=known.accepted.get(procedure.id, 0),
        refused=dict(refused.most_common()),
        waiting=known.waiting.get(procedure.id, 0),
        confirmed=sum(one.confirmed for one in suspected),
        released=sum(one.released for one in suspected),
        surge=_surge(procedure, known, today),
    )


def _surge(procedure: Procedure, known: Known, today: date) -> Surge | None:
    by_day = Counter({day: sum(whys.values()) for day, whys in known.refused.get(procedure.id, {}).items()})
    by_day.update({day: one.reviews for day, one in known.suspected.get(procedure.id, {}).items()})
    yesterday = today - timedelta(days=DAYS - 1)
    lately = sum(number for day, number in by_day.items() if day >= yesterday.isoformat())
    before = by_day.total() - lately
    days = (yesterday - max(oldest(today), date_of(procedure.created_at))).days
    stands_out = days >= KNOWN_AFTER and is_spike(lately, before, days)
    return Surge(lately, usual_of(before, days)) if stands_out else None
