"""Count what happens under a name in windows of time. Pure.

Windows begin at round times and not with their first event: what is kept then says no more of when something happened
than which window it was.
"""

from msgspec import Struct


class Used(Struct, frozen=True, gc=False):
    """How often something happened, and when (seconds since 1970) its window ends."""

    used: int
    expires: int


Uses = dict[str, Used]
"""By name: what the database holds for a batch, then what the batch makes of it."""


def noted(at: float, seconds: int) -> Used:
    """A moment, to the hundredth, to be known for `seconds` at least and twice as long at most."""
    begin = int(at) // seconds * seconds
    return Used(int(100 * (at - begin)), begin + 2 * seconds)


def moment_noted(use: Used, seconds: int) -> float:
    return use.expires - 2 * seconds + use.used / 100


def is_open(use: Used, seconds: int, now: int) -> bool:
    """Whether a window of `seconds` goes on. One that ends far later than that was opened by a clock that was wrong.

    Twice as late is not far: instances' clocks may differ by some seconds, and none of them may end a limit.
    """
    return now < use.expires <= now + 2 * seconds


def counted(uses: Uses, name: str, now: int) -> int:
    """How often it happened in the window that is open; 0 when none is."""
    use = uses.get(name)
    return use.used if use and use.expires > now else 0


def count(uses: Uses, name: str, seconds: int, now: int, number: int = 1) -> int:
    """Once more, or `number` times; returns how often it has happened now in its window."""
    use = uses.get(name)
    used = number + (use.used if use and use.expires > now else 0)
    uses[name] = Used(used, (now // seconds + 1) * seconds)
    return used
