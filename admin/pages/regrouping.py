"""Problems regrouped by hand: reports moved to another problem, problems merged, and both taken back."""

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from admin.pages.problems import PAGE, problem_at, show_page
from admin.posted import nothing, posted
from admin.rendering import go
from admin.rights import AdminRequest
from collector.errors import BadRequest
from collector.schema import Procedure
from collector.storage import Storage
from collector.storage.regrouping import CannotRegroup

NEW = "nouveau"


@post("/demarches/{slug:str}/signalements/{problem:int}/deplacer", opt={"who": "manager"}, status_code=200)
async def move_reports(
    request: AdminRequest,
    problem: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
) -> Response[Any]:
    form = await posted(request)
    seqs = [_number(text) for text in form.all("seq")[:PAGE]]
    if not seqs:
        message = "Cochez d'abord les signalements à déplacer."
        return await _refused(request, procedure, problem, storage, message)
    to = None if form["to"] == NEW else _number(form["to"])
    try:
        target, moved = await storage.regrouping.move(procedure, problem, seqs, to, by=request.user.user.email)
    except CannotRegroup as error:
        return await _refused(request, procedure, problem, storage, error.message)
    if form["undo"]:
        return go(_path(procedure, target), "reports-moved-back")
    # The problem that they were in, unless nothing is left of it.
    left = await storage.problems.at(procedure, problem)
    seen, gone = _path(procedure, problem if left else target), ".".join(map(str, moved))
    return go(seen, "reports-moved", vers=str(target), de=str(problem), deplaces=gone)


@post("/demarches/{slug:str}/signalements/{problem:int}/reunir", opt={"who": "manager"}, status_code=200)
async def merge_problem(
    request: AdminRequest,
    problem: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
) -> Response[Any]:
    """Into the one that was chosen, which then says what is part of it and how to take it out."""
    whole = _number((await posted(request))["into"])
    try:
        await storage.regrouping.merge(procedure, problem, whole, by=request.user.user.email)
    except CannotRegroup as error:
        return await _refused(request, procedure, problem, storage, error.message)
    return go(_path(procedure, whole), "problems-merged")


@post("/demarches/{slug:str}/signalements/{problem:int}/separer", opt={"who": "manager"}, status_code=200)
async def separate_problem(
    request: AdminRequest,
    problem: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
) -> Response[Any]:
    """`problem` is the part, which is a problem of its own again."""
    try:
        await storage.regrouping.separate(procedure, problem, by=request.user.user.email)
    except CannotRegroup as error:
        return await _refused(request, procedure, problem, storage, error.message)
    return go(_path(procedure, problem), "problems-separated")


async def _refused(
    request: AdminRequest, procedure: Procedure, problem: int, storage: Storage, message: str
) -> Response[str]:
    found = await problem_at(storage, procedure, problem)
    return await show_page(request, procedure, found, nothing(), storage, status=409, refused=message)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 15:
        raise BadRequest
    return int(text)


def _path(procedure: Procedure, problem: int) -> str:
    return f"/admin/demarches/{procedure.slug}/signalements/{problem}"
