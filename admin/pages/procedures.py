"""Create a procedure, and change what can be changed of it."""

import re
import unicodedata
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from admin.posted import Posted, filled, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.errors import BadRequest, Conflict
from collector.schema import AUDIENCES, Clock, Procedure
from collector.storage import Storage

LONGEST_TITLE = 150
LONGEST_SLUG = 80
LONGEST_NAME = 150
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def slug_of(title: str) -> str:
    """A readable address from a title: `Demander un passeport` → `demander-un-passeport`."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", title.casefold()) if not unicodedata.combining(c))
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace("œ", "oe").replace("æ", "ae")).strip("-")
    return words[:LONGEST_SLUG].rstrip("-")


@get("/nouvelle-demarche", opt={"who": "creator"})
async def new_procedure(request: AdminRequest, storage: NamedDependency[Storage]) -> Response[str]:
    known = await _known(request, storage)
    last = max(known, key=lambda one: one.created_at, default=None)
    form = filled(
        audiences=["individuals"],
        organisation=last.organisation if last else "",
        ministry=last.ministry if last else "",
    )
    return _creation(request, form, known)


@post("/nouvelle-demarche", opt={"who": "creator"}, status_code=200)
async def create_procedure(
    request: AdminRequest, storage: NamedDependency[Storage], clock: NamedDependency[Clock]
) -> Response[Any]:
    form = await posted(request)
    title = form.text("title", longest=LONGEST_TITLE)
    slug = form.text("slug", longest=LONGEST_SLUG, required=False) or slug_of(title)
    if title and not _SLUG.fullmatch(slug):
        form.refuse("slug", "Utilisez des lettres sans accent, des chiffres et des tirets : demander-un-passeport.")
    organisation = form.text("organisation", longest=LONGEST_NAME)
    ministry = form.text("ministry", longest=LONGEST_NAME, required=False)
    audiences = form.choices("audiences", AUDIENCES)
    origins = form.origins("origins")
    if not form.errors:
        try:
            procedure, placement = await storage.catalogue.add_procedure(
                title=title,
                slug=slug,
                organisation=organisation,
                ministry=ministry or organisation,
                audiences=audiences,
                origins=origins,
                now=clock(),
                by=request.user.user.email,
            )
        except Conflict:
            form.refuse("slug", f"L'identifiant « {slug} » est déjà pris. Choisissez-en un autre.")
        else:
            if not request.user.is_administrator:
                await storage.accounts.grant(request.user.user, procedure.id, by=request.user.user.email)
            return go(f"/admin/demarches/{slug}/emplacements/{placement.key}", "procedure-created")
    return _creation(request, form, await _known(request, storage), 422)


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


async def _known(request: AdminRequest, storage: Storage) -> list[Procedure]:
    return [one for one in await storage.catalogue.procedures() if request.user.may_read(one)]


def _creation(request: AdminRequest, form: Posted, known: list[Procedure], status: int = 200) -> Response[str]:
    return page(
        request,
        "procedure_new",
        status=status,
        form=form,
        audiences=AUDIENCES,
        organisations=sorted({one.organisation for one in known}),
        ministries=sorted({one.ministry for one in known}),
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
