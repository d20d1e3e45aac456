"""Links of the national service, and which of our placements one leads to. Pure.

Its first platform numbered procedures otherwise, and named a button (`nd_source`) beside a key of the procedure; the
present one gives the button's number. Both kinds are still on pages.
"""

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Literal, TypeVar
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

Parameter = Literal["button", "nd_source", "key"]
PARAMETERS: tuple[Parameter, ...] = ("button", "nd_source", "key")
Place = TypeVar("Place")

_PATH = re.compile(r"/Demarches/(?:avis/)?([0-9]{1,9})/?", re.IGNORECASE)
_HREF = re.compile(r"""href\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
_LONGEST = 100
# What the first platform called a button that nobody had named.
_UNNAMED: tuple[Parameter, str] = ("nd_source", "button")


class OldLink(Struct, frozen=True, order=True):
    """One way in: the procedure's number there, and what else the address says."""

    number: int
    parameter: Parameter
    value: str


def links_in(text: str) -> list[OldLink]:
    """What a pasted address, or the button's whole HTML code, leads by. Empty when it is no such link."""
    found = _HREF.search(text)
    address = urlsplit(unescape(found[1] if found else text).strip())
    number = _PATH.fullmatch(address.path)
    asked = parse_qs(address.query)
    if not number:
        return []
    named = [OldLink(int(number[1]), one, asked[one][-1][:_LONGEST]) for one in PARAMETERS if one in asked]
    # With a button's number the rest is not looked at, there as here.
    return named[:1] if named and named[0].parameter == "button" else named


def chosen(asked: Mapping[Parameter, str], known: Sequence[tuple[OldLink, Place]]) -> Place | None:
    """Where a link leads, of those known under its number: exactly, or to the procedure's first as it does there."""
    is_new = "button" in asked
    family = [one for one in known if (one[0].parameter == "button") == is_new] or list(known)
    for parameter, value in [*((one, asked[one]) for one in PARAMETERS if one in asked), _UNNAMED]:
        for link, place in family:
            if (link.parameter, link.value) == (parameter, value):
                return place
    return family[0][1] if family else None
