"""Postal addresses of homes: a number and a street, what completes them, and the postcode and town that follow.

A street, a town or a postcode alone says where something is, not where someone lives: it stays.
"""

from collections.abc import Iterator

from collector.privacy.homes import BOXES, LIVING, PLACE_WORDS, houses, places
from collector.privacy.page import Page
from collector.privacy.spans import Span
from collector.privacy.streets import COUNTS, SPOKEN, dictated, streets
from collector.privacy.towns import town


def find(page: Page) -> Iterator[Span]:
    found: list[Span] = []
    if page.digits:
        found = list(streets(page))
        yield from found
        yield from houses(page)
        for m in page.scan(LIVING, 5, 60, 0):
            end = town(page, m.end())
            if end > m.end():
                yield m.end(), end, "ADDRESS"
    if not (page.words.isdisjoint(SPOKEN) or page.words.isdisjoint(COUNTS)):
        yield from dictated(page)
    if not page.words.isdisjoint(PLACE_WORDS) or (page.digits and not page.words.isdisjoint(BOXES)):
        yield from places(page, found)
