"""What a comment is about, by its words: a small list of themes, as data. Pure.

Words and nothing cleverer: whoever reads that a comment is counted as a delay sees which word made it so.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from collector.fulltext import stem, words

MOST = 3
"""Themes of one comment."""


class Theme(Struct, frozen=True):
    code: str
    name: str
    words: str
    exact: str = ""
    """Words that stand for themselves alone: their stem is another word's too, as that of "payer" is that of "pays"."""

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(map(stem, words(self.words)))


class _File(Struct, frozen=True):
    theme: tuple[Theme, ...]


@cache
def themes() -> Mapping[str, Theme]:
    """By code, in the order of the file."""
    text = (files("collector") / "themes.toml").read_bytes()
    return {theme.code: theme for theme in msgspec.toml.decode(text, type=_File).theme}


def themes_of(said: Collection[str]) -> tuple[str, ...]:
    """The themes of a comment by its words: at most three, those first of which it has the most words."""
    found = [theme for word in {*map(stem, said)} for theme in _of_stem().get(word, ())]
    found += [theme for word in said for theme in _of_word().get(word, ())]
    order = list(themes())
    return tuple(sorted(set(found), key=lambda code: (-found.count(code), order.index(code)))[:MOST])


@cache
def _of_stem() -> Mapping[str, list[str]]:
    return _themes_by((root, theme.code) for theme in themes().values() for root in theme.stems)


@cache
def _of_word() -> Mapping[str, list[str]]:
    return _themes_by((word, theme.code) for theme in themes().values() for word in words(theme.exact))


def _themes_by(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for said, code in pairs:
        found.setdefault(said, []).append(code)
    return found
