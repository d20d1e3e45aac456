# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""Read a comment once, in the form every detector searches.

People paste full-width or Arabic-Indic digits, no-break spaces, zero-width characters and accents in two code points.
A `Page` undoes this while remembering where each character came from, so that detectors stay simple patterns over
plain text and the spans they return still point into what the citizen wrote.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property

# Characters that have no place in an ordinary Latin comment: only a text holding one pays for the slow reading below.
ODD = re.compile(
    "[^\x00-\x7f\xa0-\u017f\u2010-\u2027\u2030-\u205e\u20ac\u2190-\u23ff\u2500-\u27bf\U0001f300-\U0001faff]"
)
# A placeholder already in the text is opaque: nothing inside it, nor anything that would need to cross it, is found.
PLACEHOLDER = re.compile(
    r"\[(?:nom|e-mail|téléphone|n° de sécurité sociale|IBAN|carte bancaire|adresse|date de naissance|plaque|numéro|"
    r"identifiant|mot de passe|lien|adresse IP)\]"
)
BARRIER = "\x01"
WORD = re.compile(r"[^\W\d_]+")
# The same for plain letters, three times as fast: French without its accents.
SPACED = {code: " " for code in range(128) if not chr(code).isalpha()}
# Figures that stand close enough to belong to one number.
DIGIT = re.compile(r"\d")
ISLAND = re.compile(r"\d(?:[^\d]{0,8}\d)*")


def base(char: str) -> str:
    """The letter under an accent, in lower case, when it is a single one."""
    if char in "ıİ":
        return "i"
    letter = {"ß": "s", "ø": "o", "ł": "l", "đ": "d", "œ": "œ", "æ": "æ"}.get(char.lower())
    if letter:
        return letter
    letters = [c for c in unicodedata.normalize("NFD", char.lower()) if not unicodedata.combining(c)]
    return letters[0] if len(letters) == 1 else char


ACCENTS = {c: base(c) for c in map(chr, range(0xC0, 0x250)) if c.isalpha() and base(c) != c}
ACCENTS |= dict.fromkeys("’‘ʼ", "'")
ACCENTS |= {c: base(c) for c in map(chr, range(0x1E00, 0x1F00)) if base(c) != c}


def fold(text: str) -> str:
    """Lower case without accents, character for character: positions stay those of `text`."""
    low = text.lower()
    if len(low) != len(text):  # a few letters grow when lowered
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    if not low.isascii():
        # Replacing only the accents present is five times faster than str.translate over the whole text.
        for char in set(low):
            if char in ACCENTS:
                low = low.replace(char, ACCENTS[char])
    return low


def words(low: str) -> list[str]:
    return low.translate(SPACED).split() if low.isascii() else WORD.findall(low)


def plain(char: str, kind: str) -> str:
    """The ordinary character that a styled, wide or foreign-digit one stands for."""
    if char.isascii():
        return char
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    if kind == "Zs":
        return " "
    wide = unicodedata.normalize("NFKC", char)
    return wide if len(wide) == 1 else char


def straighten(raw: str) -> tuple[str, list[int]]:
    """Plain text and, for each of its characters, the position it came from."""
    out: list[str] = []
    at: list[int] = []
    for i, written in enumerate(raw):
        kind = unicodedata.category(written)
        if kind in ("Mn", "Me", "Cf"):
            if kind == "Mn" and out:
                whole = unicodedata.normalize("NFC", out[-1] + written)
                if len(whole) == 1:
                    out[-1] = whole
            continue
        out.append(plain(written, kind))
        at.append(i)
    at.append(len(raw))
    return "".join(out), at


class Page:
    """One comment: `text` as plain characters, `low` folded, both indexed alike."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.at: list[int] | None = None
        text = raw
        if not raw.isascii():
            if ODD.search(raw):
                text, self.at = straighten(raw)
            else:
                text = text.replace("\xa0", " ")
        if "[" in text:
            text = PLACEHOLDER.sub(lambda m: BARRIER * (m.end() - m.start()), text)
        self.text = text
        self.low = fold(text)
        # What detectors ask before they search: cached properties would cost more than these do.
        self.chars = frozenset(self.low)
        self.listed = words(self.low)
        self.words = frozenset(self.listed)
        self.digits = not self.chars.isdisjoint("0123456789")
        self.islands = self.read_islands() if self.digits else []
        self.most = max((count for _, _, count in self.islands), default=0)

    def read_islands(self) -> list[tuple[int, int, int]]:
        """Where figures stand: (start, end, how many). Most comments hold few, so patterns of numbers search only there."""
        return [(m.start(), m.end(), len(DIGIT.findall(m.group()))) for m in ISLAND.finditer(self.low)]

    def scan(
        self, pattern: re.Pattern[str], digits: int, left: int, right: int, written: bool = False
    ) -> Iterator[re.Match[str]]:
        """Matches of `pattern` around islands of at least `digits` figures, in `low` or in `text` as `written`."""
        if digits > self.most:
            return
        source = self.text if written else self.low
        done = 0
        for start, end, count in self.islands:
            if count < digits or end <= done:
                continue
            for m in pattern.finditer(source, max(done, start - left), min(len(source), end + right)):
                done = m.end()
                yield m

    @cached_property
    def shouts(self) -> bool:
        """Mostly capitals: then a capital tells nothing."""
        upper = sum(map(str.isupper, self.text))
        return upper > 12 and upper > 2 * sum(map(str.islower, self.text))

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """A span of `text` as a span of what was written."""
        if self.at is None:
            return start, end
        # Up to the next kept character, so that the marks and invisible characters of the last letter go with it.
        last = self.at[end - 1] + 1
        following = self.at[end]
        while last < following and unicodedata.category(self.raw[last]) in ("Mn", "Me", "Cf"):
            last += 1
        return self.at[start], last
