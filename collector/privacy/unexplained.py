# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""A long number that nothing explains is somebody's.

Files, meters, contracts and foreign cards are numbered in more ways than any list of announcements knows. What is no
person's number, though, is of few kinds and says so: a form, a law, a version, an error, a company, a parcel, an amount.
"""

import re
from collections.abc import Iterator

from collector.privacy.checks import passes_luhn
from collector.privacy.labelled import is_other
from collector.privacy.page import Page
from collector.privacy.spans import Span

LEAST = 6
"""Figures that make a number long; one less beside a letter, a dash or a slash."""

TOKEN = re.compile(
    r"(?<![\w@./#*+%°\x01-])[a-z]{0,4}-?\d(?:[/.\-_]?[a-z0-9])+(?![\w@*#%°\x01]|[/.\-_][a-z0-9]|:\d|\s?(?:€|eur\b))"
)
LEAST_GROUPED = 8
GROUPS = re.compile(
    r"(?<![\w@./#*+%°,:\x01-])(?<!\d )(?=[\d ]{0,30}\d{3})\d{2,6}(?: \d{2,6}){1,5}(?![\w@*#%°\x01/]|[.,:-]\d| \d)"
)
# Shapes that explain themselves, besides those of `is_other`: opening hours, a version, an error, a screen, a Colissimo parcel, a
# Windows update, a decree, an association, a public telephone number.
PLAIN = re.compile(
    r"(?:19|20)\d\d-\d{1,5}|"
    r"\d+h\d*(?:[-/.]?\d+h\d*)*|v?\d+(?:\.\d+){2,}(?:-?[a-z]+\d*)?|\d{2,4}\.\d{1,2}|0x[0-9a-f]+|\d+x\d+\w*|[68][a-z]\d{11}|kb\d+|l?\d{3}-\d{1,2}(?:-\d{1,2})?|[lrd]\.?\d{3,4}-\d+(?:-\d+)?|"
    r"(?:\d{1,3}\.)+000|\d+(?:er?|eme|e|km|kg|go|mo|ko|px|dpi|ms|mn|min|s|j|m2|k|ans|euros?)|w\d{9}|\d{2,3}-\d{3}|20[12]\d[01]\d[0-3]\d|08\d{8}|\d\d-\d\d\.\d{3}"
)
BEFORE = 45


def find(page: Page) -> Iterator[Span]:
    """In one piece or in groups of figures."""
    if page.most < LEAST - 1:
        return
    yield from _grouped(page)
    for near in page.scan(TOKEN, LEAST - 1, 6, 20):
        # Whole: the window may end in the middle of it.
        m = TOKEN.match(page.low, near.start())
        if (
            m is None
            or _is_sum(page, m)
            or not _is_long(m.group())
            or PLAIN.fullmatch(m.group())
            or _is_company(m.group())
        ):
            continue
        if not is_other(page, m.start(), m.end(), _said(page, m.start())):
            yield m.start(), m.end(), "ID_NUMBER"


def _grouped(page: Page) -> Iterator[Span]:
    for near in page.scan(GROUPS, LEAST_GROUPED, 6, 20):
        m = GROUPS.match(page.low, near.start())
        if m is None:
            continue
        groups = m.group().split()
        figures = "".join(groups)
        if len(figures) < LEAST_GROUPED or _is_a_list(groups) or _is_company(figures):
            continue
        if not is_other(page, m.start(), m.end(), _said(page, m.start())):
            yield m.start(), m.end(), "ID_NUMBER"


def _is_sum(page: Page, m: re.Match[str]) -> bool:
    """The middle of a calculation: "10 000/94,4 = 106 jours"."""
    return (
        "/" in m.group()
        and page.low[m.start() - 2 : m.start() - 1].isdigit()
        and page.low[m.end() : m.end() + 1] == ","
    )


def _said(page: Page, start: int) -> str:
    return page.low[max(0, start - BEFORE) : start]


def _is_a_list(groups: list[str]) -> bool:
    """Years, postcodes, an amount in thousands, or a public telephone number."""
    is_amount = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    return (
        is_amount or groups[0].startswith("08") or (len({len(group) for group in groups}) == 1 and len(groups[0]) > 3)
    )


def _is_long(token: str) -> bool:
    figures = sum(map(str.isdigit, token))
    return figures >= LEAST or (figures == LEAST - 1 and figures < len(token))


def _is_company(token: str) -> bool:
    """A SIREN or a SIRET names no person by itself."""
    return token.isdecimal() and len(token) in (9, 14) and passes_luhn(token)
