"""The table of the observatory: which procedures it shows, under which filters and in which order. Pure."""

from collections.abc import Mapping, Sequence
from typing import Literal, get_args
from urllib.parse import urlencode

from msgspec import Struct, structs

from collector.errors import BadRequest
from collector.observatory.year import Line
from collector.plain import plain
from collector.schema import AUDIENCES, Audience

Column = Literal[
    "title", "satisfaction", "comprehension", "contact_reachability", "contact_satisfaction", "autonomy", "reviews"
]
COLUMNS: tuple[Column, ...] = get_args(Column)
FIGURES = COLUMNS[1:-1]
"""The columns that are indicators."""
LONGEST_SEARCH = 100


class Wanted(Struct, frozen=True):
    """What an address asks of the table. Figures are sorted the highest first, names from A to Z, or the reverse."""

    words: str = ""
    audience: Audience | None = None
    ministry: str = ""
    column: Column = "title"
    reverse: bool = False

    @property
    def query(self) -> str:
        """The end of the address that says so, and nothing that goes without saying."""
        said = {
            "q": self.words,
            "public": self.audience or "",
            "ministere": self.ministry,
            "tri": "" if self.column == "title" else self.column,
            "sens": "inverse" if self.reverse else "",
        }
        query = urlencode({name: value for name, value in said.items() if value})
        return f"?{query}" if query else ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.words or self.audience or self.ministry)

    @property
    def is_ascending(self) -> bool:
        return self.reverse != (self.column == "title")

    def by(self, column: Column) -> "Wanted":
        """The same, sorted by that column; by the one that it is sorted by already, the other way round."""
        return structs.replace(self, column=column, reverse=self.column == column and not self.reverse)


def asked(query: Mapping[str, str]) -> Wanted:
    """Raises BadRequest when the address asks for what there is not."""
    audience = next((one for one in AUDIENCES if one == query.get("public")), None)
    column = next((one for one in COLUMNS if one == query.get("tri")), None)
    if (query.get("public") and not audience) or (query.get("tri") and not column):
        raise BadRequest("Ce filtre ou ce tri n'existe pas. Revenez au tableau complet et choisissez parmi les siens.")
    return Wanted(
        words=" ".join(query.get("q", "").split())[:LONGEST_SEARCH],
        audience=audience,
        ministry=query.get("ministere", ""),
        column=column or "title",
        reverse=query.get("sens") == "inverse",
    )


def arranged(lines: Sequence[Line], wanted: Wanted) -> list[Line]:
    """Those without a value come last, whatever the order."""
    found = sorted((one for one in lines if _is_wanted(one, wanted)), key=lambda one: plain(one.procedure.title))
    if wanted.column == "title":
        return found[::-1] if wanted.reverse else found
    valued = [(value, one) for one in found if (value := _value(one, wanted.column)) is not None]
    valued.sort(key=lambda pair: pair[0], reverse=not wanted.reverse)
    return [one for _, one in valued] + [one for one in found if _value(one, wanted.column) is None]


def _is_wanted(line: Line, wanted: Wanted) -> bool:
    one = line.procedure
    if wanted.audience and wanted.audience not in one.audiences:
        return False
    if wanted.ministry and wanted.ministry != one.ministry:
        return False
    text = plain(f"{one.title} {one.organisation} {one.ministry}")
    return all(word in text for word in plain(wanted.words).split())


def _value(line: Line, column: Column) -> float | None:
    if column == "reviews":
        return line.reviews
    figure = line.indicators.get(column)
    return figure.value if figure else None
