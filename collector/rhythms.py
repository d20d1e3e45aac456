"""When digests leave, and which days each is about. Pure; all of it in Paris, where seven o'clock is seven all year."""

from datetime import date, datetime, time, timedelta
from typing import Literal

from msgspec import Struct

from collector.schema import PARIS

Digest = Literal["daily", "weekly", "monthly"]
HOUR = time(7)


class Days(Struct, frozen=True):
    """Both included."""

    first: date
    last: date

    @property
    def number(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Days":
        """As many days before them."""
        return Days(self.first - timedelta(days=self.number), self.first - timedelta(days=1))

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """Their first moment, and the first that is no longer theirs."""
        start, end = (datetime.combine(day, time(), PARIS) for day in (self.first, self.last + timedelta(days=1)))
        return start, end


def next_digest(rhythm: Digest, now: datetime) -> datetime:
    """The first moment after now at which one leaves: each day, on Mondays, on the first of the month."""
    day = now.astimezone(PARIS).date()
    while True:
        moment = datetime.combine(day, HOUR, PARIS)
        if moment > now and _is_due(rhythm, day):
            return moment
        day += timedelta(days=1)


def days_until(rhythm: Digest, day: date) -> Days:
    """What the last digest due on or before a day is about: a day, a week from Monday, a month."""
    while not _is_due(rhythm, day):
        day -= timedelta(days=1)
    last = day - timedelta(days=1)
    return Days(first_of(rhythm, last), last)


def first_of(rhythm: Digest, last: date) -> date:
    """Where the days that end with `last` begin."""
    if rhythm == "monthly":
        return last.replace(day=1)
    return last - timedelta(days=6) if rhythm == "weekly" else last


def _is_due(rhythm: Digest, day: date) -> bool:
    return rhythm == "daily" or (day.weekday() == 0 if rhythm == "weekly" else day.day == 1)


def backoff(tries: int, first: timedelta, longest: timedelta, chance: float = 0.5) -> timedelta:
    """How long to wait after so many failures: twice as long each time, a fifth off either way by `chance` (0 to 1).

    So that those who failed together do not come back together.
    """
    longer: timedelta = first * (1 << min(tries, 30))
    return min(longer, longest) * (0.8 + 0.4 * chance)
