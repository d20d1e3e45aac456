"""Mask what the rules left over and a reader found: whole words, chosen by their number in the text.

Whole words, so that half a name never stays; by number, so that nobody has to send the name again to have it hidden.
"""

import re
from collections.abc import Collection, Iterator
from hashlib import sha256

from msgspec import Struct

from collector.privacy.masking import Finding, Masked, cover
from collector.privacy.page import PLACEHOLDER, fold
from collector.privacy.spans import Span
from collector.privacy.texts import FIELDS, texts_of
from collector.schema import Review

# A mask of before is no word; marks that are written after their letter belong to it.
_WORD = re.compile(rf"{PLACEHOLDER.pattern}|(?P<word>[^\W_][\w\u0300-\u036f]*)")


class Piece(Struct, frozen=True):
    """A part of a text. `word` is its number when it can be chosen, None between words."""

    text: str
    word: int | None = None


def pieces(text: str) -> list[Piece]:
    """The whole text, cut where words begin and end."""
    cut: list[Piece] = []
    last = 0
    for number, (start, end) in enumerate(_words(text)):
        cut += [Piece(text[last:start])] * (start > last) + [Piece(text[start:end], number)]
        last = end
    return cut + [Piece(text[last:])] * (last < len(text))


def words_of(text: str, passage: str) -> set[int]:
    """The numbers of the words that a passage touches wherever it stands, whatever its capitals and accents."""
    wanted = re.escape(fold(passage.strip()))
    found = [match.span() for match in re.finditer(wanted, fold(text))] if wanted else []
    return {
        number
        for number, (start, end) in enumerate(_words(text))
        if any(start < last and first < end for first, last in found)
    }


def mask_words(text: str, chosen: Collection[int], kind: str) -> Masked:
    """Words that follow each other become one mask, with what stands between them."""
    spans = _spans(text, chosen, kind)
    return Masked(cover(text, spans), tuple(Finding(kind, end - start) for start, end, kind in spans))


def quoted(text: str, chosen: Collection[int]) -> set[str]:
    """How another text may name what is chosen here: as a whole, or by one word of it, unless that is a small one."""
    wholes = {text[start:end] for start, end, _ in _spans(text, chosen, "")}
    parts = {whole[start:end] for whole in wholes for start, end in _words(whole)}
    return wholes | {part for part in parts if len(part) > 3}


def seen(*texts: str | None) -> str:
    """What somebody was looking at when they chose: the numbers mean nothing in another text."""
    return sha256("\0".join(text or "" for text in texts).encode()).hexdigest()[:16]


def seen_in(review: Review) -> str:
    """Names the texts of a review as they are now."""
    texts = texts_of(review)
    return seen(*(texts.get(field) for field in FIELDS))


def _spans(text: str, chosen: Collection[int], kind: str) -> list[Span]:
    spans: list[Span] = []
    for number, (start, end) in enumerate(_words(text)):
        if number not in chosen:
            continue
        if spans and number - 1 in chosen and _is_joint(text[spans[-1][1] : start]):
            spans[-1] = (spans[-1][0], end, kind)
        else:
            spans.append((start, end, kind))
    return spans


def _words(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _WORD.finditer(text) if match["word"])


def _is_joint(between: str) -> bool:
    return "\n" not in between and not PLACEHOLDER.search(between)
