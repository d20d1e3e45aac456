"""An edition of the observatory: what is published of every public procedure at the end of a quarter. Pure.

Made once from what is known, written as bytes, and never made again: pages, files and the next edition read it back.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from re import fullmatch
from typing import Literal

import msgspec
from msgspec import Struct

from collector.criteria import CRITERIA, UNSAID, Standing, Statement
from collector.criteria import level as level_of
from collector.criteria import shown as shown_of
from collector.differences import Difference, difference, standing
from collector.indicators import ENOUGH, Indicator, Level
from collector.schema import Procedure, ProcedureState
from collector.suppression import FAMILY, Figures, behind

METHODOLOGY = "1"
"""The version of docs/methodology.md that an edition is made by: moves when a formula, a threshold or a rule does."""
FORMAT = "avis-edition/1"

Shown = Literal["shown", "few", "suppressed", "none"]
"""`few`: fewer than 100 reviews; `suppressed`: so few that their number is not said either; `none`: nobody answered."""


class Quarter(Struct, frozen=True, order=True):
    year: int
    number: int

    @property
    def name(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def last(self) -> date:
        month = 3 * self.number
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def first(self) -> date:
        """The first day of the rolling twelve months that end with it."""
        after = self.last + timedelta(days=1)
        return after.replace(year=after.year - 1)


class Change(Struct, frozen=True):
    """From the edition before: `value` with its 95 % interval, and whether it can be called a change."""

    value: float
    low: float
    high: float
    stands: bool


class EditionIndicator(Struct, frozen=True, kw_only=True):
    """A figure, or why there is none. `shown` is what people read; without two to compare `change` is None."""

    name: str
    scale: int
    state: Shown
    count: int | None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    level: Level | None = None
    shown: str | None = None
    change: Change | None = None


class EditionCriterion(Struct, frozen=True, kw_only=True):
    """What was declared for the quarter's last day. `before` is the level in the edition before."""

    name: str
    standing: Standing
    value: str | None
    shown: str | None
    level: Level | None
    evidence: str | None
    day: str | None
    before: Level | None = None


class EditionProcedure(Struct, frozen=True, kw_only=True):
    slug: str
    title: str
    organisation: str
    ministry: str
    audiences: tuple[str, ...]
    state: ProcedureState
    reviews: int | None
    indicators: tuple[EditionIndicator, ...]
    criteria: tuple[EditionCriterion, ...]


class Edition(Struct, frozen=True, kw_only=True):
    """`name` is the quarter's, with `.2` and so on when it corrects an earlier one.

    `least` reviews stand behind each figure that is shown, `small` behind all that is said. Changes are counted from
    `previous`.
    """

    format: str
    name: str
    quarter: str
    from_day: str
    to_day: str
    made_at: str
    made_by: str
    methodology: str
    least: int
    small: int
    corrects: str | None
    reason: str | None
    previous: str | None
    procedures: tuple[EditionProcedure, ...]


def last_over(today: date) -> Quarter:
    """The last quarter that is over."""
    quarters = today.year * 4 + (today.month - 1) // 3 - 1
    return Quarter(quarters // 4, quarters % 4 + 1)


def quarter_of(name: str) -> Quarter | None:
    """`2026Q3`; None when it is no quarter."""
    found = fullmatch(r"([1-9][0-9]{3})[Qq]([1-4])", name.strip())
    return Quarter(int(found[1]), int(found[2])) if found else None


def written(edition: Edition) -> bytes:
    """The bytes that are kept, signed and handed out: JSON in UTF-8, keys in order, no blanks."""
    return msgspec.json.encode(edition, order="sorted")


def read(content: bytes) -> Edition:
    return msgspec.json.decode(content, type=Edition)


def line_of(procedure: Procedure, found: Figures, said: Mapping[str, Statement]) -> EditionProcedure:
    """A procedure as an edition shows it, without what changed."""
    return EditionProcedure(
        slug=procedure.slug,
        title=procedure.title,
        organisation=procedure.organisation,
        ministry=procedure.ministry,
        audiences=procedure.audiences,
        state=procedure.state,
        reviews=found.reviews,
        indicators=tuple(_indicator(one, found) for one in found.indicators),
        criteria=tuple(_criterion(one.name, said.get(one.name, UNSAID)) for one in CRITERIA),
    )


def compared(lines: Sequence[EditionProcedure], before: Edition | None) -> tuple[EditionProcedure, ...]:
    """The same with what changed since the edition before. Which changes stand is decided for all of them together."""
    old = {one.slug: one for one in before.procedures} if before else {}
    gaps = {
        (line.slug, after.name): gap
        for line in lines
        for after in line.indicators
        if (gap := _difference(_named(old.get(line.slug), after.name), after))
    }
    certain = standing(gaps)
    return tuple(_with_changes(line, old.get(line.slug), gaps, certain) for line in lines)


def _indicator(one: Indicator, found: Figures) -> EditionIndicator:
    family = FAMILY[one.name]
    if one.name in found.suppressed:
        return EditionIndicator(name=one.name, scale=one.scale, state="suppressed", count=None)
    if behind(family, found.sums[family]) < ENOUGH:
        return EditionIndicator(name=one.name, scale=one.scale, state="few" if one.count else "none", count=one.count)
    return EditionIndicator(
        name=one.name,
        scale=one.scale,
        state="shown",
        count=one.count,
        value=one.value,
        low=one.low,
        high=one.high,
        level=one.level,
        shown=one.shown,
    )


def _criterion(name: str, said: Statement) -> EditionCriterion:
    return EditionCriterion(
        name=name,
        standing=said.standing,
        value=said.value,
        shown=None if said.value is None else shown_of(name, said.value),
        level=level_of(name, said),
        evidence=said.evidence,
        day=said.day,
    )


def _named(line: EditionProcedure | None, name: str) -> EditionIndicator | None:
    return next((one for one in line.indicators if one.name == name), None) if line else None


def _difference(before: EditionIndicator | None, after: EditionIndicator) -> Difference | None:
    if before is None or before.state != "shown" or after.state != "shown":
        return None
    return difference(_plain(before), _plain(after))


def _plain(one: EditionIndicator) -> Indicator:
    return Indicator(one.name, one.scale, one.count or 0, one.value, one.low, one.high)


def _with_changes(
    line: EditionProcedure,
    old: EditionProcedure | None,
    gaps: Mapping[tuple[str, str], Difference],
    certain: Iterable[tuple[str, str]],
) -> EditionProcedure:
    levels = {one.name: one.level for one in old.criteria} if old else {}
    return msgspec.structs.replace(
        line,
        indicators=tuple(
            msgspec.structs.replace(one, change=_change(gap, stands=(line.slug, one.name) in certain))
            if (gap := gaps.get((line.slug, one.name)))
            else one
            for one in line.indicators
        ),
        criteria=tuple(msgspec.structs.replace(one, before=levels.get(one.name)) for one in line.criteria),
    )


def _change(gap: Difference, *, stands: bool) -> Change:
    return Change(gap.value, gap.low, gap.high, stands)
