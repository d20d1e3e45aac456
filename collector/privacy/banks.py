# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""Bank accounts (IBAN, RIB) and payment cards, mistyped ones included."""

import re
from collections.abc import Iterator

from collector.privacy.checks import is_iban, passes_luhn
from collector.privacy.page import Page
from collector.privacy.spans import Span

LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "CH": 21, "CR": 22,
    "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22,
    "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "JO": 30,
    "KW": 30, "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27,
    "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24,
    "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29, "VG": 24, "XK": 20, "MA": 28, "DZ": 26, "SN": 28,
    "CI": 28, "ML": 28, "BJ": 28, "BF": 28, "TG": 28, "CM": 27, "GA": 27, "CG": 27, "MG": 27,
}  # fmt: skip
HEAD = re.compile(r"(?<![a-z0-9])([a-z]{2})[ .-]?(\d[ ]?[\do])(?=[ .\-_/:]{0,2}[a-z0-9])")
PIECE = re.compile(r"[ .\-_/\n]{0,2}([a-z0-9]+)")
RIB = re.compile(
    r"(?<![\da-z])\d{5}[ .\-/|]{0,3}\d{5}[ .\-/|]{0,3}(?=[\da-z ]{0,5}\d)[\da-z]{11}[ .\-/|]{0,3}\d{2}(?![\da-z])"
)
ACCOUNT = re.compile(
    r"(?:n(?:um[eé]ro|[°o])?\s?(?:de\s)?c(?:om)?pte|compte(?: bancaire| n°| numero)?|cpte|account(?: number)?|conta)\s{0,2}(?:n°|num[eé]ro|no)?\s{0,2}(?:est|:|=|le)?\s{0,2}"
    r"((?=(?:[a-z]{0,2}\d){1}[\da-z ]{0,3}\d{3})[\da-z]{9,14}|\d{2,5}(?:[ .-]\d{2,5}){2,4})(?![\da-z])"
)
ACCOUNT_WORDS = frozenset({"compte", "cpte", "cte", "account", "conta"})
CARD = re.compile(r"(?<![\d.,])(?:\d[ .\-/_]{0,2}){12,18}\d(?![\d])")
CARD_CUE = re.compile(
    r"\bcarte|\bcb\b|visa|mastercard|master card|amex|american express|paiement|paye|debit|credit card|\bcard\b|bancaire|tarjeta|cartao"
)


def ibans(page: Page) -> Iterator[Span]:
    low, text = page.low, page.text
    for m in page.scan(HEAD, 10, 6, 6):
        wanted = LENGTHS.get(m.group(1).upper())
        if wanted is None:
            continue
        if (
            m.group(1) in ("de", "es", "be", "se", "ma", "me", "no", "lu", "il", "is", "si", "al", "at", "do")
            and m.group()[2] == " "
            and not text[m.start()].isupper()
        ):
            continue
        compact, end = re.sub(r"[^a-z0-9]", "", m.group()), m.end()
        while len(compact) < wanted + 2:
            piece = PIECE.match(low, end)
            if piece is None:
                break
            word = piece.group(1)
            capital = text[piece.start(1) : piece.end()].isupper()
            glued = piece.start(1) == end
            if (
                not any(map(str.isdigit, word))
                and not (capital and len(word) <= 4 and len(compact) + len(word) <= wanted)
                and not glued
            ):
                break
            if len(compact) + len(word) > wanted + 3 and not glued:
                break
            if len(compact) >= wanted and not glued:
                break
            compact, end = compact + word, piece.end()
        digits = sum(map(str.isdigit, compact))
        if is_iban(compact.upper()) or (wanted - 5 <= len(compact) <= wanted + 5 and digits >= 10):
            yield m.start(), end, "IBAN"


def accounts(page: Page) -> Iterator[Span]:
    for m in page.scan(RIB, 18, 4, 14):
        yield m.start(), m.end(), "IBAN"
    for m in page.scan(ACCOUNT, 8, 40, 6) if not page.words.isdisjoint(ACCOUNT_WORDS) else ():
        yield m.start(1), m.end(1), "IBAN"


def cards(page: Page) -> Iterator[Span]:
    for m in page.scan(CARD, 13, 0, 1):
        groups = re.findall(r"\d+", m.group())
        digits = "".join(groups)
        sizes = tuple(map(len, groups))
        cued = CARD_CUE.search(page.low[max(0, m.start() - 60) : m.start()]) is not None
        fourfold = (
            sizes in ((4, 4, 4, 4), (4, 6, 5), (4, 4, 4, 3), (4, 4, 4, 4, 3), (4, 4, 4, 5), (4, 6, 4), (6, 4, 4, 5))
            and digits[0] in "23456"
        )
        whole = len(groups) == 1 and len(digits) >= 15 and digits[0] in "3456" and passes_luhn(digits)
        if (
            fourfold
            or whole
            or (cued and len(digits) >= 13 and digits[0] in "23456")
            or (len(digits) == 16 and passes_luhn(digits) and digits[0] in "3456")
        ):
            yield m.start(), m.end(), "CARD"


def find(page: Page) -> Iterator[Span]:
    if page.digits:
        yield from ibans(page)
        yield from accounts(page)
        yield from cards(page)
