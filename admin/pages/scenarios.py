"""What if: one share is moved, and the indicators, their levels and the place in the ministry follow by arithmetic."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from admin.ministries import public_others, rank, told
from admin.periods import Period, rolling_year
from admin.posted import Posted, asked
from admin.rendering import page
from admin.rights import AdminRequest
from admin.words import delay_band, label, share
from collector.indicators import Indicator, indicators, total
from collector.operations.figures import banded, ends
from collector.scenarios import Factor, Group, Outcome, Parts, alike, factors, imagined
from collector.schema import CHANNELS, Clock, Procedure, date_of
from collector.storage import Storage
from collector.suppression import Figures


class Change(Struct, frozen=True):
    """An indicator as it is and in the scenario, each with its rank among `others` others (None: no rank)."""

    now: Indicator
    then: Indicator
    unknown: bool
    rank_now: int | None
    rank_then: int | None
    others: int

    @property
    def gap(self) -> float | None:
        return None if self.now.value is None or self.then.value is None else self.then.value - self.now.value


@get("/demarches/{slug:str}/scenarios", opt={"who": "reader"})
async def show_scenario(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[str]:
    form = asked(request)
    today = date_of(clock())
    period = rolling_year(today)
    counts = await storage.reviews.counts(procedure, period.first.isoformat(), period.last.isoformat())
    parts = await _parts(storage, procedure, period)
    every = factors(counts, parts)
    factor = next((one for one in every if one.code == form["facteur"]), None)
    wanted = _share(form) if factor else None
    if form["facteur"] and factor is None:
        form.refuse("facteur", "Choisissez une des parts de la liste : celle-ci n'a pas (ou plus) 30 réponses.")
    outcome = imagined(counts, factor, wanted, parts) if factor and wanted is not None else None
    others = await public_others(procedure, storage, today) if outcome else []
    return page(
        request,
        "scenarios",
        status=422 if form.errors else 200,
        procedure=procedure,
        tab="scenarios",
        form=form,
        period=period,
        reviews=counts["reviews"],
        options=[(one.code, f"{named(one)} ({share(one.share)})") for one in every],
        factor=factor,
        factor_name=named(factor) if factor else "",
        share=wanted,
        examples=_examples(every, factor),
        changes=_changes(counts, outcome, others) if outcome else [],
        ministry=procedure.ministry,
    )


async def _parts(storage: Storage, procedure: Procedure, period: Period) -> Parts:
    """By channel where there are several, by delay where it is known."""
    first, last = period.first.isoformat(), period.last.isoformat()
    channel_of = {one.id: one.channel for one in await storage.catalogue.placements(procedure)}
    rows = await storage.reviews.counts_by_part(procedure, first, last)
    by_channel = {
        channel: total(row for (placement, _, _), row in rows.items() if channel_of.get(placement) == channel)
        for channel in CHANNELS
    }
    met = {channel: sums for channel, sums in by_channel.items() if sums["reviews"]}
    parts: dict[tuple[Group, str], Mapping[str, int]] = {}
    if len(met) > 1:
        parts |= {("channel", channel): sums for channel, sums in met.items()}
    days = await storage.operations.between(procedure, first, last)
    if days:
        bands = banded(days, await storage.reviews.counts_by_day(procedure, first, last))
        parts |= {("delay", str(number)): sums for number, sums in bands.items()}
    return parts


def _changes(counts: Mapping[str, int], outcome: Outcome, others: list[Figures]) -> list[Change]:
    return [
        _change(now, then, told(now.name, others), unknown=now.name in outcome.unknown)
        for now, then in zip(indicators(counts), outcome.indicators, strict=True)
    ]


def _change(now: Indicator, then: Indicator, others: list[float], *, unknown: bool) -> Change:
    before, after = (rank(one.value, others) if others and one.value is not None else None for one in (now, then))
    return Change(now, then, unknown, before, after, len(others))


def _examples(every: list[Factor], factor: Factor | None) -> list[tuple[str, dict[str, Any]]]:
    """Scenarios to try: the chosen share as it is elsewhere; before one is chosen, that of the desk reached least."""
    if factor is None:
        desks = [one for one in every if one.kind == "reach"]
        if len(desks) < 2:
            return []
        factor = min(desks, key=lambda one: one.share)
        best = max(desks, key=lambda one: one.share)
        return [_example(factor, best)]
    return [_example(factor, one) for one in alike(factor, every)]


def _example(factor: Factor, model: Factor) -> tuple[str, dict[str, Any]]:
    words = f"{named(factor)} : comme {_where(model).lower()} ({share(model.share)})"
    return words, {"facteur": factor.code, "part": f"{100 * model.share:.1f}"}


def named(factor: Factor) -> str:
    name = label("factors", factor.kind)
    return f"{name} – {_where(factor).lower()}" if factor.group else name


def _where(factor: Factor) -> str:
    if factor.group == "delay":
        return delay_band(*ends(int(factor.where)))
    return label("desks" if factor.group == "desk" else "channels", factor.where)


def _share(form: Posted) -> float | None:
    """A percentage between 0 and 100, with a comma or a point."""
    text = form["part"].strip().removesuffix("%").strip().replace(",", ".")
    if not text:
        return None
    plain = text.replace(".", "", 1)
    value = float(text) if plain.isdecimal() and plain.isascii() and len(plain) < 9 else -1.0
    if not 0 <= value <= 100:
        form.refuse("part", "Écrivez un pourcentage de 0 à 100, par exemple 82,5.")
        return None
    return value / 100
