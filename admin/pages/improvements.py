"""What we changed: the owner notes an improvement, and sees whether the figures moved with it."""

from datetime import date, timedelta
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from admin.posted import Posted, asked, filled, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.differences import ENOUGH, Difference, difference
from collector.errors import BadRequest, NotFound
from collector.fields import NOT_YET
from collector.indicators import indicators
from collector.schema import Clock, Procedure, date_of
from collector.storage import Storage
from collector.storage.improvements import LONGEST, MOVES, Improvement

LONGEST_SIDE = timedelta(days=90)
"""A season: further away, other things have changed too."""
SHOWN = 30


class Effect(Struct, frozen=True):
    """An improvement with the satisfaction of as many days before it as after; the day itself belongs to neither."""

    improvement: Improvement
    days: int
    satisfaction: Difference | None


@get("/demarches/{slug:str}/ameliorations", opt={"who": "reader"})
async def list_improvements(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[str]:
    today = date_of(clock())
    return await _page(request, procedure, storage, today, filled(day=today.isoformat()))


@post("/demarches/{slug:str}/ameliorations", opt={"who": "manager"}, status_code=200)
async def add_improvement(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form, today = await posted(request), date_of(clock())
    day, words = form.day("day", required=True), form.text("words", longest=LONGEST)
    if day and day > today:
        form.refuse("day", NOT_YET)
    if form.errors or day is None:
        return await _page(request, procedure, storage, today, form, 422)
    published = form["published"] == "1"
    by = request.user.user.email
    await storage.improvements.add(procedure, day, words, published=published, now=clock(), by=by)
    return go(_path(procedure), "improvement-added")


@post("/demarches/{slug:str}/ameliorations/{improvement:int}", opt={"who": "manager"}, status_code=200)
async def move_improvement(
    request: AdminRequest,
    improvement: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form = await posted(request)
    move = form.choice("move", MOVES)
    if move is None:
        raise BadRequest
    if not await storage.improvements.move(procedure, improvement, move, now=clock(), by=request.user.user.email):
        raise NotFound("Cette amélioration n'est plus là, ou un collègue vient de faire ce changement.")
    if move == "remove":
        return go(_path(procedure), "improvement-remove", retiree=str(improvement))
    return go(_path(procedure), f"improvement-{move}", None, anchor=f"a{improvement}")


async def _page(
    request: AdminRequest, procedure: Procedure, storage: Storage, today: date, form: Posted, status: int = 200
) -> Response[str]:
    found = await storage.improvements.of(procedure)
    removed = asked(request)["retiree"]
    return page(
        request,
        "improvements",
        status=status,
        procedure=procedure,
        tab="ameliorations",
        form=form,
        effects=[await _effect(storage, procedure, one, today) for one in found[:SHOWN]],
        others=found[SHOWN:],
        removed=int(removed) if removed.isdecimal() and len(removed) < 16 else None,
        longest=LONGEST,
        enough=ENOUGH,
    )


async def _effect(storage: Storage, procedure: Procedure, one: Improvement, today: date) -> Effect:
    side = min(LONGEST_SIDE, today - one.day)
    if side < timedelta(days=1):
        return Effect(one, 0, None)
    day = timedelta(days=1)
    before = await storage.reviews.counts(procedure, (one.day - side).isoformat(), (one.day - day).isoformat())
    after = await storage.reviews.counts(procedure, (one.day + day).isoformat(), (one.day + side).isoformat())
    return Effect(one, side.days, difference(indicators(before)[0], indicators(after)[0]))


def _path(procedure: Procedure) -> str:
    return f"/admin/demarches/{procedure.slug}/ameliorations"
