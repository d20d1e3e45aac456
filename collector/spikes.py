"""Do far more people report technical problems than usual: something broke, and it should be told at once. Pure.

Today and yesterday are held against what the months before brought. Counted by days, so nothing has to wait for an hour
or a day to end: the report that makes it a spike is the one that shows it.
"""

from collector.laws import at_least

DAYS = 2
"""Yesterday and what there is of today."""
LEAST = 5
"""Fewer people than this are no spike, wherever nobody ever reports anything."""
TIMES = 3
RARE = 1e-4
# Mondays, campaigns, moods: days vary by some 45 % around what is usual.
_VARIATION = 0.2


def is_spike(lately: int, known: int, days: int) -> bool:
    """`lately` are the reports of the last `DAYS`, `known` those of so many `days` before them."""
    if lately < LEAST:
        return False
    usual = usual_of(known, days)
    # Half a report more than were counted: where there never was one, there may still be one some day.
    size = 1 / (_VARIATION + 1 / (known + 0.5))
    return lately >= TIMES * usual and at_least(lately, usual, size) < RARE


def usual_of(known: int, days: int) -> float:
    """What so many days as are looked at bring."""
    return DAYS * (known + 0.5) / max(days, 1)
