"""What a procedure did on a day, through one channel: numbers of cases, never a citizen."""

from collections.abc import Mapping
from typing import Literal, get_args

from msgspec import Struct

Way = Literal["online", "counter", "phone", "mail", "email", "other"]
"""How a case was made. Not a placement's channel: that is where somebody met the button."""
WAYS: tuple[Way, ...] = get_args(Way)

HUNDREDTHS = 100


class OperationsDay(Struct, frozen=True):
    """`delay` is the median of the cases completed on that day, in hundredths of a day, so that it stays exact."""

    day: str
    channel: Way
    started: int | None
    completed: int
    delay: int | None


Key = tuple[str, Way]
"""What is one row of a procedure, whichever file it came from."""


def key_of(one: OperationsDay) -> Key:
    return one.day, one.channel


class Differences(Struct, frozen=True):
    """What a file brings to what is stored. `before` is how each day of both was; None: it was not there."""

    added: tuple[OperationsDay, ...]
    changed: tuple[OperationsDay, ...]
    unchanged: int
    before: tuple[tuple[Key, OperationsDay | None], ...]

    @property
    def put(self) -> tuple[OperationsDay, ...]:
        return (*self.added, *self.changed)


def differences(stored: Mapping[Key, OperationsDay], given: Mapping[Key, OperationsDay]) -> Differences:
    added = tuple(one for key, one in given.items() if key not in stored)
    changed = tuple(one for key, one in given.items() if key in stored and stored[key] != one)
    before = tuple((key_of(one), stored.get(key_of(one))) for one in (*added, *changed))
    return Differences(added, changed, len(given) - len(before), before)
