"""What each word can be: a first name, a surname, an ordinary word, a place, an organisation.

One dictionary from folded word to flags, built from the plain lists of `data/` at first use and kept: a comment is then
judged with one look-up per word.
"""

from functools import cache
from importlib.resources import files

FIRST = 1  # a first name in common use
RARE = 2  # a first name, rare enough to need support
AMBIGUOUS = 4  # a first name that is also a word (Pierre, Rose, Claire)
LAST = 8
COMMON = 16  # an ordinary French word
FOREIGN = 32  # an ordinary word of another language
PLACE = 64
OTHER = 128  # institutions, brands, public figures, holidays: never private persons
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
    "foreign_words.txt": FOREIGN,
    "places.txt": PLACE,
    "others.txt": OTHER,
}


def entries(name: str) -> list[str]:
    """The words of one list, without the lines at its head that say where it comes from."""
    text = files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    while text.startswith("#"):
        text = text.partition("\n")[2]
    return text.split()


@cache
def flags() -> dict[str, int]:
    table: dict[str, int] = {}
    for name, flag in SOURCES.items():
        words = entries(name)
        # Only the words of several lists are walked one by one: 60 ms for 190 000 words instead of 200.
        shared = [(word, table[word] | flag) for word in table.keys() & set(words)]
        table.update(dict.fromkeys(words, flag))
        table.update(shared)
    return table


def is_ordinary(word: str) -> bool:
    """An everyday word of French, given folded."""
    return flags().get(word, 0) & COMMON != 0
