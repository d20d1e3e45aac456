"""Organisations: what each has, another name or ministry for one, and two that become one."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from admin.grants import LONGEST_NAME
from admin.posted import CHOOSE, Posted, filled, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.errors import Conflict, NotFound
from collector.storage import Storage


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


@post("/administrations/{organisation:int}/reunir", opt={"who": "administrator"}, status_code=200)
async def merge_organisation(
    request: AdminRequest, organisation: FromPath[int], storage: NamedDependency[Storage]
) -> Response[Any]:
    form = await posted(request)
    known = {str(one.organisation.id) for one in await storage.organisations.all()} - {str(organisation)}
    target = form["into"]
    if target in known:
        await storage.organisations.merge(organisation, int(target), by=request.user.user.email)
        return go(f"/admin/administrations/{target}", "organisation-merged")
    form.refuse("into", CHOOSE)
    return await _page(request, storage, organisation, form)


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
