"""What limits refused and what was set aside, over all procedures; and the limits themselves, in words."""

from datetime import date, timedelta
from typing import Literal, get_args

from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from admin.language import translated
from admin.posted import asked
from admin.rendering import page
from admin.rights import AdminRequest
from admin.troubles import Known, Trouble, oldest, troubled
from admin.words import label, number
from collector.schema import Clock, LimitKind, date_of
from collector.settings import Limit, Settings
from collector.storage import Storage

Span = Literal["2", "7", "30"]
SPANS: tuple[Span, ...] = get_args(Span)
"""Days with today: what is counted is counted by day."""
MOST_LISTED = 50


class Told(Struct, frozen=True):
    """One limit: its variable, and what it allows in words; nothing where it is off."""

    kind: LimitKind
    variable: str
    allows: list[str]


@get("/limites", opt={"who": "administrator"})
async def show_limits(
    request: AdminRequest,
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[str]:
    form = asked(request)
    span = next((one for one in SPANS if one == form["jours"]), "7")
    today = date_of(clock())
    found = await _troubled(storage, today - timedelta(days=int(span) - 1), today)
    turned = form.page()
    return page(
        request,
        "limits",
        span=span,
        spans=SPANS,
        found=len(found),
        shown=found[(turned - 1) * MOST_LISTED : turned * MOST_LISTED],
        number=turned,
        more=turned * MOST_LISTED < len(found),
        limits=told(settings),
        suspicion=settings.suspicion,
    )


async def _troubled(storage: Storage, first: date, today: date) -> list[Trouble]:
    procedures = await storage.catalogue.procedures()
    long_ago = oldest(today).isoformat()
    months = await storage.overview.satisfaction([one.id for one in procedures], first.isoformat(), today.isoformat())
    known = Known(
        refused=await storage.turned_away.since(long_ago),
        suspected=await storage.suspects.since(long_ago),
        waiting=await storage.suspects.waiting(),
        accepted={one: sum(sums["reviews"] for sums in each.values()) for one, each in months.items()},
    )
    return troubled(procedures, known, first, today)


def told(settings: Settings) -> list[Told]:
    """The limits of this service, in the order in which a submission meets them."""
    return [
        Told("visitor-procedure", "AVIS_LIMIT_VISITOR_PROCEDURE", _allows(settings.limit_visitor_procedure)),
        Told("visitor", "AVIS_LIMIT_VISITOR", _allows(settings.limit_visitor)),
        Told("counter", "AVIS_LIMIT_COUNTER", _allows(settings.limit_counter)),
        Told("procedure", "AVIS_LIMIT_PROCEDURE", _allows(settings.limit_procedure)),
        Told("key", "AVIS_LIMIT_KEY", _allows(settings.limit_key)),
    ]


def _allows(limit: Limit) -> list[str]:
    return [_sentence(item.amount, item.multiples, item.GRANULARITY.name) for item in limit]


def _sentence(amount: int, multiples: int, unit: str) -> str:
    if multiples == 1:
        return translated("{n} par {unit}", n=number(amount), unit=label("units", unit))
    return translated("{n} en {m} {units}", n=number(amount), m=multiples, units=label("units_of", unit))
