"""Procedures and accounts in bulk: try a file, see what each row would do, then import it; and the same as a file.

The rows that are tried stay in the database for an hour, so that nobody has to choose the file twice.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath

from admin import password_links
from admin.bulk.files import MOST_BYTES, MOST_ROWS, Row, Unreadable, rows_of
from admin.bulk.kinds import KINDS, Kind
from admin.bulk.plans import DEEDS, Plan
from admin.bulk.written import MEDIA_TYPES, written
from admin.posted import Posted, asked, nothing, posted
from admin.rendering import download, go, page
from admin.rights import AdminRequest
from collector.errors import Conflict, NotFound
from collector.schema import Clock, User, date_of, day_of
from collector.settings import Settings
from collector.storage import Storage

PAGE = 100


@get("/import/{sheet:str}", opt={"who": "administrator"})
async def show_import(
    request: AdminRequest,
    sheet: FromPath[str],
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[str]:
    kind = _kind(sheet)
    rows = await _tried(request, sheet, storage, clock)
    tried = (await kind.trial(storage, rows, date_of(clock()))).plan if rows else None
    return _page(request, sheet, nothing(), tried, sends=settings.mail_server is not None)


@post(
    "/import/{sheet:str}", opt={"who": "administrator"}, status_code=200, request_max_body_size=MOST_BYTES + 64 * 1024
)
async def try_file(
    request: AdminRequest, sheet: FromPath[str], storage: NamedDependency[Storage], clock: NamedDependency[Clock]
) -> Response[Any]:
    kind, form = _kind(sheet), nothing()
    sent = (await request.form()).get("file")
    content = await sent.read() if isinstance(sent, UploadFile) else b""
    try:
        rows = await rows_of(content, kind.columns)
    except Unreadable as error:
        form.refuse("file", error.message)
        return _page(request, sheet, form, None, 422)
    await storage.bulk.keep_draft(request.user.user, sheet, rows, clock())
    return go(f"/admin/import/{sheet}", anchor="essai")


@post("/import/{sheet:str}/importer", opt={"who": "administrator"}, status_code=200)
async def import_now(
    request: AdminRequest,
    sheet: FromPath[str],
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    kind, form = _kind(sheet), await posted(request)
    rows = await _tried(request, sheet, storage, clock)
    if not rows:
        raise Conflict("Aucun essai ne vous attend, ou il a plus d'une heure. Choisissez le fichier de nouveau.")
    trial = await kind.trial(storage, rows, date_of(clock()))
    plan = trial.plan
    if not plan.is_possible or form["seen"] != plan.digest:
        form.refuse("seen", "Ce que ferait l'import a changé depuis l'essai. Relisez-le ci-dessous, puis importez.")
        return _page(request, sheet, form, plan, 409, sends=settings.mail_server is not None)
    made = await trial.put(clock(), request.user.user.email)
    await storage.bulk.drop_draft(request.user.user, sheet)
    answer = go(f"/admin/import/{sheet}", "imported")
    if made and form["invite"] and settings.mail_server:
        answer.background = BackgroundTask(_invite, storage, settings, made, clock, request.user.user)
    return answer


async def _invite(storage: Storage, settings: Settings, emails: Sequence[str], clock: Clock, by: User) -> None:
    """One letter after the other, while nobody waits. Who got none is "invited", and can be sent another."""
    for email in emails:
        found = await storage.accounts.find(email)
        if found:
            await password_links.invite(storage, settings, found[0], clock(), by=by)


@get("/export/{file:str}", opt={"who": "administrator"})
async def export(
    file: FromPath[str], storage: NamedDependency[Storage], clock: NamedDependency[Clock]
) -> Response[bytes]:
    sheet, _, ending = file.partition(".")
    if ending not in MEDIA_TYPES:
        raise NotFound
    kind = _kind(sheet)
    content = written(await kind.cells(storage), kind.columns, ending)
    return download(content, f"{sheet}-{day_of(clock())}.{ending}", MEDIA_TYPES[ending])


async def _tried(request: AdminRequest, sheet: str, storage: Storage, clock: Clock) -> list[Row]:
    found = await storage.bulk.draft(request.user.user, sheet, clock())
    return msgspec.convert(found or [], list[Row])


def _kind(sheet: str) -> Kind:
    if sheet not in KINDS:
        raise NotFound
    return KINDS[sheet]


def _page(
    request: AdminRequest, sheet: str, form: Posted, plan: Plan | None, status: int = 200, *, sends: bool = False
) -> Response[str]:
    wanted = asked(request)["page"]
    number = max(1, int(wanted)) if wanted.isdecimal() and len(wanted) < 4 else 1
    # What has to be corrected first, and what stays as it is last.
    lines = sorted(plan.lines, key=lambda line: DEEDS.index(line.deed)) if plan else []
    return page(
        request,
        "import",
        status=status,
        form=form,
        sheet=sheet,
        sheets=list(KINDS),
        columns=_kind(sheet).columns,
        plan=plan,
        sends=sends,
        deeds=DEEDS,
        lines=lines[(number - 1) * PAGE : number * PAGE],
        number=number,
        more=number * PAGE < len(lines),
        most_rows=MOST_ROWS,
    )
