"""Operations beside experience: how many answer, satisfaction by delay, the share of use online; and a file of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Struct, structs

from admin.figures import step_name
from admin.pages.operations_file import file_of
from admin.periods import CHOICES, Period, buckets, period_of
from admin.posted import Posted, asked, posted
from admin.rendering import download, go, page
from admin.rights import AdminRequest
from collector.differences import ENOUGH
from collector.errors import BadRequest, Conflict
from collector.operations.days import Differences, OperationsDay
from collector.operations.figures import Response as Answered
from collector.operations.figures import bands, channels, response
from collector.operations.file import decoded, read
from collector.operations.rows import COLUMNS, RowsRead
from collector.schema import Clock, Procedure, date_of
from collector.storage import Storage

LARGEST = 2 * 1024 * 1024
"""Ten years of six channels are half of it."""
KEPT = 30_000
"""Characters of a file with errors that are put into the page, to be corrected there."""
MOST_TOLD = 100
_MOVES = ("check", "import")


class Step(Struct, frozen=True):
    name: str
    response: Answered


class Outcome(Struct, frozen=True):
    """What became of a file, or would."""

    file: RowsRead
    differences: Differences | None
    stored: bool


@get("/demarches/{slug:str}/exploitation", opt={"who": "reader"})
async def show_operations(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[str]:
    return await _page(request, procedure, storage, clock, asked(request))


@post(
    "/demarches/{slug:str}/exploitation",
    opt={"who": "manager"},
    status_code=200,
    request_max_body_size=LARGEST + 64 * 1024,
)
async def import_file(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[str] | Redirect:
    form = await posted(request)
    move, raw = form.choice("move", _MOVES), await _sent(request, form)
    if move is None or not raw.strip():
        form.refuse("file", "Choisissez un fichier, ou collez ses lignes dessous.")
        return await _page(request, procedure, storage, clock, form)
    found = read(raw, today=date_of(clock()), procedures={procedure.slug}, default=procedure.slug)
    keep = move == "import" and (not found.errors or form["partial"] == "1")
    outcome = await _outcome(request, procedure, storage, clock, found, keep=keep)
    if outcome.stored and not found.errors and outcome.differences:
        return go(_path(procedure), "operations-imported" if outcome.differences.put else "operations-same")
    return await _page(request, procedure, storage, clock, _shown(form, raw), outcome)


@post("/demarches/{slug:str}/exploitation/annuler", opt={"who": "manager"}, status_code=200)
async def undo_import(
    request: AdminRequest, procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Redirect:
    form = await posted(request)
    try:
        at = datetime.fromisoformat(form["at"])
    except ValueError:
        raise BadRequest from None
    if not at.tzinfo or not await storage.operations.undo(procedure, at, by=request.user.user.email):
        raise Conflict("Cet import n'est plus le dernier, ou il est déjà annulé. Revenez à la page et relisez-la.")
    return go(_path(procedure), "operations-undone")


@get("/demarches/{slug:str}/exploitation/donnees.csv", opt={"who": "reader"})
async def operations_file(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[bytes]:
    """What is stored of the period, in the format of the import."""
    form = asked(request)
    period = period_of(form, date_of(clock()))
    if form.errors:
        raise BadRequest("Cette période n'existe pas. Revenez à la page « Exploitation » et choisissez-en une.")
    days = await storage.operations.between(procedure, period.first.isoformat(), period.last.isoformat())
    return download(file_of(procedure.slug, days), f"exploitation-{procedure.slug}.csv", "text/csv")


async def _sent(request: AdminRequest, form: Posted) -> bytes:
    """The file, or the lines that were pasted where there is none."""
    file = (await request.form()).get("file")
    raw = await file.read() if isinstance(file, UploadFile) else b""
    return raw or form["text"].encode()


async def _outcome(
    request: AdminRequest, procedure: Procedure, storage: Storage, clock: Clock, found: RowsRead, *, keep: bool
) -> Outcome:
    days = found.days.get(procedure.slug)
    if not days:
        return Outcome(found, None, stored=False)
    if not keep:
        return Outcome(found, await storage.operations.compare(procedure, days), stored=False)
    by = request.user.user.email
    return Outcome(found, await storage.operations.bring(procedure, days, now=clock(), by=by), stored=True)


def _shown(form: Posted, raw: bytes) -> Posted:
    """A file cannot be put back where it was chosen: a short one goes where it can be corrected."""
    text = decoded(raw)
    return Posted({**form.values, "text": [text if len(text) <= KEPT else ""]})


async def _page(
    request: AdminRequest,
    procedure: Procedure,
    storage: Storage,
    clock: Clock,
    form: Posted,
    outcome: Outcome | None = None,
) -> Response[str]:
    # What is asked of the figures stands in the address, also where a file was sent.
    query = asked(request)
    period = period_of(query, date_of(clock()))
    first, last = period.first.isoformat(), period.last.isoformat()
    days = await storage.operations.between(procedure, first, last)
    by_day = await storage.reviews.counts_by_day(procedure, first, last) if days else {}
    steps = _steps(period, days, by_day)
    return page(
        request,
        "operations",
        status=422 if form.errors or query.errors or (outcome and outcome.file.errors) else 200,
        procedure=procedure,
        tab="exploitation",
        form=form,
        query=query,
        period=period,
        choices=CHOICES,
        known_until=await storage.operations.last_day(procedure),
        last_import=await storage.operations.last_import(procedure),
        whole=response(days, by_day),
        steps=steps,
        top=_top(steps),
        bands=bands(days, by_day),
        channels=channels(days),
        outcome=outcome,
        most_told=MOST_TOLD,
        columns=COLUMNS,
        enough=ENOUGH,
    )


def _steps(period: Period, days: Sequence[OperationsDay], by_day: Mapping[str, Mapping[str, int]]) -> list[Step]:
    """By week or by month: few cases of a day say little."""
    wide = structs.replace(period, asked="week") if period.step == "day" else period
    return [
        Step(step_name(wide, first, last), response(_within(days, first, last), by_day))
        for first, last in buckets(wide)
    ]


def _within(days: Sequence[OperationsDay], first: date, last: date) -> list[OperationsDay]:
    low, high = first.isoformat(), last.isoformat()
    return [one for one in days if low <= one.day <= high]


def _top(steps: Sequence[Step]) -> float:
    """The upper end of the chart: in steps of 5 %, as few of those who complete a procedure answer."""
    highest = max((one.response.rate or 0 for one in steps), default=0)
    return (int(highest * 20) + 1) / 20


def _path(procedure: Procedure) -> str:
    return f"/admin/demarches/{procedure.slug}/exploitation"
