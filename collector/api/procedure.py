"""`…/{slug}`: a procedure as its owner sees it in the settings, and the changes that they may make there."""

from datetime import datetime
from typing import Any, Literal

import msgspec
from litestar import Request, Response, get, patch
from litestar.di import NamedDependency
from msgspec import UNSET, UnsetType

from collector.api.bodies import Fields, sent
from collector.api.conditions import must_match, one
from collector.api.described import described
from collector.fields import LONGEST_TITLE
from collector.schema import Audience, Procedure, ProcedureState
from collector.storage import Storage
from collector.storage.services import Access


class ProcedureShown(msgspec.Struct, frozen=True):
    """`origins` are the sites that may embed the form, `contexts` the labels that they may send along."""

    slug: str
    title: str
    organisation: str
    ministry: str
    audiences: tuple[Audience, ...]
    origins: tuple[str, ...]
    contexts: tuple[str, ...]
    state: ProcedureState
    created_at: datetime


class ProcedureChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is not named stays as it is."""

    title: str | UnsetType = UNSET
    audiences: list[Audience] | UnsetType = UNSET
    origins: list[str] | UnsetType = UNSET
    contexts: list[str] | UnsetType = UNSET
    state: Literal["open", "closed"] | UnsetType = UNSET


_EXAMPLE = {"title": "Demander un permis de chasse", "origins": ["https://www.exemple.fr"], "state": "closed"}


@get("/{slug:str}", **described("key-reader"))
async def show_procedure(
    request: Request[Any, Any, Any], procedure: NamedDependency[Procedure]
) -> Response[ProcedureShown]:
    """One procedure, with its ETag."""
    return one(request, _shown(procedure))


@patch("/{slug:str}", **described("key-manager", sends=ProcedureChange, example=_EXAMPLE, seen=True))
async def change_procedure(
    request: Request[Any, Any, Any],
    procedure: NamedDependency[Procedure],
    access: NamedDependency[Access],
    storage: NamedDependency[Storage],
) -> Response[ProcedureShown]:
    """Change some of it, once seen as it is (`If-Match`). Closed, its placements take no review until it is open."""
    must_match(request, _shown(procedure))
    change, fields = await sent(request, ProcedureChange), Fields()
    wanted = msgspec.structs.replace(
        procedure,
        title=fields.line("title", change.title, procedure.title, longest=LONGEST_TITLE),
        audiences=procedure.audiences if change.audiences is UNSET else tuple(dict.fromkeys(change.audiences)),
        origins=fields.sites("origins", change.origins, procedure.origins),
        contexts=fields.contexts("contexts", change.contexts, procedure.contexts),
        state=procedure.state if change.state is UNSET else change.state,
    )
    fields.done()
    await storage.catalogue.change_procedure(procedure, wanted, by=access.name)
    return one(request, _shown(wanted))


def _shown(procedure: Procedure) -> ProcedureShown:
    return ProcedureShown(**{name: getattr(procedure, name) for name in ProcedureShown.__struct_fields__})
