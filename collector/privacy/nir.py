# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""Social security numbers (NIR), with or without their key, glued, grouped oddly or mistyped."""

import re
from collections.abc import Iterator

from collector.privacy.checks import is_nir
from collector.privacy.page import Page
from collector.privacy.spans import Span

GAP = r"[ .,\-/_–—·:|\n]{0,3}"
# sex, year, month (also the codes of unknown months), department, commune, order, key
NIR = re.compile(
    rf"(?<!\d)[1-478]{GAP}\d{GAP}\d{GAP}(?:[0o]{GAP}[1-9]|1{GAP}[0-2]|[2-9]{GAP}\d){GAP}(?:\d{GAP}[\dabo]){GAP}"
    rf"(?:[\do]{GAP}){{5}}[\do](?:{GAP}(?:(?:cl[eé]|key)\s?:?\s?)?\(?\d{GAP}\d\)?)?(?![\d€])"
)
CUE = re.compile(
    r"s[eé]cu|\bnir\b|\bnss\b|\bn[°o]?\s?ss\b|\bsoc(?:iale)?\b|insee|vitale|amel[iy]|num(?:ero)? ?ss\b|\bss\b|immatriculation|assur[ée]|social security|"
    r"seguran[cç]a social|seguridad social|الضمان"
)
LOOSE = re.compile(r"(?<![\d])[1-478](?:[ .\-/_–]{0,2}[\dabo]){9,15}(?![\da-z])")
COMPANY = re.compile(r"siret|siren|tva|chorus|\bean\b|isbn|code.?barre|reference|\bref\b|fiscal|avis")


def find(page: Page) -> Iterator[Span]:
    low = page.low
    taken = -1
    for m in page.scan(NIR, 10, 2, 4):
        compact = re.sub(r"[^\dabo]", "", re.sub(r"cl[eé]|key", "", m.group())).replace("o", "0").upper()
        before = low[max(0, m.start() - 60) : m.start()]
        if (
            (len(compact) == 15 and is_nir(compact))
            or CUE.search(before)
            or (not COMPANY.search(before) and is_grouped(m.group()))
        ):
            taken = m.end()
            yield m.start(), m.end(), "NIR"
    for m in page.scan(LOOSE, 9, 2, 4):
        if m.start() >= taken and CUE.search(low[max(0, m.start() - 50) : m.start()]):
            yield m.start(), m.end(), "NIR"


def is_grouped(written: str) -> bool:
    """Grouped as on the card, or 13 or 15 characters in one piece."""
    groups = re.findall(r"[\dabo]+", written)
    sizes = tuple(map(len, groups))
    return sizes in ((13,), (15,), (13, 2)) or sizes[:6] == (1, 2, 2, 2, 3, 3) or sizes[:5] == (5, 2, 3, 3, 2)
