"""What no review can tell, declared by whoever manages the procedure: each criterion with its day and its evidence."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from litestar import Response, get, post
from litestar.di import NamedDependency
from msgspec import Struct

from admin import words
from admin.criteria import choices, statement_of, typed, words_of
from admin.periods import rolling_year
from admin.posted import Posted, asked, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.criteria import (
    BY_NAME,
    CONTACT_MEANS,
    CRITERIA,
    LONGEST_EVIDENCE,
    UNSAID,
    Criterion,
    Statement,
    level,
    share_text,
)
from collector.errors import BadRequest, Conflict
from collector.indicators import Level
from collector.operations.figures import channels, response
from collector.schema import Clock, Procedure, date_of
from collector.storage import Storage
from collector.storage.criteria import Declaration

FEWEST_CHANNELS = 2
"""Of one channel alone the share says that it is the only one that was imported."""


class Card(Struct, frozen=True):
    """A criterion with what is said of it, and what could be."""

    criterion: Criterion
    said: Statement
    by: str | None
    words: str
    level: Level | None
    host: str | None
    choices: tuple[tuple[str, str], ...]


class Proposal(Struct, frozen=True):
    """A value that imported data tell, until their last day."""

    value: str
    words: str
    day: str


@get("/demarches/{slug:str}/criteres", opt={"who": "reader"})
async def show_criteria(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[str]:
    return await _page(request, procedure, storage, _today(clock))


@post("/demarches/{slug:str}/criteres", opt={"who": "manager"}, status_code=200)
async def declare_criterion(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form, today = await posted(request), _today(clock)
    criterion = BY_NAME.get(form["criterion"])
    if criterion is None:
        raise BadRequest
    said = statement_of(form, criterion, today)
    if form.errors:
        return await _page(request, procedure, storage, today, form, 422)
    held = (await storage.criteria.of(procedure)).get(criterion.name)
    if said.standing == "not_declared" and held:
        # It is the day of what it takes back: what was declared for an earlier day goes on holding for that one.
        said = Statement(day=held.said.day)
    written = (
        []
        if said == UNSAID
        else await storage.criteria.declare(procedure, {criterion.name: said}, now=clock(), by=request.user.user.email)
    )
    if not written:
        return go(_path(procedure), "criterion-same", anchor=criterion.name)
    return go(_path(procedure), "criterion-declared", declared=str(written[0].id))


@post("/demarches/{slug:str}/criteres/annuler", opt={"who": "manager"}, status_code=200)
async def undo_criterion(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    line = (await posted(request))["id"]
    if not (line.isdecimal() and len(line) < 16):
        raise BadRequest
    if not await storage.criteria.undo(procedure, [int(line)], now=clock(), by=request.user.user.email):
        raise Conflict("Ce critère a été déclaré de nouveau depuis : il n'y a plus rien à annuler.")
    return go(_path(procedure), "criterion-undone")


async def _page(
    request: AdminRequest,
    procedure: Procedure,
    storage: Storage,
    today: date,
    wrong: Posted | None = None,
    status: int = 200,
) -> Response[str]:
    held = await storage.criteria.of(procedure)
    cards = [_card(one, held.get(one.name)) for one in CRITERIA]
    form = Posted({name: one for card in cards for name, one in typed(card.criterion, card.said, today).items()})
    if wrong:
        form.values, form.errors = {**form.values, **wrong.values}, wrong.errors
    declared = asked(request)["declared"]
    return page(
        request,
        "criteria",
        status=status,
        procedure=procedure,
        tab="criteres",
        cards=cards,
        form=form,
        open=wrong["criterion"] if wrong else None,
        answered=sum(one.said.standing != "not_declared" for one in cards),
        history=[(one, words_of(BY_NAME[one.name], one.said)) for one in await storage.criteria.history(procedure)],
        undo=next((one for one in held.values() if str(one.id) == declared), None),
        proposal=await _proposal(storage, procedure, today, held.get("online_share")),
        means=[(code, words.label("contact_means", code)) for code in CONTACT_MEANS],
        field_names={name: words.label("criteria", name.split("-")[0]) for name in form.values},
        longest=LONGEST_EVIDENCE,
    )


def _card(one: Criterion, held: Declaration | None) -> Card:
    said = held.said if held else UNSAID
    return Card(
        criterion=one,
        said=said,
        by=held.by if held else None,
        words=words_of(one, said),
        level=level(one.name, said),
        host=urlsplit(said.evidence).hostname if said.evidence else None,
        choices=tuple((code, words.label("declared", code)) for code in choices(one)),
    )


async def _proposal(storage: Storage, procedure: Procedure, today: date, held: Declaration | None) -> Proposal | None:
    """The share of use online that operations data tell over the last twelve months."""
    year = rolling_year(today)
    days = await storage.operations.between(procedure, year.first.isoformat(), year.last.isoformat())
    share = response(days, {}).share_online if len(channels(days)) >= FEWEST_CHANNELS else None
    if share is None:
        return None
    value, day = share_text(share), days[-1].day
    if held and (held.said.value, held.said.day) == (value, day):
        return None
    criterion = BY_NAME["online_share"]
    return Proposal(value, words_of(criterion, Statement("declared", value)), day)


def _today(clock: Clock) -> date:
    return date_of(clock())


def _path(procedure: Procedure) -> str:
    return f"/admin/demarches/{procedure.slug}/criteres"
