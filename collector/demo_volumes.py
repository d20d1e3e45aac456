"""Fictitious daily numbers of the demo's procedures: the same for the same day and seed, so that they add once."""

import random
from datetime import date, timedelta

from collector.operations.days import HUNDREDTHS, Key, OperationsDay, Way, key_of

_DELAYS = (1.0, 2.0, 2.5, 4.0, 6.0, 9.0)
_WEEKEND = 5


def volumes(slug: str, today: date, days: int, seed: int) -> dict[Key, OperationsDay]:
    """Up to yesterday: today is not over."""
    found = [one for back in range(1, days + 1) for one in _day(f"{seed}/{slug}", today - timedelta(days=back))]
    return {key_of(one): one for one in found}


def _day(seed: str, day: date) -> list[OperationsDay]:
    """Mostly online; counters are shut at weekends, and slow things down by a day."""
    chance = random.Random(f"{seed}/{day}")  # noqa: S311 - fiction, nothing is secret
    delay = chance.choice(_DELAYS)
    started = chance.randint(30, 90)
    online = _of(day, "online", started, round(started * 0.7), delay)
    if day.weekday() >= _WEEKEND:
        return [online]
    return [online, _of(day, "counter", None, chance.randint(3, 12), delay + 1)]


def _of(day: date, channel: Way, started: int | None, completed: int, delay: float) -> OperationsDay:
    return OperationsDay(day.isoformat(), channel, started, completed, round(delay * HUNDREDTHS))
