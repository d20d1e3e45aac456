"""`…/{slug}/malfunctions`: what citizens reported broken, alike reports as one, with what becomes of it."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from msgspec import UNSET, UnsetType

from collector.api.bodies import Fields, sent
from collector.api.conditions import must_match, one
from collector.api.described import described
from collector.api.door import HEADERS
from collector.errors import BadRequest, ChangedMeanwhile, NotFound
from collector.schema import Browser, Clock, Kind, Procedure, moment_of
from collector.storage import Storage
from collector.storage import problems as stored
from collector.storage.problems import Problem, Status, Wanted
from collector.storage.reviews import NEWEST
from collector.storage.services import Access

MOST = 100


class Malfunction(msgspec.Struct, frozen=True):
    """`page`, `browser` and `verbatim` are those of the first report; `returned`: fixed, and reported again since."""

    id: int
    kind: Kind
    status: Status
    assignee: str | None
    version: int
    returned: bool
    reports: int
    first_at: datetime
    last_at: datetime
    fixed_at: datetime | None
    changed_at: datetime | None
    changed_by: str | None
    page: str | None
    browser: Browser | None
    verbatim: str | None
    lang: str


class Malfunctions(msgspec.Struct, frozen=True):
    """The latest met first. Ask again with `after=next`, until `next` is null."""

    count: int
    next: str | None
    malfunctions: list[Malfunction]


class MalfunctionChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is not named stays as it is. `assignee` is the e-mail of somebody who manages the procedure, or null."""

    status: Status | UnsetType = UNSET
    assignee: str | UnsetType | None = UNSET


@get("/{slug:str}/malfunctions", **described("key-reader"))
async def list_malfunctions(
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    status: Annotated[Status | None, QueryParameter(description="Those that are still open, without it.")] = None,
    after: Annotated[str | None, QueryParameter(description="`next` of the page before.")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST, description="At most so many.")] = MOST,
) -> Response[Malfunctions]:
    """The malfunctions of a procedure, a second or two after they were reported."""
    found = await storage.problems.find(procedure, Wanted(status=status), before=_cursor(after), number=limit + 1)
    shown = found[:limit]
    onward = f"{shown[-1].last_minute}.{shown[-1].id}" if len(found) > limit else None
    return Response(Malfunctions(len(shown), onward, list(map(_shown, shown))), headers=HEADERS)


@get("/{slug:str}/malfunctions/{malfunction:int}", **described("key-reader"))
async def show_malfunction(
    request: Request[Any, Any, Any],
    malfunction: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
) -> Response[Malfunction]:
    """One malfunction, with its ETag, which another report changes too."""
    return one(request, _shown(await _found(procedure, malfunction, storage)))


@patch(
    "/{slug:str}/malfunctions/{malfunction:int}",
    **described("key-manager", sends=MalfunctionChange, example={"status": "fixed", "assignee": None}, seen=True),
)
async def change_malfunction(
    request: Request[Any, Any, Any],
    malfunction: FromPath[int],
    procedure: NamedDependency[Procedure],
    access: NamedDependency[Access],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Malfunction]:
    """What becomes of it and who looks after it, once seen as it is (`If-Match`)."""
    seen = await _found(procedure, malfunction, storage)
    must_match(request, _shown(seen))
    change, fields = await sent(request, MalfunctionChange), Fields()
    status = seen.status if change.status is UNSET else change.status
    assignee = seen.assignee if change.assignee is UNSET else change.assignee
    if assignee is not None and assignee not in await storage.problems.assignable(procedure, seen):
        fields.refuse("assignee", "unknown-manager", "Cette personne ne gère pas cette démarche.")
    fields.done()
    if (status, assignee) != (seen.status, seen.assignee):
        await _change(procedure, seen, status, assignee, storage, clock, by=access.name)
    return one(request, _shown(await _found(procedure, malfunction, storage)))


async def _change(
    procedure: Procedure,
    seen: Problem,
    status: Status,
    assignee: str | None,
    storage: Storage,
    clock: Clock,
    *,
    by: str,
) -> None:
    try:
        await storage.problems.change(
            procedure, seen.id, status=status, assignee=assignee, version=seen.version, now=clock(), by=by
        )
    except stored.ChangedMeanwhile:
        raise ChangedMeanwhile from None


async def _found(procedure: Procedure, id: int, storage: Storage) -> Problem:
    problem = await storage.problems.at(procedure, id) if id <= NEWEST else None
    if problem is None:
        raise NotFound("Ce problème n'existe pas, a été réuni à un autre, ou n'a plus de signalement.")
    return problem


def _cursor(after: str | None) -> tuple[int, int]:
    """Raises BadRequest."""
    if after is None:
        return NEWEST, NEWEST
    minute, _, number = after.partition(".")
    if not (minute.isdecimal() and number.isdecimal() and len(after) <= 32):
        raise BadRequest("« after » est la valeur « next » de la page précédente, telle quelle.")
    return min(int(minute), NEWEST), min(int(number), NEWEST)


def _shown(problem: Problem) -> Malfunction:
    times: dict[str, Any] = {
        "first_at": moment_of(problem.first_minute),
        "last_at": moment_of(problem.last_minute),
        "fixed_at": None if problem.fixed_minute is None else moment_of(problem.fixed_minute),
    }
    own = {name: getattr(problem, name) for name in Malfunction.__struct_fields__ if name not in times}
    return Malfunction(**own, **times)
