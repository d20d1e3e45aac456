"""Who did what, for administrators. The chain itself is verified by `avis journal --verify`."""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency

from admin.posted import Posted, asked
from admin.rendering import page
from admin.rights import AdminRequest
from collector.schema import PARIS
from collector.storage import Storage
from collector.storage.journal import ACTS, COMMAND, LATEST, NOBODY, SERVICE, Search

PAGE = 50


@get("/journal", opt={"who": "administrator"})
async def show_journal(request: AdminRequest, storage: NamedDependency[Storage]) -> Response[str]:
    form = asked(request)
    wanted = _search(form)
    # One more than a page holds says whether there is a next one.
    found = [] if form.errors else await storage.journal.before(wanted, before=_before(form), number=PAGE + 1)
    kept = {name: form[name] for name in ("act", "actor", "from", "to") if form[name]}
    return page(
        request,
        "journal",
        status=422 if form.errors else 200,
        form=form,
        lines=found[:PAGE],
        acts=ACTS,
        actors=[*(user.email for user in await storage.accounts.all()), COMMAND, SERVICE, NOBODY],
        filtered=bool(kept),
        first_page=f"?{urlencode(kept)}" if form["before"] else None,
        next_page=f"?{urlencode({**kept, 'before': found[PAGE - 1].number})}" if len(found) > PAGE else None,
    )


def _search(form: Posted) -> Search:
    first, last = form.period()
    return Search(
        act=form.maybe("act", ACTS),
        actor=form.text("actor", longest=254, required=False).casefold() or None,
        since=_midnight(first) if first else None,
        until=_midnight(last + timedelta(days=1)) if last else None,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS)


def _before(form: Posted) -> int:
    """The number to read on from; anything else begins at the newest."""
    text = form["before"]
    return int(text) if text.isdecimal() and len(text) < len(str(LATEST)) else LATEST
