"""What the address of the indicators page asks for, with its figures: the page and its files show nothing else."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from msgspec import Struct

from admin.comparisons import AGAINST, Against, Compared, against_the_rest, compared
from admin.figures import Distribution, Point, points
from admin.ministries import Ministry, ministry_of, public_others
from admin.own_figures import own_distributions
from admin.parts import Kind, Parts
from admin.periods import DEFAULT, Period, buckets, period_of, rolling_year
from admin.posted import Posted
from collector.indicators import Indicator, indicators, total
from collector.schema import Procedure
from collector.storage import Storage
from collector.storage.improvements import Improvement
from collector.storage.sums import Days

LOOKS: tuple[Kind, ...] = ("channel", "placement", "lang")
"""The parts that are held against each other, where there is more than one."""


class View(Struct, frozen=True):
    """What the address asks for, and its figures: the page and its files show nothing else."""

    procedure: Procedure
    period: Period
    parts: Parts
    counts: dict[str, int]
    indicators: tuple[Indicator, ...]
    charted: Indicator
    points: list[Point]
    against: Against
    other: Days
    compared: Mapping[str, Compared]
    ministry: Ministry | None
    slices: dict[Kind, dict[str, Compared]]
    improvements: list[Improvement]
    own: list[Distribution]

    @property
    def query(self) -> dict[str, str]:
        """What a colleague's browser needs to show the same."""
        found: dict[str, str] = {}
        if self.period.choice != DEFAULT:
            found["period"] = self.period.choice
        if self.period.choice == "days":
            found.update({"from": self.period.first.isoformat(), "to": self.period.last.isoformat()})
        if self.period.asked:
            found["step"] = self.period.asked
        found.update({str(kind): value for kind, value in self.parts.chosen.items()})
        if self.against != AGAINST[0]:
            found["compare"] = self.against
        if self.charted != self.indicators[0]:
            found["courbe"] = self.charted.name
        return found

    def address(self, under: str = "", **changed: str) -> str:
        """This page, or what lies under it, with something of the query changed: taken out, where it is empty."""
        query = {name: value for name, value in {**self.query, **changed}.items() if value}
        path = f"/admin/demarches/{self.procedure.slug}{under}"
        return f"{path}?{urlencode(query)}" if query else path


async def view_of(form: Posted, procedure: Procedure, storage: Storage, today: date) -> View:
    """Read from the counts alone: what it costs depends on days and parts, not on how many reviews there are."""
    period = period_of(form, today)
    first, last = period.first.isoformat(), period.last.isoformat()
    placements = await storage.catalogue.placements(procedure)
    parts = Parts(form, placements, await storage.reviews.counts_by_part(procedure, first, last))
    against = form.maybe("compare", AGAINST) or AGAINST[0]
    ministry = await _ministry(procedure, storage, today) if against == "ministry" else None
    other = period.year_earlier if against == "year" else period.before
    *sums, before = await storage.sums.by_step(procedure, [*buckets(period), other], parts.part)
    counts = total(parts.kept.values())
    found = indicators(counts)
    charted = next((one for one in found if one.name == form["courbe"]), found[0])
    return View(
        procedure=procedure,
        period=period,
        parts=parts,
        counts=counts,
        indicators=found,
        charted=charted,
        points=points(period, sums),
        against=against,
        other=other,
        compared=ministry.compared if ministry else compared(indicators(before), found),
        ministry=ministry,
        slices=_slices(parts, charted.name),
        improvements=[
            one for one in await storage.improvements.of(procedure) if period.first <= one.day <= period.last
        ],
        own=await _own(procedure, storage, period, parts),
    )


async def _own(procedure: Procedure, storage: Storage, period: Period, parts: Parts) -> list[Distribution]:
    counted = await storage.own.by_part(procedure, period.first.isoformat(), period.last.isoformat())
    kept = [(part[1], counts) for part, counts in counted.items() if part in parts.kept]
    found = {version: await storage.forms.published(procedure, version) for version, _ in kept}
    asked = {version: adjustments.questions for version, adjustments in found.items() if adjustments}
    return own_distributions(kept, asked)


async def _ministry(procedure: Procedure, storage: Storage, today: date) -> Ministry:
    year = rolling_year(today)
    own = await storage.reviews.counts(procedure, year.first.isoformat(), year.last.isoformat())
    return ministry_of(procedure.ministry, indicators(own), await public_others(procedure, storage, today))


def _slices(parts: Parts, name: str) -> dict[Kind, dict[str, Compared]]:
    found = {kind: against_the_rest(parts.sums_by(kind), name) for kind in LOOKS}
    if len(found["placement"]) == len(found["channel"]):
        del found["channel"]
    return {kind: rows for kind, rows in found.items() if len(rows) > 1}
