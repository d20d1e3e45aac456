"""`/api/open-api`: the shape of the national service's API, so that a job which reads it changes an address and a key.

Facts of that API: ids are numbers, in `/services` as such and in `/statistiques` as text; at most ten services at once;
what nobody answered is left out. A procedure keeps the number that it had there, where its old button was taken over.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from collector.api.bodies import sent
from collector.api.days import check_days
from collector.api.described import described
from collector.api.door import HEADERS
from collector.errors import BadRequest
from collector.national.statistics import FIELDS, OF_FORM, Interval, Told, intervals, steps
from collector.schema import FormName, Procedure, parse_day
from collector.storage import Storage
from collector.storage.services import Access
from collector.storage.sums import Part

MOST_SERVICES = 10
MOST_STEPS = 4_000
OWN_NUMBERS = 1_000_000
"""Where ours begin: the national service had given a few thousand."""

_TITLES: Mapping[FormName, str] = {
    "satisfaction": "Évaluation de la satisfaction usager",
    "malfunction": "Remontées d'informations",
}


class Health(msgspec.Struct, frozen=True):
    """`elk` is what answers for statistics and search: here the database."""

    status: str
    database: str
    elk: str


class FormTold(msgspec.Struct, frozen=True):
    id: int
    title: str


class Service(msgspec.Struct, frozen=True):
    id: int
    title: str
    entity: str
    forms: list[FormTold]


class Services(msgspec.Struct, frozen=True):
    data: list[Service]


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """Days as 2026-01-31, both included. Without ids, all services of the key."""

    start_date: str
    end_date: str
    field_codes: list[str] = []
    product_ids: list[int] = []
    form_ids: list[int] = []
    interval: Interval = "none"


class FormCounts(msgspec.Struct, frozen=True):
    form_id: str
    form_name: str
    intervals: list[Told]


class ServiceCounts(msgspec.Struct, frozen=True):
    product_id: str
    product_name: str
    forms: list[FormCounts]


class Statistics(msgspec.Struct, frozen=True):
    data: list[ServiceCounts]


@get("/health", opt={"who": "anyone"}, tags=["national"])
async def national_health(storage: NamedDependency[Storage]) -> Response[Health]:
    """503 as a problem when the database does not answer."""
    await storage.reviews.last_seq()
    return Response(Health("ok", "ok", "ok"), headers={"Cache-Control": "no-store"})


@get("/services", **described("key-holder"))
async def national_services(access: NamedDependency[Access], storage: NamedDependency[Storage]) -> Response[Services]:
    """The procedures that the key reads."""
    known = await _numbered(access, storage)
    told = [
        Service(number, one.title, one.organisation, [FormTold(_form(number, name), _TITLES[name]) for name in OF_FORM])
        for number, one in known.items()
    ]
    return Response(Services(told), headers=HEADERS)


_EXAMPLE = {"start_date": "2026-01-01", "end_date": "2026-03-31", "interval": "month"}


@post("/statistiques", status_code=200, **described("key-holder", sends=Asked, example=_EXAMPLE))
async def national_statistics(
    request: Request[Any, Any, Any], access: NamedDependency[Access], storage: NamedDependency[Storage]
) -> Response[Statistics]:
    """How often each answer was given, by service, form and interval."""
    return await _statistics(await sent(request, Asked), access, storage)


@get("/statistiques", **described("key-holder"))
async def national_statistics_by_address(
    access: NamedDependency[Access],
    storage: NamedDependency[Storage],
    start_date: Annotated[str, QueryParameter(description="2026-01-01")],
    end_date: Annotated[str, QueryParameter(description="2026-12-31, included")],
    field_codes: Annotated[list[str] | None, QueryParameter(description=", ".join(FIELDS))] = None,
    product_ids: Annotated[list[int] | None, QueryParameter(description="Ids of `/services`")] = None,
    form_ids: Annotated[list[int] | None, QueryParameter(description="Ids of their forms")] = None,
    interval: Annotated[Interval, QueryParameter(description="How long an interval is")] = "none",
) -> Response[Statistics]:
    """The same, asked by the address alone."""
    asked = Asked(start_date, end_date, field_codes or [], product_ids or [], form_ids or [], interval)
    return await _statistics(asked, access, storage)


async def _statistics(asked: Asked, access: Access, storage: Storage) -> Response[Statistics]:
    first, last = _period(asked)
    named = steps(first, last, asked.interval)
    if len(named) > MOST_STEPS:
        raise BadRequest(
            f"Cette période a plus de {MOST_STEPS} intervalles. Prenez-en de plus longs, ou moins de jours."
        )
    fields = _fields(asked)
    found = [
        ServiceCounts(str(number), one.title, await _forms(number, one, asked, named, fields, storage))
        for number, one in _wanted(asked, await _numbered(access, storage)).items()
    ]
    return Response(Statistics(found), headers=HEADERS)


async def _forms(
    number: int,
    procedure: Procedure,
    asked: Asked,
    named: Sequence[tuple[str, tuple[date, date]]],
    fields: Sequence[str],
    storage: Storage,
) -> list[FormCounts]:
    rows = await storage.sums.by_step(procedure, [days for _, days in named], Part())
    forms = [
        FormCounts(
            str(_form(number, name)),
            _TITLES[name],
            intervals(named, rows, [field for field in fields if field in its], asked.interval),
        )
        for name, its in OF_FORM.items()
        if not asked.form_ids or _form(number, name) in asked.form_ids
    ]
    return [one for one in forms if one.intervals]


async def _numbered(access: Access, storage: Storage) -> dict[int, Procedure]:
    """The procedures that the key reads, by the number that they had at the national service, or one of ours."""
    numbers = await storage.old_links.numbers()
    procedures = [one for one in await storage.catalogue.procedures() if access.role_in(one)]
    return {numbers.get(one.id, OWN_NUMBERS + one.id): one for one in procedures}


def _wanted(asked: Asked, known: Mapping[int, Procedure]) -> dict[int, Procedure]:
    """Raises BadRequest, which names what is not there or not this key's to read."""
    of_forms = [number for number in known for name in OF_FORM if _form(number, name) in asked.form_ids]
    missing = [str(number) for number in asked.product_ids if number not in known]
    if missing:
        raise BadRequest(f"Ces product_ids n'existent pas, ou cette clé ne les lit pas : {', '.join(missing)}.")
    if asked.form_ids and not of_forms:
        raise BadRequest("Ces form_ids n'existent pas, ou cette clé ne les lit pas.")
    numbers = list(dict.fromkeys([*asked.product_ids, *of_forms])) or list(known)
    if not 1 <= len(numbers) <= MOST_SERVICES:
        raise BadRequest(f"Demandez de 1 à {MOST_SERVICES} services à la fois, par product_ids.")
    return {number: known[number] for number in numbers}


def _period(asked: Asked) -> tuple[date, date]:
    check_days(asked.start_date, asked.end_date)
    return parse_day(asked.start_date), parse_day(asked.end_date)


def _fields(asked: Asked) -> Sequence[str]:
    """Codes of questions that the national service asked in other years are no mistake: nobody answered them here."""
    return asked.field_codes or FIELDS


def _form(number: int, name: FormName) -> int:
    return number * 10 + (1 if name == "satisfaction" else 2)
