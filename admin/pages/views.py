"""A name for the filters of the list of reviews: saved, shared with colleagues, renamed, taken out and taken back.

What somebody saves is theirs, whether they may change the procedure or only read it. The filters come in the address,
as the list itself has them.
"""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from admin.language import translated
from admin.pages.reviews import filter_of, filters_of, query_of, reviews_page
from admin.posted import Posted, asked, posted
from admin.rendering import go
from admin.rights import AdminRequest
from collector.errors import BadRequest, NotFound
from collector.privacy import mask
from collector.schema import Clock, Procedure
from collector.storage import Storage
from collector.storage.views import LONGEST_NAME, MOST_VIEWS, MOVES

_GONE = "Cette vue n'est plus là, ou appartient à un collègue : enregistrez la vôtre sous un autre nom."
_FULL = "{n} vues au plus par démarche : retirez-en une qui ne sert plus."
_TAKEN = "Une de vos vues porte déjà ce nom : choisissez-en un autre."
_NOBODY = "Une vue ne désigne personne : choisissez un nom du sujet, par exemple « Retards à lire »."
_NOBODY_SOUGHT = "Cette recherche semble désigner quelqu'un : elle ne s'enregistre pas."


@post("/demarches/{slug:str}/avis/vues", opt={"who": "reader", "own": True}, status_code=200)
async def save_view(
    request: AdminRequest, procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[Any]:
    form, address = await posted(request), asked(request)
    filter_of(address, await storage.catalogue.placements(procedure))
    query_of(address)
    if address.errors:
        return await reviews_page(request, procedure, storage, form)
    kept, name = filters_of(address), _name(form)
    if not kept:
        form.refuse("view", "Choisissez d'abord des filtres : une vue les retient.")
    if mask(kept.get("q", "")).findings:
        form.refuse("view", _NOBODY_SOUGHT)
    if not form.errors:
        shared = form["shared"] == "1"
        outcome = await storage.views.add(procedure, request.user.user, name, urlencode(kept), shared=shared)
        if outcome == "done":
            return _back(procedure, kept, "view-added")
        form.refuse("view", _TAKEN if outcome == "taken" else _FULL, n=MOST_VIEWS)
    return await reviews_page(request, procedure, storage, form)


@post("/demarches/{slug:str}/avis/vues/{view:int}", opt={"who": "reader", "own": True}, status_code=200)
async def change_view(
    request: AdminRequest,
    view: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form, user, kept = await posted(request), request.user.user, filters_of(asked(request))
    if form["move"] == "rename":
        name = _name(form)
        outcome = "done" if form.errors else await storage.views.rename(procedure, user, view, name)
        if outcome == "taken":
            form.refuse("view", _TAKEN)
        if form.errors:
            return await reviews_page(request, procedure, storage, form)
    else:
        move = form.choice("move", MOVES)
        if move is None:
            raise BadRequest
        outcome = await storage.views.move(procedure, user, view, move, now=clock())
    if outcome == "full":
        raise BadRequest(translated(_FULL, n=MOST_VIEWS))
    if outcome == "gone":
        raise NotFound(_GONE)
    undo = {"vue": str(view)} if form["move"] == "remove" else {}
    return _back(procedure, kept, f"view-{form['move']}", **undo)


def _name(form: Posted) -> str:
    name = form.text("view", longest=LONGEST_NAME)
    if mask(name).findings:
        # Colleagues read it on every visit, and nobody would think of masking it.
        form.refuse("view", _NOBODY)
    return name


def _back(procedure: Procedure, kept: dict[str, str], done: str, **undo: str) -> Response[Any]:
    return go(f"/admin/demarches/{procedure.slug}/avis", done, None, **kept, **undo)
