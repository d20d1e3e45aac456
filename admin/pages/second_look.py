"""Mask what the rules left over in a review: its words, to tick or to write, and what they are."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

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

LONGEST_PASSAGE = 200


@get("/demarches/{slug:str}/avis/{seq:int}/masquer", opt={"who": "manager"})
async def choose_words(
    request: AdminRequest,
    seq: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
) -> Response[str]:
    return _page(request, procedure, await _review(procedure, seq, storage), nothing())


@post("/demarches/{slug:str}/avis/{seq:int}/masquer", opt={"who": "manager"}, status_code=200)
async def mask_words(
    request: AdminRequest,
    seq: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
) -> Response[Any]:
    form = await posted(request)
    review = await _review(procedure, seq, storage)
    if form["looked_at"] != seen_in(review):
        return _changed(request, procedure, review)
    kind = form.choice("kind", LABELS)
    chosen = _chosen(form, review)
    if form.errors or kind is None:
        return _page(request, procedure, review, form, 422)
    done = await second_look.mask(
        storage, procedure, seq, chosen, kind=kind, looked_at=form["looked_at"], by=request.user.user.email
    )
    if done is None:
        return _changed(request, procedure, await _review(procedure, seq, storage))
    return go(f"/admin/demarches/{procedure.slug}/avis/{seq}/masquer", "masked")


def _chosen(form: Posted, review: Review) -> dict[Field, set[int]]:
    """The words that were ticked and those of the passage that was written."""
    passage = form.text("passage", longest=LONGEST_PASSAGE, required=False)
    texts = texts_of(review)
    written = {field: words_of(text, passage) for field, text in texts.items()}
    chosen = {field: written[field] | _ticked(text, form.all(field)) for field, text in texts.items()}
    if passage and not any(written.values()):
        form.refuse("passage", "Ce passage n'est pas dans l'avis. Recopiez-le tel qu'il y est écrit.")
    elif not any(chosen.values()):
        form.refuse("words", "Choisissez au moins un mot, ou écrivez le passage à masquer.")
    return chosen


def _ticked(text: str, numbers: list[str]) -> set[int]:
    return {piece.word for piece in pieces(text) if piece.word is not None and str(piece.word) in numbers}


def _changed(request: AdminRequest, procedure: Procedure, review: Review) -> Response[str]:
    form = nothing()
    form.refuse("words", "Cet avis a changé pendant que vous le lisiez. Le voici tel qu'il est : choisissez à nouveau.")
    return _page(request, procedure, review, form, 409)


async def _review(procedure: Procedure, seq: int, storage: Storage) -> Review:
    review = await storage.reviews.at(procedure, seq)
    if review is None or not texts_of(review):
        raise NotFound("Cet avis n'existe pas, ou n'a pas de texte à masquer.")
    return review


def _page(
    request: AdminRequest, procedure: Procedure, review: Review, form: Posted, status: int = 200
) -> Response[str]:
    return page(
        request,
        "second_look",
        status=status,
        procedure=procedure,
        tab="avis",
        form=form,
        review=review,
        given_at=moment_of(review.minute),
        texts={field: pieces(text) for field, text in texts_of(review).items()},
        looked_at=seen_in(review),
        kinds=LABELS,
    )
