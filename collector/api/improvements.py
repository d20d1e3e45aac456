"""`…/{slug}/improvements`: what was made better and when, told to everybody or not."""

from datetime import date
from typing import Any

import msgspec
from litestar import Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from collector.api.bodies import Fields, sent
from collector.api.conditions import must_match, one
from collector.api.described import described
from collector.api.door import HEADERS
from collector.errors import NotFound
from collector.fields import NOT_YET
from collector.schema import Clock, Procedure, day_of
from collector.storage import Storage
from collector.storage.improvements import LONGEST, Improvement, Move
from collector.storage.services import Access


class Improvements(msgspec.Struct, frozen=True):
    """The latest first: at most 200."""

    improvements: list[Improvement]


class NewImprovement(msgspec.Struct, forbid_unknown_fields=True):
    """`day` is the one since which citizens have it."""

    day: date
    words: str
    published: bool = False


class ImprovementChange(msgspec.Struct, forbid_unknown_fields=True):
    published: bool


@get("/{slug:str}/improvements", **described("key-reader"))
async def list_improvements(
    procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[Improvements]:
    """What was improved, published or not."""
    return Response(Improvements(await storage.improvements.of(procedure)), headers=HEADERS)


@post(
    "/{slug:str}/improvements",
    status_code=201,
    **described("key-manager", sends=NewImprovement, example={"day": "2026-03-01", "words": "Formulaire plus court"}),
)
async def add_improvement(
    request: Request[Any, Any, Any],
    procedure: NamedDependency[Procedure],
    access: NamedDependency[Access],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Improvement]:
    """Note an improvement, once it is online."""
    given, fields, now = await sent(request, NewImprovement), Fields(), clock()
    words = fields.line("words", given.words, "", longest=LONGEST)
    if given.day.isoformat() > day_of(now):
        fields.refuse("day", "not-yet", NOT_YET)
    fields.done()
    number = await storage.improvements.add(
        procedure, given.day, words, published=given.published, now=now, by=access.name
    )
    return one(request, await _found(procedure, number, storage), 201)


@get("/{slug:str}/improvements/{improvement:int}", **described("key-reader"))
async def show_improvement(
    request: Request[Any, Any, Any],
    improvement: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
) -> Response[Improvement]:
    """One improvement, with its ETag."""
    return one(request, await _found(procedure, improvement, storage))


@patch(
    "/{slug:str}/improvements/{improvement:int}",
    **described("key-manager", sends=ImprovementChange, example={"published": True}, seen=True),
)
async def change_improvement(
    request: Request[Any, Any, Any],
    improvement: FromPath[int],
    procedure: NamedDependency[Procedure],
    access: NamedDependency[Access],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Improvement]:
    """Publish it or not, once seen as it is (`If-Match`)."""
    must_match(request, await _found(procedure, improvement, storage))
    wanted = await sent(request, ImprovementChange)
    # Whoever has just made the same change has made this one.
    move: Move = "publish" if wanted.published else "withhold"
    await storage.improvements.move(procedure, improvement, move, now=clock(), by=access.name)
    return one(request, await _found(procedure, improvement, storage))


@delete("/{slug:str}/improvements/{improvement:int}", status_code=204, **described("key-manager"))
async def remove_improvement(
    improvement: FromPath[int],
    procedure: NamedDependency[Procedure],
    access: NamedDependency[Access],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> None:
    """Take it away."""
    await _found(procedure, improvement, storage)
    await storage.improvements.move(procedure, improvement, "remove", now=clock(), by=access.name)


async def _found(procedure: Procedure, id: int, storage: Storage) -> Improvement:
    found = next((one for one in await storage.improvements.of(procedure) if one.id == id), None)
    if found is None:
        raise NotFound("Cette amélioration n'existe pas, ou plus.")
    return found
