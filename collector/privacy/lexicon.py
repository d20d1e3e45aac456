"""What each word can be: a first name, a surname, an ordinary word, a place, an organisation.

Built from the plain lists of `data/` at first use and kept: a comment is then judged with one look-up per word.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache, reduce
from importlib.resources import files
from itertools import groupby
from operator import or_

from typing_extensions import override

FIRST = 1  # a first name in common use
RARE = 2  # a first name, rare enough to need support
AMBIGUOUS = 4  # a first name that is also a word (Pierre, Rose, Claire)
LAST = 8
COMMON = 16  # an ordinary French word
FOREIGN = 32  # an ordinary word of another language
PLACE = 64
OTHER = 128  # institutions, brands, public figures, holidays: never private persons
TOWN = 512  # a town that is nothing else, or where enough people live to be spoken of
TRADE = 256  # a surname that is also a word, a trade above all (Boulanger, Petit, Poisson)

SOURCES = {
    "first_names.txt": FIRST,
    "more_first_names.txt": FIRST,
    "foreign_first_names.txt": RARE,
    "foreign_first_names_other_scripts.txt": FIRST,
    "rare_first_names.txt": RARE,
    "names_that_are_words.txt": AMBIGUOUS,
    "surnames.txt": LAST,
    "foreign_surnames.txt": LAST,
    "more_surnames.txt": LAST,
    "surnames_that_are_words.txt": LAST | TRADE,
    "words.txt": COMMON,
    "more_words.txt": COMMON,
    "official_words.txt": COMMON,
    "official_acronyms.txt": OTHER,
    "foreign_words.txt": FOREIGN,
    "places.txt": PLACE,
    "towns.txt": TOWN,
    "others.txt": OTHER,
}


def entries(name: str) -> list[str]:
    """The words of one list, without the lines at its head that say where it comes from."""
    text = files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    while text.startswith("#"):
        text = text.partition("\n")[2]
    return text.split()


class Lexicon(dict[str, int]):
    """From a folded word to its flags, nought for one of no list.

    A dictionary of all words takes 25 MB in each process; their hashes, sorted, with the flags in the lowest bits, take
    two. The dictionary that this is holds the words met lately, so that an everyday word costs no search.
    """

    MOST = 10_000

    def __init__(self, lists: Iterable[tuple[int, Iterable[str]]]) -> None:
        super().__init__()
        marked = sorted(_marked(word) | flag for flag, words in lists for word in words)
        self._marked = array("q", _joined(marked))

    def __missing__(self, word: str) -> int:
        mark = _marked(word)
        found = bisect_left(self._marked, mark)
        entry = self._marked[found] if found < len(self._marked) else 0
        flags = entry - mark if mark <= entry <= mark + _FLAGS else 0
        if len(self) >= self.MOST:
            self.clear()
        self[word] = flags
        return flags

    @override
    def get(self, word: str, default: int = 0) -> int:  # type: ignore[override]  # nothing else is ever asked for
        return self[word]


_FLAGS = 1023


def _marked(word: str) -> int:
    """Its hash with room for its flags: two of 200 000 words fall on one with a chance of one in a million."""
    return hash(word) & ~_FLAGS


def _joined(marked: Iterable[int]) -> Iterator[int]:
    """A word of several lists once, with the flags of all."""
    for mark, same in groupby(marked, key=lambda entry: entry & ~_FLAGS):
        yield reduce(or_, same, mark)


@cache
def flags() -> Lexicon:
    return Lexicon((flag, entries(name)) for name, flag in SOURCES.items())


def is_ordinary(word: str) -> bool:
    """An everyday word of French, given folded."""
    return flags()[word] & COMMON != 0
