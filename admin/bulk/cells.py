"""Words of a cell that stand for our codes: what people call them, or the codes themselves."""

import unicodedata
from collections.abc import Sequence
from typing import TypeVar

from admin import words
from admin.language import translated
from admin.posted import Posted
from collector.plain import plain

Code = TypeVar("Code", bound=str)


def codes_of(form: Posted, table: str, codes: Sequence[Code]) -> tuple[Code, ...]:
    """Codes for the words of a cell, in the order of `codes`."""
    named = _named(table, codes)
    for word in form.all(table):
        if plain(word) not in named:
            form.refuse(table, _not_one(word, table, codes))
    given = {named.get(plain(word)) for word in form.all(table)}
    return tuple(code for code in codes if code in given)


def code_of(form: Posted, name: str, table: str, codes: Sequence[Code]) -> Code:
    found = _named(table, codes).get(plain(form[name]))
    if found is None:
        form.refuse(name, _not_one(form[name], table, codes))
    return found or codes[0]


def _named(table: str, codes: Sequence[Code]) -> dict[str, Code]:
    return {plain(name): code for code in codes for name in (code, words.label(table, code))}


def _not_one(word: str, table: str, codes: Sequence[str]) -> str:
    known = ", ".join(words.label(table, code) for code in codes)
    if not word:
        return translated("Ce champ est à remplir. Écrivez : {known}.", known=known)
    written = unicodedata.normalize("NFC", word)[:60]
    return translated("« {word} » n'est pas connu. Écrivez : {known}.", word=written, known=known)
