"""Organisations: what each has, another name or ministry for one, and two that become one."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from admin.grants import LONGEST_NAME
from admin.posted import CHOOSE, Posted, asked, filled, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.errors import Conflict, NotFound
from collector.storage import Storage
from collector.storage.organisations import Held


@get("/administrations", opt={"who": "administrator"})
async def list_organisations(request: AdminRequest, storage: NamedDependency[Storage]) -> Response[str]:
    return page(request, "organisations", held=await storage.organisations.all())


@get("/administrations/{organisation:int}", opt={"who": "administrator"})
async def show_organisation(
    request: AdminRequest, organisation: FromPath[int], storage: NamedDependency[Storage]
) -> Response[str]:
    return await _page(request, storage, organisation, None)


@post("/administrations/{organisation:int}", opt={"who": "administrator"}, status_code=200)
async def rename_organisation(
    request: AdminRequest, organisation: FromPath[int], storage: NamedDependency[Storage]
) -> Response[Any]:
    form = await posted(request)
    name = form.text("name", longest=LONGEST_NAME)
    ministry = form.text("ministry", longest=LONGEST_NAME)
    if not form.errors:
        try:
            await storage.organisations.rename(organisation, name, ministry, by=request.user.user.email)
        except Conflict as error:
            form.refuse("name", error.message)
        else:
            return go(f"/admin/administrations/{organisation}", "organisation-changed")
    return await _page(request, storage, organisation, form)


@get("/administrations/{organisation:int}/reunir", opt={"who": "administrator"})
async def ask_to_merge(
    request: AdminRequest, organisation: FromPath[int], storage: NamedDependency[Storage]
) -> Response[str]:
    """What would move, before it does: two that became one are not told apart again."""
    form = asked(request)
    pair = await _pair(storage, organisation, form)
    if pair is None:
        return await _page(request, storage, organisation, form)
    one, other = (each.organisation for each in pair)
    return page(
        request,
        "merging",
        one=one,
        other=other,
        procedures=[each for each in await storage.catalogue.procedures() if each.organisation_id == one.id],
        joined=await storage.organisations.joined(one.id, other.id),
    )


@post("/administrations/{organisation:int}/reunir", opt={"who": "administrator"}, status_code=200)
async def merge_organisation(
    request: AdminRequest, organisation: FromPath[int], storage: NamedDependency[Storage]
) -> Response[Any]:
    form = await posted(request)
    pair = await _pair(storage, organisation, form)
    if pair is None:
        return await _page(request, storage, organisation, form)
    target = pair[1].organisation.id
    await storage.organisations.merge(organisation, target, by=request.user.user.email)
    return go(f"/admin/administrations/{target}", "organisation-merged")


async def _pair(storage: Storage, id: int, form: Posted) -> tuple[Held, Held] | None:
    """This one and the one that it is to go into. None says so in the form."""
    held = {str(each.organisation.id): each for each in await storage.organisations.all()}
    one, other = held.get(str(id)), held.get(form["into"])
    if one and other and one is not other:
        return one, other
    form.refuse("into", CHOOSE)
    return None


async def _page(request: AdminRequest, storage: Storage, id: int, form: Posted | None) -> Response[str]:
    held = await storage.organisations.all()
    shown = next((one for one in held if one.organisation.id == id), None)
    if shown is None:
        raise NotFound("Cette administration n'existe pas, ou plus.")
    known = filled(name=shown.organisation.name, ministry=shown.organisation.ministry)
    if form and "into" in form.errors:
        known.refuse("into", form.errors["into"])
        form = known
    return page(
        request,
        "organisation",
        status=422 if form else 200,
        form=form or known,
        held=shown,
        others=[one.organisation for one in held if one is not shown],
        ministries=sorted({one.organisation.ministry for one in held}),
        procedures=[one for one in await storage.catalogue.procedures() if one.organisation_id == id],
    )
