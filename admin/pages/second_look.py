"""Mask what the rules left over in a review: its words, to tick or to write, and what they are."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from admin.posted import Posted, nothing, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector import second_look
from collector.errors import NotFound
from collector.privacy.by_hand import pieces, seen_in, words_of
from collector.privacy.masking import LABELS
from collector.privacy.texts import Field, texts_of
from collector.schema import Procedure, Review, moment_of
from collector.storage import Storage
from collector.storage.remarks import Note

LONGEST_PASSAGE = 200


class _Found(Struct, frozen=True):
    """A review, and what colleagues wrote about it."""

    review: Review
    notes: list[Note]


@get("/demarches/{slug:str}/avis/{seq:int}/masquer", opt={"who": "manager"})
async def choose_words(
    request: AdminRequest,
    seq: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
) -> Response[str]:
    return _page(request, procedure, await _found(procedure, seq, storage), nothing())


@post("/demarches/{slug:str}/avis/{seq:int}/masquer", opt={"who": "manager"}, status_code=200)
async def mask_words(
    request: AdminRequest,
    seq: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
) -> Response[Any]:
    form = await posted(request)
    found = await _found(procedure, seq, storage)
    if form["looked_at"] != seen_in(found.review):
        return _changed(request, procedure, found)
    kind = form.choice("kind", LABELS)
    passage = form.text("passage", longest=LONGEST_PASSAGE, required=False)
    chosen = _chosen(form, found, passage)
    if form.errors or kind is None:
        return _page(request, procedure, found, form, 422)
    by = request.user.user.email
    done = await second_look.mask(
        storage, procedure, seq, chosen, passage=passage, kind=kind, looked_at=form["looked_at"], by=by
    )
    if done is None:
        return _changed(request, procedure, await _found(procedure, seq, storage))
    return go(f"/admin/demarches/{procedure.slug}/avis/{seq}/masquer", "masked")


def _chosen(form: Posted, found: _Found, passage: str) -> dict[Field, set[int]]:
    """The words of the review that were ticked and those of the passage, which may stand in a note alone."""
    texts = texts_of(found.review)
    written = {field: words_of(text, passage) for field, text in texts.items()}
    chosen = {field: written[field] | _ticked(text, form.all(field)) for field, text in texts.items()}
    noted = any(words_of(note.words, passage) for note in found.notes)
    if passage and not noted and not any(written.values()):
        form.refuse("passage", "Ce passage n'est ni dans l'avis ni dans ses notes. Recopiez-le tel qu'il y est écrit.")
    elif not passage and not any(chosen.values()):
        form.refuse("words" if texts else "passage", "Choisissez au moins un mot, ou écrivez le passage à masquer.")
    return chosen


def _ticked(text: str, numbers: list[str]) -> set[int]:
    return {piece.word for piece in pieces(text) if piece.word is not None and str(piece.word) in numbers}


def _changed(request: AdminRequest, procedure: Procedure, found: _Found) -> Response[str]:
    form = nothing()
    form.refuse("words", "Cet avis a changé pendant que vous le lisiez. Le voici tel qu'il est : choisissez à nouveau.")
    return _page(request, procedure, found, form, 409)


async def _found(procedure: Procedure, seq: int, storage: Storage) -> _Found:
    review = await storage.reviews.at(procedure, seq)
    notes = (await storage.remarks.of(procedure, [seq]))[seq].notes
    if review is None or not (texts_of(review) or notes):
        raise NotFound("Cet avis n'existe pas, ou n'a pas de texte à masquer.")
    return _Found(review, notes)


def _page(request: AdminRequest, procedure: Procedure, found: _Found, form: Posted, status: int = 200) -> Response[str]:
    return page(
        request,
        "second_look",
        status=status,
        procedure=procedure,
        tab="avis",
        form=form,
        review=found.review,
        notes=found.notes,
        given_at=moment_of(found.review.minute),
        texts={field: pieces(text) for field, text in texts_of(found.review).items()},
        looked_at=seen_in(found.review),
        kinds=LABELS,
    )
