"""Who did what, for administrators: to search, to take along, and to see whether it is still as it was written."""

from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Stream

from admin.posted import Posted, asked
from admin.rendering import HEADERS, page
from admin.rights import AdminRequest
from collector.errors import BadRequest
from collector.exports.formats import cell, csv_lines, head
from collector.schema import PARIS, Clock
from collector.storage import Storage
from collector.storage.journal import ACTS, COMMAND, LATEST, NOBODY, SERVICE, Line, Search
from collector.storage.journal import PAGE as READ
from collector.storage.rows import stamp

PAGE = 50
COLUMNS = ("number", "at", "actor", "session", "act", "subject", "details", "digest")
_FILTERS = ("act", "actor", "subject", "session", "from", "to")


@get("/journal", opt={"who": "administrator"})
async def show_journal(request: AdminRequest, storage: NamedDependency[Storage]) -> Response[str]:
    form = asked(request)
    wanted = _search(form)
    # One more than a page holds says whether there is a next one.
    found = [] if form.errors else await storage.journal.before(wanted, before=_before(form), number=PAGE + 1)
    kept = _kept(form)
    return page(
        request,
        "journal",
        status=422 if form.errors else 200,
        form=form,
        lines=found[:PAGE],
        acts=ACTS,
        actors=[*(user.email for user in await storage.accounts.all()), COMMAND, SERVICE, NOBODY],
        filtered=bool(kept),
        query=f"?{urlencode(kept)}" if kept else "",
        first_page=f"?{urlencode(kept)}" if form["before"] else None,
        next_page=f"?{urlencode({**kept, 'before': found[PAGE - 1].number})}" if len(found) > PAGE else None,
    )


@get("/journal.csv", opt={"who": "administrator"})
async def journal_file(
    request: AdminRequest, storage: NamedDependency[Storage], clock: NamedDependency[Clock]
) -> Stream:
    """What the page's search finds, all of it. That it was taken along is a line too."""
    form = asked(request)
    wanted = _search(form)
    if form.errors:
        raise BadRequest("Cette recherche est à corriger : revenez au journal.")
    by, now = request.user.user.email, clock()
    async with storage.engine.write() as connection:
        await storage.journal.append(
            connection, by=by, act="journal.export", subject="journal", details={"searched": urlencode(_kept(form))}
        )
    name = f"journal-{now.astimezone(PARIS):%Y-%m-%d}.csv"
    return Stream(
        _file(storage, wanted),
        media_type="text/csv",
        headers={**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'},
    )


@get("/journal/controle", opt={"who": "administrator"})
async def check_journal(request: AdminRequest, storage: NamedDependency[Storage]) -> Response[str]:
    """Bounded: some thousand lines, and the way to those before them."""
    before = _before(asked(request))
    part = await storage.journal.verify_part(before=before)
    return page(request, "journal_check", part=part, verdict=part.verdict, is_latest=before == LATEST)


async def _file(storage: Storage, wanted: Search) -> AsyncIterator[bytes]:
    """Newest first, a page at a time."""
    yield head(COLUMNS)
    before = LATEST
    while lines := await storage.journal.before(wanted, before=before, number=READ):
        yield csv_lines([[cell(value) for value in _cells(line)] for line in lines])
        before = lines[-1].number


def _cells(line: Line) -> tuple[int | str, ...]:
    details = msgspec.json.encode(line.details).decode() if line.details else ""
    return (
        line.number, stamp(line.at), line.actor, line.session or "", line.act, line.subject, details, line.digest,
    )  # fmt: skip


def _search(form: Posted) -> Search:
    first, last = form.period()
    return Search(
        act=form.maybe("act", ACTS),
        actor=form.text("actor", longest=254, required=False).casefold() or None,
        subject=form.text("subject", longest=254, required=False) or None,
        session=form.text("session", longest=20, required=False).casefold() or None,
        since=_midnight(first) if first else None,
        until=_midnight(last + timedelta(days=1)) if last else None,
    )


def _kept(form: Posted) -> dict[str, str]:
    return {name: form[name] for name in _FILTERS if form[name]}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS)


def _before(form: Posted) -> int:
    """The number to read on from; anything else begins at the newest."""
    text = form["before"]
    return int(text) if text.isdecimal() and len(text) < len(str(LATEST)) else LATEST
