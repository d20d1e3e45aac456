"""Erase one review: the page that says what will be lost and what will not, and the act, which nobody takes back."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from admin.pages.reviews import view_of
from admin.posted import Posted, asked, nothing, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.erasure import TRIAL, erase, reasons_for
from collector.errors import NotFound
from collector.privacy.by_hand import seen_in
from collector.privacy.texts import texts_of
from collector.schema import Clock, Procedure, Review, moment_of
from collector.storage import Storage


@get("/demarches/{slug:str}/avis/{seq:int}/effacer", opt={"who": "manager"})
async def ask_to_erase(
    request: AdminRequest,
    seq: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[str]:
    return _page(request, procedure, seq, await _review(procedure, seq, storage), clock, nothing())


@post("/demarches/{slug:str}/avis/{seq:int}/effacer", opt={"who": "manager"}, status_code=200)
async def erase_now(
    request: AdminRequest,
    seq: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form = await posted(request)
    review = await _review(procedure, seq, storage)
    why = form.choice("why", reasons_for(review, clock()))
    if why is None:
        return _page(request, procedure, seq, review, clock, form, 422)
    by = request.user.user.email
    if not await erase(storage, procedure, seq, why, looked_at=form["looked_at"], now=clock(), by=by):
        form = nothing()
        form.refuse("why", "Cet avis a changé pendant que vous le lisiez. Le voici tel qu'il est : décidez à nouveau.")
        return _page(request, procedure, seq, await _review(procedure, seq, storage), clock, form, 409)
    done = "trial-erased" if why == "trial" else "words-erased"
    return go(f"/admin/demarches/{procedure.slug}/avis", done, None, anchor=f"a{seq}", **view_of(asked(request)))


async def _review(procedure: Procedure, seq: int, storage: Storage) -> Review:
    review = await storage.reviews.at(procedure, seq)
    if review is None:
        raise NotFound("Cet avis n'existe pas, ou plus.")
    return review


def _page(
    request: AdminRequest,
    procedure: Procedure,
    seq: int,
    review: Review,
    clock: Clock,
    form: Posted,
    status: int = 200,
) -> Response[str]:
    here = view_of(asked(request))
    return page(
        request,
        "erasure",
        status=status,
        procedure=procedure,
        tab="avis",
        form=form,
        seq=seq,
        review=review,
        given_at=moment_of(review.minute),
        texts=texts_of(review),
        reasons=reasons_for(review, clock()),
        looked_at=seen_in(review),
        here=f"?{urlencode(here)}" if here else "",
        days=TRIAL.days,
    )
