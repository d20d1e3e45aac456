"""Read a form as a browser sends it: text by name, sometimes several times, never trusted.

Each reading method returns a usable value and remembers what is wrong by field, so that a page can be shown again with
everything that was typed and each error beside its field.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from litestar.datastructures import MultiDict

from admin.language import translated
from admin.rights import AdminRequest
from collector.fields import MOST_CONTEXTS, Unfit, context, line, site
from collector.schema import parse_day

Code = TypeVar("Code", bound=str)

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
        try:
            return line(self[name], longest=longest, required=required)
        except Unfit as error:
            self._refuse(name, error)
            return error.text

    def _refuse(self, name: str, error: Unfit) -> None:
        values = {key: translated(value) if isinstance(value, str) else value for key, value in error.values.items()}
        self.refuse(name, error.message, **values)

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
        found = self._each(name, context)
        if len(found) > MOST_CONTEXTS:
            self.refuse(name, "{n} libellés au plus.", n=MOST_CONTEXTS)
        return found

    def origins(self, name: str) -> list[str]:
        """Sites, one per line, as browsers name them: `https://host[:port]`."""
        return self._each(name, site)

    def _each(self, name: str, read: Callable[[str], str]) -> list[str]:
        """One on each line that says something, each once."""
        found: dict[str, None] = {}
        for written in filter(None, map(str.strip, self[name].splitlines())):
            try:
                found[read(written)] = None
            except Unfit as error:
                self._refuse(name, error)
        return list(found)


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
