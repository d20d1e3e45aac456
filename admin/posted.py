"""Read a form as a browser sends it: text by name, sometimes several times, never trusted.

Each reading method returns a usable value and remembers what is wrong by field, so that a page can be shown again with
everything that was typed and each error beside its field.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from litestar.datastructures import MultiDict

from admin.language import translated
from admin.rights import AdminRequest
from collector.schema import CONTEXT, CONTEXT_RULE, parse_day

Code = TypeVar("Code", bound=str)

MOST_CONTEXTS = 50
REQUIRED = "Ce champ est à remplir."
CHOOSE = "Choisissez une des propositions."


class Posted:
    """What was typed. `values` is shown again; `errors` is by field, in the order of reading."""

    def __init__(self, sent: Mapping[str, list[str]]) -> None:
        self.values = sent
        self.errors: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        return next(iter(self.values.get(name, ())), "")

    def all(self, name: str) -> list[str]:
        return list(self.values.get(name, ()))

    def refuse(self, name: str, message: str, /, **values: object) -> None:
        self.errors.setdefault(name, translated(message, **values))

    def text(self, name: str, *, longest: int, required: bool = True) -> str:
        """One line, with its blanks put in order."""
        text = " ".join(unicodedata.normalize("NFC", self[name]).split())
        if required and not text:
            self.refuse(name, REQUIRED)
        elif len(text) > longest:
            self.refuse(name, "Raccourcissez ce texte : {n} caractères au plus.", n=longest)
        elif any(unicodedata.category(c) in {"Cc", "Cs"} for c in text):
            self.refuse(name, "Ce texte contient des caractères invisibles : recopiez-le sans eux.")
        return text

    def choice(self, name: str, allowed: Iterable[Code]) -> Code | None:
        found = next((code for code in allowed if code == self[name]), None)
        if found is None:
            self.refuse(name, CHOOSE)
        return found

    def maybe(self, name: str, allowed: Iterable[Code]) -> Code | None:
        """A choice that may be left open."""
        return self.choice(name, allowed) if self[name] else None

    def choices(self, name: str, allowed: Iterable[Code]) -> list[Code]:
        given = set(self.all(name))
        return [code for code in allowed if code in given]

    def day(self, name: str, *, required: bool = False) -> date | None:
        text = self[name].strip()
        if not text:
            if required:
                self.refuse(name, "Choisissez une date.")
            return None
        try:
            return parse_day(text)
        except ValueError:
            self.refuse(name, "Écrivez une date qui existe, par exemple 2026-11-22.")
            return None

    def page(self) -> int:
        """Which page of a list; the first where the address says none that there can be."""
        text = self["page"]
        return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1

    def period(self, first: str = "from", last: str = "to") -> tuple[date | None, date | None]:
        start, end = self.day(first), self.day(last)
        if start and end and start > end:
            self.refuse(last, "La fin vient avant le début.")
        return start, end

    def contexts(self, name: str) -> list[str]:
        """Labels that a page may send along, one per line."""
        found = [" ".join(line.split()) for line in self[name].splitlines() if line.strip()]
        for label in found:
            if not CONTEXT.fullmatch(label):
                self.refuse(
                    name, "« {label} » ne convient pas : {rule}.", label=label[:80], rule=translated(CONTEXT_RULE)
                )
        if len(found) > MOST_CONTEXTS:
            self.refuse(name, "{n} libellés au plus.", n=MOST_CONTEXTS)
        return list(dict.fromkeys(found))

    def origins(self, name: str) -> list[str]:
        """Sites, one per line, as browsers name them: `https://host[:port]`."""
        found: list[str] = []
        for line in filter(None, map(str.strip, self[name].splitlines())):
            origin = _origin(line)
            if origin is None:
                self.refuse(
                    name,
                    "« {line} » n'est pas l'adresse d'un site. Exemple : https://demarche.exemple.fr",
                    line=line[:80],
                )
            elif origin not in found:
                found.append(origin)
        return found


async def posted(request: AdminRequest) -> Posted:
    """The form of this request; anything but text (an uploaded file) is left out."""
    return _of((await request.form()).multi_items())


def asked(request: AdminRequest) -> Posted:
    """The same for what stands in the address."""
    query: MultiDict[Any] = request.query_params
    return _of(query.multi_items())


def nothing() -> Posted:
    return Posted({})


def filled(**values: str | list[str]) -> Posted:
    """A form as it is first shown: with what we know already."""
    return Posted({name: [value] if isinstance(value, str) else value for name, value in values.items()})


def _of(items: Iterable[tuple[str, Any]]) -> Posted:
    sent: dict[str, list[str]] = {}
    for name, value in items:
        if isinstance(value, str):
            sent.setdefault(name, []).append(value)
    return Posted(sent)


def _origin(line: str) -> str | None:
    # A name without a scheme is a site only if it looks like one: `demarche.exemple.fr`, not a stray word.
    if any(c.isspace() for c in line) or not ("://" in line or "." in line):
        return None
    try:
        parts = urlsplit(line if "://" in line else f"https://{line}")
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    plain = host.replace("-", "").replace(".", "").replace(":", "")
    if parts.scheme not in {"http", "https"} or parts.username or not plain.isalnum() or not plain.isascii():
        return None
    standard: Literal[80, 443] = 443 if parts.scheme == "https" else 80
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + ("" if port in {None, standard} else f":{port}")
