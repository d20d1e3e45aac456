"""Tags and notes about a review, between colleagues. Every answer is the list again, where the reader was."""

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from admin.pages.reviews import reviews_page, view_of
from admin.posted import asked, posted
from admin.rendering import go
from admin.rights import AdminRequest
from collector.errors import BadRequest, NotFound
from collector.privacy import mask
from collector.schema import Clock, Procedure
from collector.storage import Storage
from collector.storage.remarks import LONGEST_NOTE, LONGEST_TAG, MOST_KNOWN, MOST_NOTES, MOST_TAGS, MOVES

_GONE = "Cet avis n'existe pas, ou plus."


@post("/demarches/{slug:str}/avis/{seq:int}/etiquettes", opt={"who": "manager"}, status_code=200)
async def add_tag(
    request: AdminRequest, seq: FromPath[int], procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[Any]:
    form, name = await posted(request), f"tag-{seq}"
    word = form.text(name, longest=LONGEST_TAG)
    if mask(word).findings:
        # Masked, it would be no tag; and one that names somebody would be read on every page.
        form.refuse(name, "Une étiquette ne désigne personne : choisissez un mot du sujet, par exemple « délai ».")
    if not form.errors:
        outcome = await storage.remarks.tag(procedure, seq, word.lower(), by=request.user.user.email)
        if outcome == "gone":
            raise NotFound(_GONE)
        if outcome == "done":
            return _back(request, procedure, seq, "tag-added")
        form.refuse(
            name,
            "{each} étiquettes par avis et {all} par démarche au plus : reprenez-en une.",
            each=MOST_TAGS,
            all=MOST_KNOWN,
        )
    return await reviews_page(request, procedure, storage, form, seq)


@post("/demarches/{slug:str}/avis/{seq:int}/etiquettes/retirer", opt={"who": "manager"}, status_code=200)
async def remove_tag(
    request: AdminRequest, seq: FromPath[int], procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[Any]:
    form = await posted(request)
    word = form.text("tag", longest=LONGEST_TAG)
    if form.errors:
        raise BadRequest
    if not await storage.remarks.untag(procedure, seq, word, by=request.user.user.email):
        raise NotFound("Cet avis n'a pas cette étiquette, ou un collègue vient de la retirer.")
    return _back(request, procedure, seq, "tag-removed", avis=str(seq), etiquette=word)


@post("/demarches/{slug:str}/avis/{seq:int}/notes", opt={"who": "manager"}, status_code=200)
async def add_note(
    request: AdminRequest,
    seq: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form, name = await posted(request), f"note-{seq}"
    words = mask(form.text(name, longest=LONGEST_NOTE))
    if not form.errors:
        outcome = await storage.remarks.note(procedure, seq, words, now=clock(), by=request.user.user.email)
        if outcome == "gone":
            raise NotFound(_GONE)
        if outcome == "done":
            return _back(request, procedure, seq, "note-masked" if words.findings else "note-added")
        form.refuse(name, "Cet avis a déjà {n} notes : retirez-en une.", n=MOST_NOTES)
    return await reviews_page(request, procedure, storage, form, seq)


@post("/demarches/{slug:str}/avis/{seq:int}/notes/{note:int}", opt={"who": "manager"}, status_code=200)
async def move_note(
    request: AdminRequest,
    seq: FromPath[int],
    note: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    move = (await posted(request)).choice("move", MOVES)
    if move is None:
        raise BadRequest
    by = request.user.user.email
    if not await storage.remarks.move_note(procedure, seq, note, move, now=clock(), by=by):
        raise NotFound("Cette note n'est plus là, ou un collègue vient de faire ce changement.")
    undo = {"avis": str(seq), "note": str(note)} if move == "remove" else {}
    return _back(request, procedure, seq, f"note-{move}", **undo)


def _back(request: AdminRequest, procedure: Procedure, seq: int, done: str, **undo: str) -> Response[Any]:
    """To the list as it was filtered, and to the review in it."""
    view = view_of(asked(request))
    return go(f"/admin/demarches/{procedure.slug}/avis", done, None, anchor=f"a{seq}", **view, **undo)
