"""What a comment is about, by its words: a small list of themes, as data. Pure.

Words and nothing cleverer: whoever reads that a comment is counted as a delay sees which word made it so.
"""

from collections.abc import Collection, Mapping
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
    found = [theme for word in sorted({stem(word) for word in said}) for theme in _of_stem().get(word, ())]
    order = list(themes())
    return tuple(sorted(set(found), key=lambda code: (-found.count(code), order.index(code)))[:MOST])


@cache
def _of_stem() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for theme in themes().values():
        for each in theme.stems:
            found[each] = (*found.get(each, ()), theme.code)
    return found
