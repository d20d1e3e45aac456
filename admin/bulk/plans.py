"""What importing a file would do, row by row: pages show it, and the import does exactly that or nothing."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Literal

import msgspec
from msgspec import Struct

from admin.posted import Posted

Deed = Literal["refuse", "change", "create", "leave"]
DEEDS: tuple[Deed, ...] = ("refuse", "change", "create", "leave")
"""The most pressing first."""


class Change(Struct, frozen=True):
    column: str
    before: str
    after: str


class Line(Struct, frozen=True, kw_only=True):
    """What becomes of row `number`. `wanted` is what is stored then; `errors` are by column."""

    number: int
    name: str
    deed: Deed
    changes: tuple[Change, ...] = ()
    errors: Mapping[str, str] = {}
    wanted: Any = None


class Plan(Struct, frozen=True):
    lines: Sequence[Line]

    def number(self, deed: Deed) -> int:
        return sum(line.deed == deed for line in self.lines)

    @property
    def is_possible(self) -> bool:
        return not self.number("refuse")

    @property
    def wanted(self) -> list[Any]:
        return [line.wanted for line in self.lines if line.deed in {"create", "change"}]

    @property
    def digest(self) -> str:
        """Two plans with the same one do the same: what somebody has seen is what is done."""
        said = [(line.number, line.deed, line.changes, line.wanted) for line in self.lines]
        return sha256(msgspec.json.encode(said)).hexdigest()[:32]


def refused(number: int, name: str, form: Posted) -> Line:
    return Line(number=number, name=name, deed="refuse", errors=dict(form.errors))


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    return tuple(
        Change(name, before.get(name, ""), text) for name, text in after.items() if text != before.get(name, "")
    )
