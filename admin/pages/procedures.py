"""Create a procedure, and change what can be changed of it."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from admin.grants import LONGEST_NAME, Places, places
from admin.naming import LONGEST_SLUG, SLUG_RESERVED, SLUG_RULE, is_slug, slug_of
from admin.posted import CHOOSE, Posted, filled, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.errors import BadRequest, Conflict
from collector.fields import LONGEST_TITLE
from collector.schema import AUDIENCES, RESERVED_SLUGS, Clock, Organisation, Procedure
from collector.storage import Storage


@get("/nouvelle-demarche", opt={"who": "organisation-manager"})
async def new_procedure(request: AdminRequest, storage: NamedDependency[Storage]) -> Response[str]:
    mine = await places(storage, request.user)
    last = max(mine.procedures, key=lambda one: one.created_at, default=None)
    if request.user.is_administrator:
        owner = {"organisation": last.organisation if last else "", "ministry": last.ministry if last else ""}
    else:
        owner = {"place": f"organisation/{(last.organisation_id if last else mine.organisations[0].id)}"}
    return _creation(request, filled(audiences=["individuals"], **owner), mine)


@post("/nouvelle-demarche", opt={"who": "organisation-manager"}, status_code=200)
async def create_procedure(
    request: AdminRequest, storage: NamedDependency[Storage], clock: NamedDependency[Clock]
) -> Response[Any]:
    form = await posted(request)
    title = form.text("title", longest=LONGEST_TITLE)
    slug = form.text("slug", longest=LONGEST_SLUG, required=False) or slug_of(title)
    if title and not is_slug(slug):
        form.refuse("slug", SLUG_RULE)
    if slug in RESERVED_SLUGS:
        form.refuse("slug", SLUG_RESERVED)
    mine = await places(storage, request.user)
    organisation, ministry = _owner(form, request, mine)
    audiences = form.choices("audiences", AUDIENCES)
    origins = form.origins("origins")
    if not form.errors:
        try:
            _, placement = await storage.catalogue.add_procedure(
                title=title,
                slug=slug,
                organisation=organisation,
                ministry=ministry,
                audiences=audiences,
                origins=origins,
                now=clock(),
                by=request.user.user.email,
            )
        except Conflict:
            form.refuse("slug", "L'identifiant « {slug} » est déjà pris. Choisissez-en un autre.", slug=slug)
        else:
            return go(f"/admin/demarches/{slug}/emplacements/{placement.key}", "procedure-created")
    return _creation(request, form, mine, 422)


@get("/demarches/{slug:str}/reglages", opt={"who": "manager"})
async def settings_form(
    request: AdminRequest, procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[str]:
    form = filled(
        title=procedure.title,
        audiences=list(procedure.audiences),
        origins="\n".join(procedure.origins),
        contexts="\n".join(procedure.contexts),
    )
    return await _settings(request, procedure, storage, form)


@post("/demarches/{slug:str}/reglages", opt={"who": "manager"}, status_code=200)
async def change_settings(
    request: AdminRequest, procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[Any]:
    form = await posted(request)
    title = form.text("title", longest=LONGEST_TITLE)
    audiences = form.choices("audiences", AUDIENCES)
    origins = form.origins("origins")
    contexts = form.contexts("contexts")
    if form.errors:
        return await _settings(request, procedure, storage, form, 422)
    await storage.catalogue.update_procedure(
        procedure.slug,
        title=title,
        audiences=audiences,
        origins=origins,
        contexts=contexts,
        by=request.user.user.email,
    )
    return go(f"/admin/demarches/{procedure.slug}/reglages", "procedure-changed")


@post("/demarches/{slug:str}/sites", opt={"who": "manager"}, status_code=200)
async def allow_site(
    request: AdminRequest, procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[Any]:
    """Allow a site that was refused, in one click from where the owner sees that it was."""
    form = await posted(request)
    origins = form.origins("origin")
    if form.errors or len(origins) != 1:
        raise BadRequest("Ce site n'a pas d'adresse que l'on puisse autoriser.")
    await storage.catalogue.update_procedure(
        procedure.slug,
        title=procedure.title,
        audiences=procedure.audiences,
        origins=list(dict.fromkeys([*procedure.origins, *origins])),
        by=request.user.user.email,
        contexts=procedure.contexts,
    )
    await storage.refused.forget(procedure, origins[0])
    return go(f"/admin/demarches/{procedure.slug}/reglages", "site-allowed")


@post("/demarches/{slug:str}/fermer", opt={"who": "manager"}, status_code=200)
async def close_procedure(
    request: AdminRequest, procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[Any]:
    await storage.catalogue.set_state(procedure.slug, "closed", by=request.user.user.email)
    return go(f"/admin/demarches/{procedure.slug}/reglages", "procedure-closed")


@post("/demarches/{slug:str}/ouvrir", opt={"who": "manager"}, status_code=200)
async def open_procedure(
    request: AdminRequest, procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[Any]:
    await storage.catalogue.set_state(procedure.slug, "open", by=request.user.user.email)
    return go(f"/admin/demarches/{procedure.slug}/reglages", "procedure-opened")


def _owner(form: Posted, request: AdminRequest, mine: Places) -> tuple[str, str]:
    """The organisation's name and ministry: any for an administrator, else one of those that the viewer manages."""
    if request.user.is_administrator:
        name = form.text("organisation", longest=LONGEST_NAME)
        return name, form.text("ministry", longest=LONGEST_NAME, required=False) or name
    chosen = mine.find(form["place"])
    if isinstance(chosen, Organisation):
        return chosen.name, chosen.ministry
    form.refuse("place", CHOOSE)
    return "", ""


def _creation(request: AdminRequest, form: Posted, mine: Places, status: int = 200) -> Response[str]:
    return page(
        request,
        "procedure_new",
        status=status,
        form=form,
        audiences=AUDIENCES,
        places=mine,
        organisations=sorted({one.name for one in mine.organisations}),
        ministries=sorted({one.ministry for one in mine.organisations}),
    )


async def _settings(
    request: AdminRequest, procedure: Procedure, storage: Storage, form: Posted, status: int = 200
) -> Response[str]:
    return page(
        request,
        "procedure_settings",
        status=status,
        form=form,
        procedure=procedure,
        tab="reglages",
        refused=[one for one in await storage.refused.of(procedure) if one.origin not in procedure.origins],
        audiences=AUDIENCES,
    )
