"""What people answered and wrote, newest first."""

from typing import get_args
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency

from admin.posted import Posted, asked
from admin.rendering import page
from admin.rights import AdminRequest
from collector.schema import FormName, Placement, Procedure, Satisfaction, moment_of
from collector.storage import Storage
from collector.storage.reviews import NEWEST, Filter, Standing

PAGE = 50
SATISFACTIONS: tuple[Satisfaction, ...] = ("good", "medium", "bad")
FORMS: tuple[FormName, ...] = get_args(FormName)
STANDINGS: tuple[Standing, ...] = get_args(Standing)


@get("/demarches/{slug:str}/avis", opt={"who": "reader"})
async def show_reviews(
    request: AdminRequest, procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[str]:
    form = asked(request)
    placements = await storage.catalogue.placements(procedure)
    wanted = _filter(form, placements)
    # One more than a page holds says whether there is a next one.
    found = (
        [] if form.errors else await storage.reviews.before(procedure, wanted, before=_before(form), number=PAGE + 1)
    )
    kept = {
        name: form[name]
        for name in ("satisfaction", "form", "placement", "from", "to", "comment", "standing")
        if form[name]
    }
    more = len(found) > PAGE
    return page(
        request,
        "reviews",
        status=422 if form.errors else 200,
        procedure=procedure,
        tab="avis",
        form=form,
        reviews=[one.review for one in found[:PAGE]],
        seqs={one.review.public_id: one.seq for one in found[:PAGE]},
        moment_of=moment_of,
        placements={one.id: one for one in placements},
        satisfactions=SATISFACTIONS,
        forms=FORMS,
        standings=STANDINGS,
        filtered=bool(kept),
        first_page=f"?{urlencode(kept)}" if form["before"] else None,
        next_page=f"?{urlencode({**kept, 'before': found[PAGE - 1].seq})}" if more else None,
    )


def _filter(form: Posted, placements: list[Placement]) -> Filter:
    first, last = form.period()
    placement = form.maybe("placement", [one.key for one in placements])
    return Filter(
        from_day=first.isoformat() if first else None,
        to_day=last.isoformat() if last else None,
        satisfaction=form.maybe("satisfaction", SATISFACTIONS),
        form=form.maybe("form", FORMS),
        placement_id=next((one.id for one in placements if one.key == placement), None),
        with_comment=form["comment"] == "1",
        standing=form.maybe("standing", STANDINGS) or "counted",
    )


def _before(form: Posted) -> int:
    """The number to read on from; anything else begins at the newest."""
    text = form["before"]
    return int(text) if text.isdecimal() and len(text) < len(str(NEWEST)) else NEWEST
