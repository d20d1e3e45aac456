"""Names of people: found by what announces them, by what they are made of, and by where they stand."""

import re
from collections.abc import Iterator

from collector.privacy import cues
from collector.privacy.lexicon import flags
from collector.privacy.page import Page
from collector.privacy.phrases import phrases
from collector.privacy.search import Search
from collector.privacy.signatures import files, signatures
from collector.privacy.spans import Span
from collector.privacy.things import GIVEN, WORDY
from collector.privacy.tokens import INITIAL

# Any letter that is not a small one of Western Europe.
STANDING = re.compile(r"[^\W\d_a-zß-öø-ÿ]")


def is_plain(page: Page) -> bool:
    """No capital after the first letter, and ordinary words only: most short comments, let through at once."""
    if STANDING.search(page.text, 1) or not page.words.isdisjoint(cues.SMALL_TITLES):
        return False
    table = flags()
    kinds = [table[word] for word in page.listed]
    return all(kind & WORDY for kind in kinds) and not any(kind & GIVEN for kind in kinds[:1])


ECHOED = 20


def resembles(word: str, name: str) -> bool:
    """The same name, or one letter away: "Przybylski et pas Przybilski"."""
    if word == name:
        return True
    gap = len(word) - len(name)
    if len(word) < 5 or abs(gap) > 1 or word[0] != name[0]:
        return False
    head = next((i for i, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name)))
    return word[head + (gap >= 0) :] == name[head + (gap <= 0) :]


def echoes(search: Search, found: list[tuple[int, int]]) -> Iterator[Span]:
    """A name said again, perhaps misspelt, where nothing announces it: only words that are nothing else."""
    t = search.t
    named = {i for first, last in found for i in range(first, last + 1)}
    names = {t.words[i] for i in named if len(t.words[i]) > 3 and t.words[i] not in cues.STOP}
    # Every name against every word would be quadratic on hostile text; nobody misspells more than a few.
    near = sorted(names)[:ECHOED]
    for i, word in enumerate(t.words):
        if i in named or len(word) < 4 or t.flags[i] & WORDY or search.is_thing(i) or search.is_town(i):
            continue
        if word in names or any(resembles(word, name) for name in near):
            yield t.starts[i], t.ends[i], "NAME"


def find(page: Page) -> Iterator[Span]:
    yield from files(page)
    yield from phrases(page)
    if is_plain(page):
        return
    search = Search(page)
    t = search.t
    found = list(search.spans())
    for first, last in found:
        end = t.ends[last]
        if t.shapes[last] == INITIAL and page.text[end : end + 1] == ".":
            end += 1
        yield t.starts[first], end, "NAME"
    if found:
        yield from echoes(search, found)
    yield from signatures(page)
