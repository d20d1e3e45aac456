"""Signed export links of a procedure: make one, see its uses, revoke it. The address itself is shown once."""

from datetime import timedelta
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from admin.attention import about_link
from admin.posted import Posted, filled, posted
from admin.rendering import go, page
from admin.rights import AdminRequest, Viewer
from collector.errors import BadRequest, Forbidden, NotFound
from collector.exports.links import (
    BYS,
    CONTENTS,
    FORMATS,
    INTERVALS,
    LONGEST_RECIPIENT,
    NOT_YOURS,
    create_link,
    gives,
    may_revoke,
)
from collector.exports.places import network_of
from collector.schema import Clock, Link, Procedure
from collector.settings import Settings
from collector.storage import Storage

LONGEST_NETWORKS = 500
ONCE = ("once",)
EXPIRIES = {"7": "7 jours", "30": "30 jours", "90": "90 jours", "365": "1 an"}


@get("/demarches/{slug:str}/exports", opt={"who": "reader"})
async def list_links(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[str]:
    return await _list(request, procedure, storage, clock, filled(content="reviews", format="csv", expires="30"))


@post("/demarches/{slug:str}/exports", opt={"who": "manager"}, status_code=200)
async def make_link(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
    clock: NamedDependency[Clock],
) -> Response[str]:
    form = await posted(request)
    content = form.choice("content", CONTENTS)
    file = form.choice("format", FORMATS)
    recipient = form.text("recipient", longest=LONGEST_RECIPIENT)
    first, last = form.period()
    interval, by = form.maybe("interval", INTERVALS), form.maybe("by", BYS)
    expires = form.choice("expires", EXPIRIES)
    networks = _networks(form)
    if not form.errors and content and file and expires:
        now = clock()
        try:
            link, url = await create_link(
                storage,
                settings,
                procedures=[procedure.slug],
                content=content,
                format=file,
                from_day=first.isoformat() if first else None,
                to_day=last.isoformat() if last else None,
                interval=interval or "whole",
                by=by or "procedure",
                recipient=recipient,
                created_by=request.user.user.email,
                expires_at=now + timedelta(days=int(expires)),
                now=now,
                networks=networks,
                once="once" in form.choices("once", ONCE),
            )
        except BadRequest as error:
            form.refuse("interval", error.message)
        else:
            fresh = filled(content="reviews", format="csv", expires="30")
            return await _list(request, procedure, storage, clock, fresh, created=(link, url))
    return await _list(request, procedure, storage, clock, form, status=422)


@get("/demarches/{slug:str}/exports/{id:str}", opt={"who": "reader"})
async def show_link(
    request: AdminRequest,
    id: FromPath[str],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[str]:
    link = await _link(procedure, id, storage)
    return page(
        request,
        "link",
        procedure=procedure,
        tab="exports",
        link=link,
        state=_state(link, clock),
        about=about_link(link, clock()),
        uses=await storage.links.uses(link.id),
        may_revoke=await _may_revoke(request.user, link, storage),
    )


@post("/demarches/{slug:str}/exports/{id:str}/revoquer", opt={"who": "manager"}, status_code=200)
async def revoke_link(
    request: AdminRequest,
    id: FromPath[str],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    link = await _link(procedure, id, storage)
    if not await _may_revoke(request.user, link, storage):
        raise Forbidden(NOT_YOURS)
    await storage.links.revoke(link.id, clock(), by=request.user.user.email)
    return go(f"/admin/demarches/{procedure.slug}/exports/{link.id}", "link-revoked")


async def _list(
    request: AdminRequest,
    procedure: Procedure,
    storage: Storage,
    clock: Clock,
    form: Posted,
    *,
    created: tuple[Link, str] | None = None,
    status: int = 200,
) -> Response[str]:
    links = [link for link in await storage.links.all() if gives(link, procedure)]
    return page(
        request,
        "links",
        status=201 if created else status,
        procedure=procedure,
        tab="exports",
        form=form,
        links=[(link, _state(link, clock), about_link(link, clock())) for link in links],
        created=created,
        contents=CONTENTS,
        formats=FORMATS,
        intervals=INTERVALS,
        bys=BYS,
        expiries=EXPIRIES,
        once=ONCE,
    )


def _networks(form: Posted) -> list[str]:
    """What was typed, as it is kept."""
    typed = form.text("networks", longest=LONGEST_NETWORKS, required=False).replace(",", " ").split()
    try:
        return [network_of(each) for each in typed]
    except ValueError:
        form.refuse(
            "networks", "Écrivez des réseaux en notation CIDR, séparés par une espace : 192.0.2.0/24 2001:db8::/32."
        )
    return []


async def _link(procedure: Procedure, id: str, storage: Storage) -> Link:
    link = await storage.links.get(id)
    if link is None or not gives(link, procedure):
        raise NotFound("Ce lien n'existe pas.")
    return link


async def _may_revoke(viewer: Viewer, link: Link, storage: Storage) -> bool:
    return viewer.is_administrator or await may_revoke(link, storage, viewer.may_change)


def _state(link: Link, clock: Clock) -> str:
    if link.revoked_at:
        return "revoked"
    if link.spent_at:
        return "spent"
    return "expired" if link.expires_at <= clock() else "alive"
