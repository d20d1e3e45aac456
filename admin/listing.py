"""Which of somebody's procedures a list shows, and in which order: all of it said by the address. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal, get_args
from urllib.parse import urlencode

from msgspec import Struct

from admin.posted import Posted
from admin.words import worded
from collector.plain import plain
from collector.schema import AUDIENCES, Procedure, ProcedureState

Column = Literal["titre", "satisfaction", "avis", "evolution", "dernier", "attention"]
Order = Literal["croissant", "decroissant"]
COLUMNS: tuple[Column, ...] = get_args(Column)
ORDERS: tuple[Order, ...] = get_args(Order)
STATES: tuple[ProcedureState, ...] = get_args(ProcedureState)
FILTERS = ("q", "ministere", "administration", "public", "etat", "attention")

_FIRST: Mapping[Column, Order] = {"titre": "croissant", "evolution": "croissant"}
"""How a column is sorted by at first: from A, from the deepest fall; of all others the most comes first."""


class Head(Struct, frozen=True):
    """The head of a column: where its link leads, and how the list is sorted by it now."""

    column: Column
    address: str
    sorted: Literal["ascending", "descending"] | None


class Listing:
    """What an address asks for. What it cannot ask for is said by field, and not filtered by."""

    def __init__(self, form: Posted, mine: Collection[Procedure]) -> None:
        self.form = form
        self.ministries = [(name, name) for name in sorted({one.ministry for one in mine}, key=plain)]
        owners = {str(one.organisation_id): one.organisation for one in mine}
        self.organisations = sorted(owners.items(), key=lambda one: (plain(one[1]), one[0]))
        self.audiences, self.states = worded("audiences", AUDIENCES), worded("states", STATES)
        self._ministry = form.maybe("ministere", dict(self.ministries))
        self._organisation = form.maybe("administration", owners)
        self._audience = form.maybe("public", AUDIENCES)
        self._state = form.maybe("etat", STATES)
        self._words = plain(form["q"].strip())
        self.needs_look = form["attention"] == "1"
        self.column: Column = form.maybe("tri", COLUMNS) or "titre"
        self.order: Order = form.maybe("ordre", ORDERS) or _first(self.column)

    @property
    def is_filtered(self) -> bool:
        return any(self.form[name].strip() for name in FILTERS)

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter other than words holds."""
        return any(self.form[name] for name in FILTERS[1:])

    @property
    def is_as_first_shown(self) -> bool:
        return not self.is_filtered and self.form.page() == 1

    def kept(self, mine: Iterable[Procedure], points: Mapping[int, int]) -> list[Procedure]:
        """`points` are how many things need a look, by procedure."""
        return [one for one in mine if self._keeps(one) and (points.get(one.id) or not self.needs_look)]

    def ordered(self, found: Iterable[Procedure], values: Mapping[int, Any]) -> list[Procedure]:
        """By the column's `values`; who has none comes last either way, and alike ones stay by title."""
        by_title = sorted(found, key=lambda one: (plain(one.title), one.id))
        is_backwards = self.order == "decroissant"
        if self.column == "titre":
            return by_title[::-1] if is_backwards else by_title
        known = [one for one in by_title if values.get(one.id) is not None]
        rest = [one for one in by_title if values.get(one.id) is None]
        return sorted(known, key=lambda one: values[one.id], reverse=is_backwards) + rest

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in COLUMNS]

    def address(self, **changed: str | int) -> str:
        """This list with something else: its first page, unless another is said."""
        kept = {name: self.form[name] for name in (*FILTERS, "tri", "ordre")} | changed
        query = urlencode({name: value for name, value in kept.items() if value})
        return f"/admin?{query}" if query else "/admin"

    def _head(self, column: Column) -> Head:
        if column != self.column:
            return Head(column, self.address(tri=column, ordre=_first(column)), None)
        other: Order = "decroissant" if self.order == "croissant" else "croissant"
        return Head(
            column,
            self.address(tri=column, ordre=other),
            "ascending" if self.order == "croissant" else "descending",
        )

    def _keeps(self, one: Procedure) -> bool:
        return (
            self._ministry in {None, one.ministry}
            and self._organisation in {None, str(one.organisation_id)}
            and (self._audience is None or self._audience in one.audiences)
            and self._state in {None, one.state}
            and self._words in plain(f"{one.title} {one.organisation} {one.slug}")
        )


def _first(column: Column) -> Order:
    return _FIRST.get(column, "decroissant")
