"""What of a comment can be searched, and what a search asks for. Pure, and the same whichever database holds it.

Words are found whatever their accents and capitals, and with every word of the same French stem: "demande" finds
"demandé" and "Demandes". A search is words that must all be there, "words in a row", and beginnings of words (demand*).
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from threading import Lock
from typing import TypeVar

from msgspec import Struct
from Stemmer import Stemmer  # type: ignore[import-not-found]  # in C, without types

from collector.errors import BadRequest

Part = TypeVar("Part")

LONGEST_WORD = 40
LONGEST_SEARCH = 200
MOST_CLAUSES = 8
LEAST_LETTERS = 3

# The commonest words of French comments: half of all that is written, and nothing that anybody looks for.
COMMON = frozenset(
    """
    ai ainsi alors apres as au aucun aucune aussi autre autres aux avait avant avec avez avoir avons car ce ceci cela
    ces cet cette ceux chez comme comment dans de depuis des deux donc dont du elle elles en encore entre est et etait
    etant ete etes etre eu faire fait faut il ils je jusqu la le les leur leurs lors lui ma mais me meme memes mes moi
    moins mon ne ni nos notre nous on ont ou par parce pas peu peut plus pour pourquoi puis qu quand que quel quelle qui
    quoi sa sans se sera ses si soit son sont sous suis sur ta te tes toi ton tous tout toute toutes tres trop tu un une
    vers vos votre vous
    """.split()
)

_WORD = re.compile(r"[^\W_]+")
# Accents are folded before stems are taken, so that "réglée" and "reglee" meet: what is left of an "ée" is an "e".
_DOUBLE = re.compile(r"ee(s?)$")
_PART = re.compile(r'"([^"]*)"|(\S+)')
_ACCENTS = re.compile("[\u0300-\u036f]+")
_QUOTES = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "„": '"'})


class Query(Struct, frozen=True):
    """A search: all of `stems`, `starts` and `phrases` (stems in a row) must be in a comment.

    What can be looked up of a phrase is among `stems` too.
    """

    stems: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()


class BadSearch(BadRequest):
    """Its detail says what to write instead."""


def words(text: str) -> list[str]:
    """The words of a text in their order, without accents and capitals."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(_fold(text))]


def indexed(text: str | None) -> set[str]:
    """The words that a comment can be found by."""
    return {word for word in words(text or "") if _counts(word)}


@lru_cache(maxsize=2_048)
def stem(word: str) -> str:
    """What a word has in common with its inflections."""
    with _LOCK:
        found = str(_STEMMER.stemWord(_DOUBLE.sub(r"e\1", word)))
    # "payer" leaves "pai", which "paye" should too.
    return f"{found[:-1]}i" if found.endswith("y") and len(found) > 2 else found


def spelled(text: str | None, root: str) -> str | None:
    """How a text first writes a word of this stem."""
    return next((word.lower() for word in _WORD.findall(text or "") if root in map(stem, words(word))), None)


def says(text: str | None, phrase: tuple[str, ...]) -> bool:
    """Whether a text has these stems in a row."""
    said = [stem(word) for word in words(text or "")]
    return any(tuple(said[n : n + len(phrase)]) == phrase for n in range(len(said) - len(phrase) + 1))


def tells(text: str | None, query: Query) -> bool:
    """Whether a text has all that is searched: what the index finds, told of one text that is at hand."""
    said = words(text or "")
    stems = {stem(word) for word in said}
    return (
        stems.issuperset(query.stems)
        and all(any(word.startswith(start) for word in said) for start in query.starts)
        and all(says(text, phrase) for phrase in query.phrases)
    )


def parse(text: str) -> Query:
    """Raises BadSearch, which says in French what to change."""
    text = text.translate(_QUOTES)
    if len(text) > LONGEST_SEARCH:
        raise BadSearch(f"Raccourcissez votre recherche : {LONGEST_SEARCH} caractères au plus.")
    if text.count('"') % 2:
        raise BadSearch("Fermez les guillemets de votre recherche.")
    stems, starts, phrases = list[str](), list[str](), list[tuple[str, ...]]()
    for phrase, part in _PART.findall(text):
        found = words(phrase or part)
        if part.endswith("*") and found:
            starts.append(found.pop())
        if any(map(_counts, found)):
            stems.extend(stem(word) for word in found if _counts(word))
            phrases.extend([tuple(map(stem, found))] if phrase else [])
    return _bounded(Query(_once(stems), _once(starts), _once(phrases)))


def _bounded(query: Query) -> Query:
    if not (query.stems or query.starts):
        raise BadSearch("Écrivez au moins un mot à chercher. Les mots très courants, comme « le », ne comptent pas.")
    if len(query.stems) + len(query.starts) > MOST_CLAUSES:
        raise BadSearch(f"Cherchez {MOST_CLAUSES} mots au plus à la fois.")
    if any(len(start) < LEAST_LETTERS for start in query.starts):
        raise BadSearch(f"Écrivez au moins {LEAST_LETTERS} lettres avant l'astérisque.")
    return query


def _once(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(dict.fromkeys(parts))


def _counts(word: str) -> bool:
    return len(word) > 1 and word not in COMMON


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    plain = _ACCENTS.sub("", plain)
    if plain.isascii():  # nearly all of French, at a third of the price
        return plain.lower()
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Mn").casefold()


_STEMMER = Stemmer("french", 0)
# The stemmer keeps the word it works on: one at a time, whichever thread asks.
_LOCK = Lock()
