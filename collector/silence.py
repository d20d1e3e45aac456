"""Has a placement gone silent: far fewer reviews than its own weekdays bring. The alarm of a dead button. Pure.

What is usual is taken from the same weekdays of the eight weeks before, holidays counted as Sundays. What came since is
then held against the negative binomial law: counts that vary more than pure chance would, as visitors do. The law is
made wider by how much this placement's own days vary, and by how little is known of it. So a busy placement is missed
after one day, a small one after some, and where silence proves nothing, nothing is said.

docs/methodology.md has the numbers.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from collector.holidays import is_holiday
from collector.laws import at_most

WEEKS = 8
"""What is usual is read from so many weeks before the silence."""
LONGEST = 28
"""Days: whoever has not come back to look for four weeks is told no more by a fifth."""
REACH = LONGEST + 7 * WEEKS
"""How many days before today are looked at."""
QUIET = 0.2
"""Far below: a fifth of what is usual, or less. A bad week is not a dead button."""
RARE = 1e-4
"""How rarely chance alone may be this quiet: with 750 placements, one false alarm in a fortnight at most."""
# A weekday is known from three of its kind on.
_LEAST = 3
# No placement is taken to be steadier than this: its days vary by 22 % around what is usual.
_STEADIEST = 0.05
# Where the busiest of eight days counts as the second, days seem to vary less than they do: by half, where moods change
# most (simulated in the tests).
_TAMED = 2
_SUNDAY = 6


class Silence(Struct, frozen=True):
    """From `first` to `last` (yesterday) `received` reviews came where some `expected` are usual."""

    first: date
    last: date
    expected: float
    received: int


class _Habit(Struct, frozen=True):
    """What each kind of day brings, how much days vary around it (squared), and how many reviews say so."""

    usual: Mapping[int, float]
    variation: float
    known: int


def silence(volumes: Mapping[date, int], today: date, since: date) -> Silence | None:
    """`volumes` are the reviews of each day that had any; `since` is the placement's first day."""
    if _is_plainly_alive(volumes, today):
        return None
    habit = _habit(volumes, _days(max(since, today - timedelta(days=REACH)), today))
    if volumes.get(today, 0) > QUIET * habit.usual.get(_kind(today), 0):
        return None
    days = _quiet_days(volumes, habit, today, since)
    if not days:
        return None
    # What is usual must not be measured on the silence itself.
    before = _days(max(since, days[0] - timedelta(weeks=WEEKS)), days[0])
    habit = _habit(volumes, before)
    missed = [day for day in days if habit.usual.get(_kind(day))]
    expected = sum(habit.usual[_kind(day)] for day in missed)
    received = sum(volumes.get(day, 0) for day in days)
    if not missed or received > QUIET * expected or _chance(received, expected, habit) > RARE:
        return None
    return Silence(missed[0], days[-1], expected, received)


def _chance(received: int, expected: float, habit: _Habit) -> float:
    """How often so few or fewer come where nothing is wrong."""
    return at_most(received, expected, 1 / (habit.variation + 1 / habit.known))


def _is_plainly_alive(volumes: Mapping[date, int], today: date) -> bool:
    """Whether yesterday brought more than a fifth of the best day of its kind: most do, and need no further look."""
    day = today - timedelta(days=1)
    best = max(volumes.get(day - timedelta(weeks=n), 0) for n in range(1, REACH // 7))
    return _kind(day) != _SUNDAY and volumes.get(day, 0) > QUIET * best


def _quiet_days(volumes: Mapping[date, int], habit: _Habit, today: date, since: date) -> list[date]:
    """The days up to yesterday that are quiet however one cuts them: as soon as one brought its usual, it is over."""
    days: list[date] = []
    received, expected = 0, 0.0
    for n in range(1, LONGEST + 1):
        day = today - timedelta(days=n)
        received += volumes.get(day, 0)
        expected += habit.usual.get(_kind(day), 0)
        if day < since or received > QUIET * expected:
            break
        days.insert(0, day)
    # The days since allow the first ones a little more than a fifth: it begins with a day that was quiet itself.
    while days and volumes.get(days[0], 0) > QUIET * habit.usual.get(_kind(days[0]), 0):
        days.pop(0)
    return days


def _habit(volumes: Mapping[date, int], days: Iterator[date]) -> _Habit:
    by_kind: dict[int, list[int]] = {}
    for day in days:
        by_kind.setdefault(_kind(day), []).append(volumes.get(day, 0))
    known = {kind: _tamed(counts) for kind, counts in by_kind.items() if len(counts) >= _LEAST}
    usual = {kind: mean for kind, counts in known.items() if (mean := sum(counts) / len(counts))}
    return _Habit(usual, _variation(known, usual), sum(map(sum, known.values())))


def _tamed(counts: Sequence[int]) -> list[int]:
    """The busiest day of each kind counts as the second: a campaign is no habit."""
    ordered = sorted(counts)
    return [*ordered[:-1], ordered[-2]]


def _variation(known: Mapping[int, Sequence[int]], usual: Mapping[int, float]) -> float:
    """How much days vary beyond pure chance, by the method of moments, as a squared share of what is usual."""
    excess = sum((count - mean) ** 2 - mean for kind, mean in usual.items() for count in known[kind])
    whole = sum(mean**2 for kind, mean in usual.items() for _ in known[kind])
    return max(_STEADIEST, _TAMED * excess / whole) if whole else _STEADIEST


def _kind(day: date) -> int:
    return _SUNDAY if is_holiday(day) else day.weekday()


def _days(first: date, end: date) -> Iterator[date]:
    """From `first` to the day before `end`."""
    return (first + timedelta(days=n) for n in range((end - first).days))
