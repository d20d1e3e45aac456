"""Which part of a procedure a page of figures is about: a placement, a channel, a language, a form version. Pure.

What can be chosen is read off the counts of the period, so a choice always says how many reviews it keeps.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from admin.posted import Posted
from admin.words import label, labels, name_of
from collector.indicators import total
from collector.schema import CHANNELS, Placement
from collector.storage.sums import Part

Kind = Literal["placement", "channel", "lang", "version"]
KINDS: tuple[Kind, ...] = ("placement", "channel", "lang", "version")
PartCounts = Mapping[tuple[int, int, str], Mapping[str, int]]
"""By placement, form version and language."""


class Option(Struct, frozen=True):
    value: str
    text: str
    reviews: int


class Parts:
    """The counts of a period by part, and which of them the form asks for. What cannot be used is said by field."""

    def __init__(self, form: Posted, placements: Sequence[Placement], counts: PartCounts) -> None:
        self._placements = {one.id: one for one in placements}
        self.counts = counts
        self.chosen: dict[Kind, str] = {}
        allowed = {kind: {self._value(kind, key) for key in counts} for kind in KINDS}
        allowed["placement"] |= {one.key for one in placements}
        allowed["channel"] |= set(CHANNELS)
        allowed["lang"] |= set(labels()["langs"])
        if form["version"].isdecimal() and len(form["version"]) < 7:
            allowed["version"].add(str(int(form["version"])))
        for kind in KINDS:
            if value := form.maybe(kind, sorted(allowed[kind])):
                self.chosen[kind] = value

    @property
    def part(self) -> Part:
        """What the chart's statement keeps."""
        wanted = [
            one.id
            for one in self._placements.values()
            if self.chosen.get("placement") in {None, one.key} and self.chosen.get("channel") in {None, one.channel}
        ]
        return Part(
            placements=tuple(wanted) if self.chosen.keys() & {"placement", "channel"} else None,
            form_version=int(self.chosen["version"]) if "version" in self.chosen else None,
            lang=self.chosen.get("lang"),
        )

    @property
    def kept(self) -> dict[tuple[int, int, str], Mapping[str, int]]:
        """The counts that the filters keep."""
        return {key: row for key, row in self.counts.items() if all(self._has(key, kind) for kind in self.chosen)}

    @property
    def whole(self) -> int:
        """How many reviews the period has, filters or not."""
        return sum(row["reviews"] for row in self.counts.values())

    def options(self, kind: Kind) -> list[Option]:
        """Those that have reviews, the most first, and the one that is chosen."""
        reviews = Counter({self.chosen[kind]: 0} if kind in self.chosen else {})
        for key, row in self.counts.items():
            if row["reviews"]:
                reviews[self._value(kind, key)] += row["reviews"]
        return [Option(value, self.text(kind, value), number) for value, number in reviews.most_common()]

    def text(self, kind: Kind, value: str) -> str:
        if kind == "placement":
            return next((name_of(one) for one in self._placements.values() if one.key == value), value)
        return label({"channel": "channels", "lang": "langs", "version": "versions"}[kind], value)

    @property
    def sentence(self) -> str:
        """`canal : Guichet ; langue : anglais`; nothing where nothing is filtered."""
        return " ; ".join(
            f"{label('parts', kind).lower()} : {self.text(kind, value)}" for kind, value in self.chosen.items()
        )

    def sums_by(self, kind: Kind) -> dict[str, dict[str, int]]:
        """What the filters keep, by one way to look at it; the most reviews first."""
        rows: dict[str, list[Mapping[str, int]]] = {}
        for key, row in self.kept.items():
            rows.setdefault(self._value(kind, key), []).append(row)
        sums: Iterable[tuple[str, dict[str, int]]] = ((value, total(each)) for value, each in rows.items())
        return dict(sorted((one for one in sums if one[1]["reviews"]), key=lambda one: -one[1]["reviews"]))

    def _has(self, key: tuple[int, int, str], kind: Kind) -> bool:
        return self._value(kind, key) == self.chosen[kind]

    def _value(self, kind: Kind, key: tuple[int, int, str]) -> str:
        placement, version, lang = key
        if kind == "lang":
            return lang
        if kind == "version":
            return str(version)
        one = self._placements[placement]
        return one.key if kind == "placement" else one.channel
