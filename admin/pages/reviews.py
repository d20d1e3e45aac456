"""What people answered and wrote, newest first."""

from contextlib import suppress
from typing import get_args
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency

from admin.own_answers import own_answers
from admin.posted import Posted, asked, nothing
from admin.rendering import page
from admin.rights import AdminRequest
from collector.fulltext import BadSearch, Query, parse
from collector.indicators import MARKS
from collector.schema import FormName, Placement, Procedure, Satisfaction, moment_of, parse_day
from collector.storage import Storage
from collector.storage.remarks import LONGEST_NOTE, LONGEST_TAG
from collector.storage.reviews import NEWEST, WALK, Filter, Help, Listed, Spot, Standing
from collector.storage.search import Found
from collector.storage.views import LONGEST_NAME
from embed.language import languages

PAGE = 50
WALKS = (500, WALK)
# Words are indexed a second or two after they come; more than this waits only after an update or an import.
MUCH = 10_000
SATISFACTIONS: tuple[Satisfaction, ...] = ("good", "medium", "bad")
FORMS: tuple[FormName, ...] = get_args(FormName)
STANDINGS: tuple[Standing, ...] = get_args(Standing)
HELPS: tuple[Help, ...] = get_args(Help)
CLARITY = tuple(map(str, MARKS))
FILTERS = (
    *("q", "satisfaction", "clarity", "help", "form", "standing", "placement"),
    *("lang", "tag", "from", "to", "comment"),
)


@get("/demarches/{slug:str}/avis", opt={"who": "reader"})
async def show_reviews(
    request: AdminRequest, procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[str]:
    return await reviews_page(request, procedure, storage, nothing())


def view_of(form: Posted) -> dict[str, str]:
    """What is asked for, and from where on: the same page again."""
    return {name: form[name] for name in (*FILTERS, "before") if form[name]}


def filters_of(form: Posted) -> dict[str, str]:
    """The same without the place in it: what a view keeps, always in one order."""
    return {name: form[name] for name in FILTERS if form[name]}


async def reviews_page(
    request: AdminRequest,
    procedure: Procedure,
    storage: Storage,
    typed: Posted,
    at: int | None = None,
) -> Response[str]:
    """The list. `typed` is what somebody meant to say about the review `at`, where that cannot be."""
    form = asked(request)
    placements = await storage.catalogue.placements(procedure)
    wanted = filter_of(form, placements)
    query = query_of(form)
    found = Found([], None)
    if not form.errors:
        try:
            found = await _found(storage, procedure, wanted, query, _before(form))
        except BadSearch as error:
            form.refuse("q", error.message)
    here = view_of(form)
    kept = filters_of(form)
    views = await storage.views.of(procedure, request.user.user)
    known = await storage.remarks.known(procedure)
    said = await storage.remarks.of(procedure, [one.seq for one in found.reviews])
    return page(
        request,
        "reviews",
        status=422 if form.errors or typed.errors else 200,
        procedure=procedure,
        tab="avis",
        form=form,
        reviews=[one.review for one in found.reviews],
        seqs={one.review.public_id: one.seq for one in found.reviews},
        own=await own_answers(storage, procedure, (one.review for one in found.reviews)),
        said=said,
        # One that nobody has any more is still what was asked for.
        tags=sorted({*known, form["tag"]} - {""}),
        here=f"?{urlencode(here)}" if here else "",
        typed=typed,
        at=at,
        undo=_undo(form),
        views=views,
        # One's own first: a colleague may have given another name to the same.
        view=next((one for one in views if one.query == urlencode(kept)), None),
        removed_view=int(form["vue"]) if _is_number(form["vue"]) else None,
        filters=f"?{urlencode(kept)}" if kept else "",
        longest_name=LONGEST_NAME,
        longest_tag=LONGEST_TAG,
        longest_note=LONGEST_NOTE,
        searched=query is not None,
        is_behind=query is not None and await storage.search.behind() > MUCH,
        is_cut=found.next is not None and len(found.reviews) < PAGE,
        moment_of=moment_of,
        placements={one.id: one for one in placements},
        satisfactions=SATISFACTIONS,
        forms=FORMS,
        standings=STANDINGS,
        clarity=CLARITY,
        helps=HELPS,
        languages=[(one.code, one.name) for one in languages().values()],
        filtered=bool(kept),
        first_page=f"?{urlencode(kept)}" if form["before"] else None,
        next_page=f"?{urlencode({**kept, 'before': '{}.{}'.format(*found.next)})}" if found.next else None,
    )


def filter_of(form: Posted, placements: list[Placement]) -> Filter:
    first, last = form.period()
    placement = form.maybe("placement", [one.key for one in placements])
    clarity = form.maybe("clarity", CLARITY)
    return Filter(
        from_day=first.isoformat() if first else None,
        to_day=last.isoformat() if last else None,
        satisfaction=form.maybe("satisfaction", SATISFACTIONS),
        form=form.maybe("form", FORMS),
        placement_id=next((one.id for one in placements if one.key == placement), None),
        with_comment=form["comment"] == "1",
        clarity=int(clarity) if clarity else None,
        help=form.maybe("help", HELPS),
        lang=form.maybe("lang", languages()),
        tag=form.text("tag", longest=LONGEST_TAG, required=False) or None,
        standing=form.maybe("standing", STANDINGS) or "counted",
    )


def _undo(form: Posted) -> tuple[int, str, str] | None:
    """What somebody has just taken out, to be taken back: of which review, the tag or the note's number."""
    seq, note = form["avis"], form["note"]
    if not _is_number(seq) or not (form["etiquette"] or _is_number(note)):
        return None
    return int(seq), form["etiquette"], note


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < len(str(NEWEST))


def query_of(form: Posted) -> Query | None:
    """What is looked for in the comments, if anything."""
    if not form["q"].strip():
        return None
    try:
        return parse(form["q"])
    except BadSearch as error:
        form.refuse("q", error.message)
        return None


async def _found(
    storage: Storage, procedure: Procedure, wanted: Filter, query: Query | None, before: Spot | None
) -> Found:
    if query:
        return await storage.search.find(procedure, query, wanted, before=before, number=PAGE)
    floor: Spot | None = None
    reviews: list[Listed] = []
    # Where few match, a page ends after so many that were looked at, and says so; mostly the first hundreds will do.
    for steps in WALKS:
        floor = await storage.reviews.floor(procedure, wanted, before=before, steps=steps)
        # One more than a page holds says whether there is a next one.
        reviews = await storage.reviews.before(procedure, wanted, before=before, floor=floor, number=PAGE + 1)
        if len(reviews) > PAGE:
            return Found(reviews[:PAGE], (reviews[PAGE - 1].review.day, reviews[PAGE - 1].seq))
        if floor is None:
            break
    return Found(reviews, floor)


def _before(form: Posted) -> Spot | None:
    """The place to read on from (`2026-03-12.57`); anything else begins at the newest."""
    day, _, seq = form["before"].partition(".")
    if seq.isdecimal() and len(seq) < len(str(NEWEST)):
        with suppress(ValueError):
            return parse_day(day).isoformat(), int(seq)
    return None
