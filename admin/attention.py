"""What an owner should look at first, the most pressing first: dead buttons, forgotten ones, falling figures. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct

from admin.language import translated
from admin.periods import Months
from admin.words import label
from collector.differences import Difference, difference, standing
from collector.indicators import indicators
from collector.schema import Link, Placement, Procedure, date_of, moment_of
from collector.silence import Silence, silence
from collector.spikes import DAYS, is_spike, usual_of
from collector.storage.closed import ClosedUse
from collector.storage.overview import Volumes
from collector.storage.problems import Unanswered

FEW = 3
"""Forms opened in a week, below which a closed placement is left alone: an old bookmark, a robot that tries keys."""

LINK_NEWS = timedelta(days=7)
"""How long it is told that an export link is used from somewhere new."""
LINK_IDLE = timedelta(days=30)
"""Whoever has not used a link for so long hardly needs it."""
WAITS = timedelta(days=2)
"""How long nobody looks at a reported problem before that is told."""

Change = tuple[int, str]
"""A procedure's number and the name of an indicator."""


class Spike(Struct, frozen=True):
    """Technical problems reported since yesterday, and how many are usual in as long."""

    procedure: Procedure
    reports: int
    usual: float

    @staticmethod
    def since(today: date) -> date:
        return today - timedelta(days=DAYS - 1)


class Alert(Struct, frozen=True, kw_only=True):
    """One thing to look at, of one procedure. What is None does not concern this kind."""

    kind: str
    procedure: Procedure
    placement: Placement | None = None
    silence: Silence | None = None
    use: ClosedUse | None = None
    falls: tuple[Difference, ...] = ()
    spike: Spike | None = None
    unanswered: Unanswered | None = None
    waits: timedelta | None = None
    link: Link | None = None

    @property
    def falling(self) -> str:
        """`La satisfaction et la clarté des informations baissent`, to begin a sentence with."""
        names = [label("falling", fall.after.name) for fall in self.falls]
        text = translated(" et ").join(filter(None, (", ".join(names[:-1]), names[-1])))
        return f"{text[:1].upper()}{text[1:]} {translated('baisse') if len(names) == 1 else translated('baissent')}"


def changes(
    before: Mapping[int, Mapping[str, int]], after: Mapping[int, Mapping[str, int]]
) -> dict[Change, Difference]:
    """Every indicator of every procedure that has enough answers in both periods."""
    found: dict[Change, Difference] = {}
    for procedure in before.keys() & after.keys():
        for old, new in zip(indicators(before[procedure]), indicators(after[procedure]), strict=True):
            compared = difference(old, new)
            if compared:
                found[procedure, new.name] = compared
    return found


def named(found: Mapping[Change, Difference]) -> dict[Change, Difference]:
    """Those that can be called changes, seen all together."""
    return {change: found[change] for change in standing(found)}


def silent(
    procedures: Mapping[int, Procedure], placements: Iterable[Placement], volumes: Volumes, today: date
) -> list[Alert]:
    """Open placements of open procedures; the one that misses most first."""
    found = [
        Alert(kind="silent", procedure=procedures[one.procedure_id], placement=one, silence=told)
        for one in placements
        if one.closed_at is None
        and one.procedure_id in procedures
        and procedures[one.procedure_id].state == "open"
        # What was imported is older than its placement.
        and (told := silence(volumes.get(one.id, {}), today, min((day_of_creation(one), *volumes.get(one.id, ())))))
    ]
    return sorted(found, key=lambda alert: -alert.silence.expected if alert.silence else 0)


def day_of_creation(placement: Placement) -> date:
    return date_of(placement.created_at)


def spike_of(
    procedure: Procedure, lately: int, known: Mapping[str, int] | None, months: Months, today: date
) -> Spike | None:
    """`known` are the sums since the beginning of `months`, with those of lately."""
    before = (known or {}).get("kind_technical", 0) - lately
    first = max(date.fromisoformat(f"{months.first}-01"), date_of(procedure.created_at))
    days = (Spike.since(today) - first).days
    return Spike(procedure, lately, usual_of(before, days)) if is_spike(lately, before, days) else None


def spiking(
    procedures: Mapping[int, Procedure],
    lately: Mapping[int, int],
    known: Iterable[Mapping[int, Mapping[str, int]]],
    months: Months,
    today: date,
) -> list[Alert]:
    """The most reports first."""
    found, parts = [], list(known)
    for number, reports in lately.items():
        sums = {"kind_technical": sum(part.get(number, {}).get("kind_technical", 0) for part in parts)}
        spike = spike_of(procedures[number], reports, sums, months, today)
        if spike:
            found.append(Alert(kind="spike", procedure=procedures[number], spike=spike))
    return sorted(found, key=lambda alert: -alert.spike.reports if alert.spike else 0)


def waiting(procedures: Mapping[int, Procedure], unanswered: Mapping[int, Unanswered], now: datetime) -> list[Alert]:
    """Reported problems that nobody has looked at for days; the one that waits longest first."""
    found = [
        Alert(kind="unanswered", procedure=procedures[number], unanswered=one, waits=now - moment_of(one.first))
        for number, one in unanswered.items()
        if number in procedures and now - moment_of(one.first) >= WAITS
    ]
    return sorted(found, key=lambda alert: alert.unanswered.first if alert.unanswered else 0)


def about_link(link: Link, now: datetime) -> str:
    """What its owner should know of a link that still gives something: `elsewhere`, `idle`, or nothing."""
    if link.revoked_at or link.spent_at or link.expires_at <= now:
        return ""
    # The first network is only where it is used from; the next one may be somebody else's.
    if link.places > 1 and link.last_place_at and now - link.last_place_at < LINK_NEWS:
        return "elsewhere"
    return "idle" if now - (link.last_used_at or link.created_at) >= LINK_IDLE else ""


def strange_links(procedures: Mapping[int, Procedure], links: Iterable[Link], now: datetime) -> list[Alert]:
    """Export links that are used from somewhere new, for the one procedure that they give."""
    by_slug = {one.slug: one for one in procedures.values()}
    return [
        Alert(kind="link", procedure=by_slug[link.procedures[0]], link=link)
        for link in links
        if len(link.procedures) == 1 and link.procedures[0] in by_slug and about_link(link, now) == "elsewhere"
    ]


def still_used(
    procedures: Mapping[int, Procedure], placements: Iterable[Placement], uses: Mapping[int, ClosedUse]
) -> list[Alert]:
    """Placements that are closed now, or whose procedure is; the one that turns most people away first."""
    found = [
        Alert(kind="closed", procedure=procedures[one.procedure_id], placement=one, use=uses[one.id])
        for one in placements
        if one.id in uses
        and one.procedure_id in procedures
        and (one.closed_at or procedures[one.procedure_id].state != "open")
        and (uses[one.id].sent or uses[one.id].opened >= FEW)
    ]
    return sorted(found, key=lambda alert: (-alert.use.sent, -alert.use.opened) if alert.use else (0, 0))


def falling(procedures: Mapping[int, Procedure], found: Mapping[Change, Difference]) -> list[Alert]:
    """One alert a procedure, however many of its indicators fall; the deepest fall first."""
    falls: dict[int, list[Difference]] = {}
    for (procedure, _), one in sorted(found.items(), key=lambda each: each[1].value / each[1].after.scale):
        if one.value < 0 and procedures[procedure].state == "open":
            falls.setdefault(procedure, []).append(one)
    return [
        Alert(kind="falling", procedure=procedures[procedure], falls=tuple(each)) for procedure, each in falls.items()
    ]
