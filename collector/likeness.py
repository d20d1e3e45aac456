"""Do two reports of a malfunction tell of the same problem. Pure, and the same whoever asks and when.

Reports are compared by the stems of their words: twice what they share, as a part of all they say (Dice). How much they
have to share depends on where they were sent from: the same page and the same kind of browser say a lot by themselves.
"""

from collections.abc import Iterable
from typing import TypeVar

from msgspec import Struct

from collector.fulltext import indexed, stem

Name = TypeVar("Name")

# By how much else is the same. Set on the made-up reports of the tests.
_SAME_PLACE = 0.3
_SAME_PAGE = 0.4
_ELSEWHERE = 0.6


class Told(Struct, frozen=True):
    """What is compared of a report."""

    page: str | None
    browser: str | None
    stems: frozenset[str]


def told(page: str | None, browser: str | None, verbatim: str | None) -> Told:
    return Told(page, browser, frozenset(stem(word) for word in indexed(verbatim)))


def closest(report: Told, others: Iterable[tuple[Name, Told]]) -> Name | None:
    """Which of the others is most alike, the first of equals; None when none is alike enough to be the same."""
    best, most = None, 0.0
    for name, other in others:
        shared = _shared(report, other)
        if shared > most and shared >= _needed(report, other):
            best, most = name, shared
    return best


def _shared(one: Told, other: Told) -> float:
    whole = len(one.stems) + len(other.stems)
    if not whole:
        # Nothing but common words, or masked ones: where they come from is all there is.
        return 1.0 if _needed(one, other) == _SAME_PLACE else 0.0
    return 2 * len(one.stems & other.stems) / whole


def _needed(one: Told, other: Told) -> float:
    if one.page is None or one.page != other.page:
        return _ELSEWHERE
    return _SAME_PLACE if one.browser is not None and one.browser == other.browser else _SAME_PAGE
