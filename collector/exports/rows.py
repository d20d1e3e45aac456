"""The rows of an export, read in bounded pages: memory does not grow with what is stored.

A review's row carries its public identifier, never the browser's `id` nor its digest.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from collector.errors import NotFound
from collector.exports.columns import REVIEWS, columns_of
from collector.exports.figures import indicator_rows
from collector.exports.links import WHOLE, Grant
from collector.exports.scope import Cells, Scope, scope_of
from collector.schema import DESKS, OWN_NAMES, OwnAnswer, OwnName, Procedure, Review, moment_of
from collector.storage import Storage
from collector.storage.reviews import FIRST_DAY, Given, Gone

REVIEW_COLUMNS: tuple[str, ...] = tuple(column.name for column in REVIEWS)
INDICATOR_COLUMNS: tuple[str, ...] = tuple(column.name for column in columns_of("indicators"))
PAGE = 1000


class Page(Struct, frozen=True):
    """A bounded piece of an export. `next` is the cursor to ask with; `more` is whether that may give rows now."""

    rows: list[Cells]
    next: int
    more: bool


async def given(
    grant: Grant, storage: Storage, scope: Scope, last: int
) -> AsyncIterator[tuple[Procedure, list[Given]]]:
    """All reviews that had arrived by `last`, in pages of one procedure, each once as it stands when it is read."""
    for procedure in scope.procedures.values():
        after = (grant.from_day or FIRST_DAY, 0)
        while True:
            page = await storage.reviews.in_order(
                procedure.id, after=after, last=last, to_day=grant.to_day, number=PAGE
            )
            if page:
                yield procedure, page
            if len(page) < PAGE:
                break
            seq, day, *_ = page[-1]
            after = (day, seq)


async def page(grant: Grant, storage: Storage, after: int, now: datetime, number: int = PAGE) -> Page:
    """The reviews that changed or were removed after the cursor, in that order: ask again with `next` for ever."""
    last = await storage.reviews.last_change()
    scope = await scope_of(grant, storage)
    if not has_pages(grant):
        raise NotFound("Ce lien donne un fichier entier et n'a pas de pages. Téléchargez-le à son adresse.")
    if grant.content == "indicators":
        return Page(await indicator_rows(grant, storage, scope, now), after, more=False)
    changed = await storage.reviews.changed(
        tuple(scope.procedures), after=after, last=last, from_day=grant.from_day, to_day=grant.to_day, number=number
    )
    rows = [_gone(each) if isinstance(each, Gone) else cells_of(each.review, scope) for each in changed.met]
    return Page(rows, changed.change, changed.more)


def given_at(minute: int) -> str:
    return moment_of(minute).strftime("%Y-%m-%dT%H:%MZ")


def has_pages(grant: Grant) -> bool:
    """Reviews say what changed since a cursor; the indicators of a whole period are few. The rest is read at once."""
    return grant.content == "reviews" or (grant.content, grant.interval, grant.by) == ("indicators", *WHOLE)


def columns(grant: Grant) -> Sequence[str]:
    return [column.name for column in columns_of(grant.content, grant.interval, grant.by)]


def _gone(gone: Gone) -> Cells:
    """The last that a job hears of a review. A copy that knows no better loses the review's contents all the same."""
    return {"id": gone.public_id, "deleted": True}


def cells_of(review: Review, scope: Scope) -> Cells:
    placement = scope.placements[review.placement_id]
    return {
        "id": review.public_id,
        "procedure": scope.procedures[review.procedure_id].slug,
        "placement": placement.key,
        "channel": placement.channel,
        "form": review.form,
        "form_version": review.form_version,
        "lang": review.lang,
        "given_at": given_at(review.minute),
        "day": review.day,
        "page": review.page,
        "satisfaction": review.satisfaction,
        "comprehension": review.comprehension,
        "contact_tried": list(review.contact_tried),
        "contact_tried_other": review.contact_tried_other,
        **{f"contact_reached_{desk}": review.contact_reached.get(desk) for desk in DESKS},
        **{f"contact_satisfaction_{desk}": review.contact_satisfaction.get(desk) for desk in DESKS},
        "kind": review.kind,
        "device": review.device,
        "browser": review.browser,
        "verbatim": review.verbatim,
        "context": review.context,
        **{name: own_cell(review.own_answers, review.own_texts, name) for name in OWN_NAMES},
    }


def own_cell(answers: Mapping[OwnName, OwnAnswer], texts: Mapping[OwnName, str], name: OwnName) -> str | None:
    """What was answered to an own question. A text whatever its kind: the next version may ask another one there."""
    answer = answers.get(name)
    if isinstance(answer, list):
        return "|".join(answer)
    return texts.get(name) if answer is None else str(answer)
