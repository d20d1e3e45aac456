"""What citizens reported broken: alike reports as one problem, with what becomes of it and who looks after it."""

from datetime import datetime, timedelta
from statistics import median_low
from typing import Any, get_args

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from admin.attention import Spike, spike_of
from admin.periods import recent_months
from admin.posted import Posted, asked, filled, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.errors import BadRequest, NotFound
from collector.schema import Browser, Clock, Kind, Procedure, date_of, moment_of
from collector.storage import Storage
from collector.storage.problems import OPEN, ChangedMeanwhile, Problem, Status, Wanted
from collector.storage.reviews import NEWEST

PAGE = 30
MOST_OTHERS = 50
"""Open problems that a report can be moved to: those met last."""
STATUSES: tuple[Status, ...] = get_args(Status)
KINDS: tuple[Kind, ...] = get_args(Kind)
A_YEAR = timedelta(days=365)
KEPT = ("etat", "nature", "suivi", "page", "navigateur")
BROWSERS: tuple[Browser, ...] = get_args(Browser)
LONGEST_PATH = 300


class Crumb(Struct, frozen=True):
    """A choice above the list: what it shows and how many there are."""

    status: Status | None
    number: int
    is_chosen: bool


@get("/demarches/{slug:str}/signalements", opt={"who": "reader"})
async def list_problems(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[str]:
    form = asked(request)
    wanted = Wanted(
        status=form.maybe("etat", STATUSES),
        kind=form.maybe("nature", KINDS),
        assignee=request.user.user.email if form["suivi"] == "moi" else None,
        page=form.text("page", longest=LONGEST_PATH, required=False) or None,
        browser=form.maybe("navigateur", BROWSERS),
    )
    found = await storage.problems.find(procedure, wanted, before=_before(form), number=PAGE + 1)
    shown = found[:PAGE]
    numbers = await storage.problems.by_status(procedure)
    changed = await _changed(storage, procedure, form)
    times = await storage.problems.times_to_fix(procedure, clock() - A_YEAR)
    return page(
        request,
        "problems",
        procedure=procedure,
        tab="signalements",
        form=form,
        problems=shown,
        managers=await storage.problems.managers(procedure),
        changed=changed,
        is_shown=changed is not None and changed.id in {one.id for one in shown},
        crumbs=[
            Crumb(None, sum(numbers.get(status, 0) for status in OPEN), wanted.status is None),
            *(Crumb(status, numbers.get(status, 0), wanted.status == status) for status in STATUSES),
        ],
        known=sum(numbers.values()),
        statuses=STATUSES,
        kinds=KINDS,
        browsers=BROWSERS,
        kept={name: form[name] for name in KEPT if form[name]},
        onward=f"{shown[-1].last_minute}.{shown[-1].id}" if len(found) > PAGE else None,
        fixed=len(times),
        usual_time=median_low(times) if times else None,
        spike=await _spike(storage, procedure, clock()),
        moment_of=moment_of,
    )


@get("/demarches/{slug:str}/signalements/{problem:int}", opt={"who": "reader"})
async def show_problem(
    request: AdminRequest,
    problem: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
) -> Response[str]:
    found, form = await problem_at(storage, procedure, problem), asked(request)
    return await show_page(request, procedure, found, form, storage, changed=await _changed(storage, procedure, form))


@post("/demarches/{slug:str}/signalements/{problem:int}", opt={"who": "manager"}, status_code=200)
async def change_problem(
    request: AdminRequest,
    problem: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form = await posted(request)
    status, version = form.choice("status", STATUSES), form["version"]
    found = await problem_at(storage, procedure, problem)
    assignee = form.maybe("assignee", await storage.problems.assignable(procedure, found))
    if form.errors or status is None or not version.isdecimal() or len(version) > 9:
        raise BadRequest
    try:
        await storage.problems.change(
            procedure,
            problem,
            status=status,
            assignee=assignee,
            version=int(version),
            now=clock(),
            by=request.user.user.email,
        )
    except ChangedMeanwhile:
        seen = await problem_at(storage, procedure, problem)
        return await show_page(request, procedure, seen, form, storage, status=409, conflict=status)
    done = "problem-undone" if form["undo"] else "problem-changed"
    kept = {name: form[name] for name in KEPT if form[name]}
    path = f"/admin/demarches/{procedure.slug}/signalements"
    if form["from"] == "list":
        return go(path, done, None, anchor=f"p{problem}", change=str(problem), **kept)
    return go(f"{path}/{problem}", done, change=str(problem))


async def show_page(
    request: AdminRequest,
    procedure: Procedure,
    problem: Problem,
    form: Posted,
    storage: Storage,
    *,
    status: int = 200,
    changed: Problem | None = None,
    conflict: Status | None = None,
    refused: str | None = None,
) -> Response[str]:
    before = form["before"]
    spot = int(before) if before.isdecimal() and len(before) < len(str(NEWEST)) else NEWEST
    found = await storage.problems.reports(problem, before=spot, number=PAGE + 1)
    others = await storage.problems.find(procedure, Wanted(), number=MOST_OTHERS)
    return page(
        request,
        "problem",
        status=status,
        procedure=procedure,
        tab="signalements",
        form=form if conflict else filled(),
        problem=problem,
        reports=found[:PAGE],
        managers=await storage.problems.managers(procedure),
        statuses=STATUSES,
        changed=changed,
        conflict=conflict,
        onward=found[PAGE - 1].seq if len(found) > PAGE else None,
        is_first=spot == NEWEST,
        others=[one for one in others if one.id != problem.id],
        parts=await storage.regrouping.parts(problem),
        places=await storage.problems.places(problem),
        moved=_moved(form),
        moved_from=form["de"],
        refused=refused,
        moment_of=moment_of,
        kept={},
    )


async def problem_at(storage: Storage, procedure: Procedure, id: int) -> Problem:
    problem = await storage.problems.at(procedure, id)
    if problem is None:
        raise NotFound("Ce problème n'existe pas, a été réuni à un autre, ou n'a plus de signalement.")
    return problem


async def _changed(storage: Storage, procedure: Procedure, form: Posted) -> Problem | None:
    """What was just changed, to say so in its place and to offer to take it back."""
    number = form["change"]
    if not form["fait"] or not number.isdecimal() or len(number) > 15:
        return None
    return await storage.problems.at(procedure, int(number))


async def _spike(storage: Storage, procedure: Procedure, now: datetime) -> Spike | None:
    today = date_of(now)
    first, last = recent_months(today)
    known = await storage.overview.counts([procedure.id], first.first, last.last)
    lately = await storage.overview.technical([procedure.id], Spike.since(today).isoformat())
    return spike_of(procedure, lately.get(procedure.id, 0), known.get(procedure.id), first, today)


def _moved(form: Posted) -> tuple[int, list[int]] | None:
    """What was just moved from here and where to, to offer the way back."""
    into, seqs = form["vers"], form["deplaces"].split(".")
    if form["fait"] != "reports-moved" or not all(one.isdecimal() and len(one) < 16 for one in (into, *seqs)):
        return None
    return int(into), [int(one) for one in seqs[:PAGE]]


def _before(form: Posted) -> tuple[int, int]:
    minute, _, number = form["before"].partition(".")
    if minute.isdecimal() and number.isdecimal() and max(len(minute), len(number)) < len(str(NEWEST)):
        return int(minute), int(number)
    return NEWEST, NEWEST
