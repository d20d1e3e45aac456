"""Announcements: written, changed and ended by administrators; put away by whoever has read them."""

from datetime import date, timedelta
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from admin.posted import Posted, asked, filled, posted
from admin.rendering import go, page
from admin.rights import AdminRequest, safe_next
from collector.errors import BadRequest, NotFound
from collector.schema import Clock, date_of
from collector.storage import Storage
from collector.storage.announcements import IMPORTANCES, LONGEST, LONGEST_TITLE, MOVES, Announcement, Wanted

PATH = "/admin/annonces"
USUAL = timedelta(days=7)


@get("/annonces", opt={"who": "administrator"})
async def list_announcements(
    request: AdminRequest, storage: NamedDependency[Storage], clock: NamedDependency[Clock]
) -> Response[str]:
    today = _today(clock)
    form = filled(importance="information", first=today.isoformat(), last=(today + USUAL).isoformat())
    return await _page(request, storage, today, form)


@post("/annonces", opt={"who": "administrator"}, status_code=200)
async def add_announcement(
    request: AdminRequest, storage: NamedDependency[Storage], clock: NamedDependency[Clock]
) -> Response[Any]:
    form, today = await posted(request), _today(clock)
    wanted = await _wanted(form, storage, today)
    if wanted is None:
        return await _page(request, storage, today, form)
    await storage.announcements.add(wanted, now=clock(), by=request.user.user.email)
    return go(PATH, "announcement-added")


@get("/annonces/{announcement:int}", opt={"who": "administrator"})
async def edit_announcement(
    request: AdminRequest,
    announcement: FromPath[int],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[str]:
    one = await _known(storage, announcement)
    form = filled(
        title=one.title,
        words=one.words,
        importance=one.importance,
        organisation=str(one.organisation_id or ""),
        first=one.first.isoformat(),
        last=one.last.isoformat(),
    )
    return await _page(request, storage, _today(clock), form, one)


@post("/annonces/{announcement:int}", opt={"who": "administrator"}, status_code=200)
async def change_announcement(
    request: AdminRequest,
    announcement: FromPath[int],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    one, form, today = await _known(storage, announcement), await posted(request), _today(clock)
    wanted = await _wanted(form, storage, today)
    if wanted is None:
        return await _page(request, storage, today, form, one)
    await storage.announcements.change(announcement, wanted, by=request.user.user.email)
    return go(PATH, "announcement-changed")


@post("/annonces/{announcement:int}/etat", opt={"who": "administrator"}, status_code=200)
async def move_announcement(
    request: AdminRequest,
    announcement: FromPath[int],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    move = (await posted(request)).choice("move", MOVES)
    if move is None:
        raise BadRequest
    if not await storage.announcements.move(announcement, move, now=clock(), by=request.user.user.email):
        raise NotFound("Cette annonce n'existe pas, ou un collègue vient de faire ce changement.")
    if move == "end":
        return go(PATH, "announcement-end", terminee=str(announcement))
    return go(PATH, "announcement-resume")


@post("/annonces/{announcement:int}/masquer", opt={"who": "signed-in"}, status_code=200)
async def dismiss_announcement(
    request: AdminRequest, announcement: FromPath[int], storage: NamedDependency[Storage]
) -> Response[Any]:
    """Back to the page that was open, without it."""
    form = await posted(request)
    if announcement in {one.id for one in request.user.announcements}:
        await storage.announcements.dismiss(request.user.user, announcement)
    return go(safe_next(form["retour"]))


async def _wanted(form: Posted, storage: Storage, today: date) -> Wanted | None:
    """What was written; None when something is to be corrected."""
    title, words = form.text("title", longest=LONGEST_TITLE), form.text("words", longest=LONGEST)
    importance = form.choice("importance", IMPORTANCES)
    organisation = form.maybe("organisation", [str(one.id) for one in await storage.catalogue.organisations()])
    first, last = form.day("first", required=True), form.day("last", required=True)
    if last and last < today:
        form.refuse("last", "Ce jour est passé : choisissez-en un à venir.")
    if first and last and first > last:
        form.refuse("last", "La fin vient avant le début.")
    if form.errors or not (importance and first and last):
        return None
    owner = int(organisation) if organisation else None
    return Wanted(title=title, words=words, importance=importance, organisation_id=owner, first=first, last=last)


async def _known(storage: Storage, id: int) -> Announcement:
    one = await storage.announcements.one(id)
    if one is None:
        raise NotFound("Cette annonce n'existe pas.")
    return one


async def _page(
    request: AdminRequest, storage: Storage, today: date, form: Posted, one: Announcement | None = None
) -> Response[str]:
    ended = asked(request)["terminee"]
    return page(
        request,
        "announcements",
        status=422 if form.errors else 200,
        form=form,
        one=one,
        listed=[(each, each.standing(today)) for each in await storage.announcements.all()] if one is None else [],
        organisations=[(str(each.id), each.name) for each in await storage.catalogue.organisations()],
        ended=int(ended) if ended.isdecimal() and len(ended) < 16 else None,
        longest=LONGEST,
        longest_title=LONGEST_TITLE,
    )


def _today(clock: Clock) -> date:
    return date_of(clock())
