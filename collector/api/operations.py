"""`…/operations`: daily numbers of a procedure, brought in by a program and read back in the same shape."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from collector.api.bodies import sent
from collector.api.days import FromDay, ToDay, check_days
from collector.api.described import described
from collector.api.door import HEADERS
from collector.errors import BadRequest, FieldError, InvalidFields
from collector.operations.days import HUNDREDTHS, Key, OperationsDay, Way, key_of
from collector.operations.rows import COLUMNS, Given, RowError, checked
from collector.schema import Clock, Procedure, date_of
from collector.storage import Storage
from collector.storage.operations import Cursor
from collector.storage.reviews import LAST_DAY
from collector.storage.services import Access

MOST = 1_000

_EXAMPLE = {
    "rows": [
        {"date": "2026-03-10", "channel": "online", "started": 120, "completed": 100, "delay_days_median": 2.5},
        {"date": "2026-03-10", "channel": "counter", "completed": 14},
    ]
}
_UNKNOWN = f"Cette colonne n'est pas connue. Les colonnes sont : {', '.join(COLUMNS)}."
_COLUMNS = tuple(name for name in COLUMNS if name != "procedure")


class Batch(msgspec.Struct, forbid_unknown_fields=True):
    """Rows with the columns of docs/operations.md, as numbers or as text. At most 1000."""

    rows: list[dict[str, str | int | float | None]]


class Brought(msgspec.Struct, frozen=True):
    """What became of the rows; or would, where `stored` is false."""

    procedure: str
    accepted: int
    added: int
    changed: int
    unchanged: int
    stored: bool


class OperationsRow(msgspec.Struct, frozen=True):
    date: str
    channel: Way
    started: int | None
    completed: int
    delay_days_median: float | None


class OperationsPage(msgspec.Struct, frozen=True):
    """Ask again with `after=next`, until `next` is null."""

    procedure: str
    columns: tuple[str, ...]
    count: int
    next: str | None
    rows: list[OperationsRow]


@post("/{slug:str}/operations", status_code=200, **described("key-manager", sends=Batch, example=_EXAMPLE))
async def bring_operations(
    request: Request[Any, Any, Any],
    procedure: NamedDependency[Procedure],
    access: NamedDependency[Access],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
    dry_run: Annotated[bool, QueryParameter(description="Say what would happen, and store nothing.")] = False,
) -> Response[Brought]:
    """All rows or none. The same rows twice change nothing; a row for a day and channel that is known corrects it."""
    given = (await sent(request, Batch)).rows
    if not 1 <= len(given) <= MOST:
        raise InvalidFields(errors=[FieldError("$.rows", "number", f"Envoyez de 1 à {MOST} lignes à la fois.")])
    now, own = clock(), frozenset({procedure.slug})
    today = date_of(now)
    found = checked(map(_given, range(len(given)), given), today=today, procedures=own, default=procedure.slug)
    if found.errors:
        raise InvalidFields(errors=list(map(_field, found.errors)))
    days = found.days[procedure.slug]
    if dry_run:
        brought = await storage.operations.compare(procedure, days)
    else:
        brought = await storage.operations.bring(procedure, days, now=now, by=access.name)
    done = Brought(
        procedure.slug, len(days), len(brought.added), len(brought.changed), brought.unchanged, stored=not dry_run
    )
    return Response(done, headers=HEADERS)


@get("/{slug:str}/operations", **described("key-reader"))
async def read_operations(
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    from_day: FromDay = None,
    to_day: ToDay = None,
    after: Annotated[str | None, QueryParameter(description="`next` of the page before.")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST, description="At most so many rows.")] = MOST,
) -> Response[OperationsPage]:
    """What is stored, by day and channel: rows that can be sent again."""
    check_days(from_day, to_day)
    # One more than asked for says whether there is another page.
    found = await storage.operations.page(
        procedure, _cursor(after, from_day or ""), to_day or LAST_DAY, number=limit + 1
    )
    shown = found[:limit]
    onward = "/".join(key_of(shown[-1])) if len(found) > limit else None
    return Response(
        OperationsPage(procedure.slug, _COLUMNS, len(shown), onward, list(map(_row, shown))), headers=HEADERS
    )


def _given(place: int, cells: dict[str, str | int | float | None]) -> Given:
    wrong = tuple((name, _UNKNOWN) for name in cells if name not in COLUMNS)
    return Given(place + 1, {name: _text(value) for name, value in cells.items() if name in COLUMNS}, wrong)


def _text(value: str | float | None) -> str:
    """A cell as a file would have it: what is right is decided in one place."""
    return "" if value is None else str(value).strip()


def _field(error: RowError) -> FieldError:
    place = f"$.rows[{error.row - 1}]"
    return FieldError(f"{place}.{error.column}" if error.column else place, "invalid", error.message)


def _cursor(after: str | None, from_day: str) -> Cursor:
    """Raises BadRequest."""
    if after is None:
        return from_day, ""
    day, _, channel = after.partition("/")
    try:
        key: Cursor = msgspec.convert((day, channel), Key)
    except msgspec.ValidationError:
        raise BadRequest("« after » est la valeur « next » de la page précédente, telle quelle.") from None
    return max(key, (from_day, ""))


def _row(one: OperationsDay) -> OperationsRow:
    delay = None if one.delay is None else one.delay / HUNDREDTHS
    return OperationsRow(one.day, one.channel, one.started, one.completed, delay)
