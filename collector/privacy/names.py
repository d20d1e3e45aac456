# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""Names of people: found by what announces them, by what they are made of, and by where they stand."""

import re
from collections.abc import Iterator

from collector.privacy import cues
from collector.privacy.lexicon import flags
from collector.privacy.page import Page
from collector.privacy.reach import GIVEN, WORDY
from collector.privacy.search import Search
from collector.privacy.signatures import files, signatures
from collector.privacy.spans import Span
from collector.privacy.tokens import INITIAL

HAN = re.compile(r"(?:我叫|我名叫|名字是|姓名[是:： ]{0,2})([\u4e00-\u9fff]{2,3})")
NAMED = frozenset("nom prenom patronyme name apellido nombre".split())
# "Kpodar c'est mon nom de famille"
AFTERNAME = re.compile(
    r"(?<![\w'’-])([A-ZÀ-Þ][\w'’-]{2,30}),? (?:c'est|c’est|est|is|es) (?:bien )?(?:mon|ma|son|notre|my|mi|meu) (?:vrai |seul |deuxième )?(?:nom|prénom|prenom|patronyme|name|nombre|apellido)"
)


# Any letter that is not a small one of Western Europe.
STANDING = re.compile(r"[^\W\d_a-zß-öø-ÿ]")


def is_plain(page: Page) -> bool:
    """No capital after the first letter and no word that is not an ordinary one: most short comments, let through at once."""
    if STANDING.search(page.text, 1) or not page.words.isdisjoint(cues.SMALL_TITLES):
        return False
    table = flags()
    kinds = [table.get(word, 0) for word in page.listed]
    return all(kind & WORDY for kind in kinds) and not any(kind & GIVEN for kind in kinds[:1])


def find(page: Page) -> Iterator[Span]:
    yield from files(page)
    if is_plain(page):
        return
    search = Search(page)
    t = search.t
    if han := HAN.search(page.low):
        yield *han.span(1), "NAME"
    if not page.words.isdisjoint(NAMED):
        for m in AFTERNAME.finditer(page.text):
            yield *m.span(1), "NAME"
    for first, last in search.spans():
        end = t.ends[last]
        if t.shapes[last] == INITIAL and page.text[end : end + 1] == ".":
            end += 1
        yield t.starts[first], end, "NAME"
    yield from signatures(page)
