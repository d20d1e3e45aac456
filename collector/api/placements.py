"""`…/{slug}/placements`: where the form is shown, what to paste there, and whether it takes reviews."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from msgspec import UNSET, UnsetType

from collector.api.bodies import Fields, sent
from collector.api.conditions import must_match, one
from collector.api.described import described
from collector.api.door import HEADERS
from collector.errors import NotFound
from collector.fields import LONGEST_LABEL
from collector.schema import Channel, Clock, FormName, Placement, Procedure, Target
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.services import Access
from embed.language import DEFAULT, languages
from embed.snippets import form_url, snippets_of


class PlacementShown(msgspec.Struct, frozen=True):
    """`address` opens the form. `contact`: it asks for an e-mail to answer to (malfunctions only)."""

    key: str
    channel: Channel
    form: FormName
    label: str
    contact: bool
    created_at: datetime
    closed_at: datetime | None
    address: str


class Placements(msgspec.Struct, frozen=True):
    """All of them, the closed ones too."""

    placements: list[PlacementShown]


class Pasted(msgspec.Struct, frozen=True):
    """What to paste, and what to add to the page's Content-Security-Policy."""

    mode: str
    code: str
    policy: str


class Snippets(msgspec.Struct, frozen=True):
    key: str
    lang: str
    snippets: list[Pasted]


class NewPlacement(msgspec.Struct, forbid_unknown_fields=True):
    label: str
    channel: Channel = "web"
    form: FormName = "satisfaction"
    contact: bool = False


class PlacementChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is not named stays as it is."""

    label: str | UnsetType = UNSET
    closed: bool | UnsetType = UNSET


@get("/{slug:str}/placements", **described("key-reader"))
async def list_placements(
    procedure: NamedDependency[Procedure], storage: NamedDependency[Storage], settings: NamedDependency[Settings]
) -> Response[Placements]:
    """The placements of a procedure."""
    found = await storage.catalogue.placements(procedure)
    return Response(Placements([_shown(procedure, each, settings) for each in found]), headers=HEADERS)


@post(
    "/{slug:str}/placements",
    status_code=201,
    **described("key-manager", sends=NewPlacement, example={"label": "Page de fin", "channel": "web"}),
)
async def create_placement(
    request: Request[Any, Any, Any],
    procedure: NamedDependency[Procedure],
    access: NamedDependency[Access],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
    clock: NamedDependency[Clock],
) -> Response[PlacementShown]:
    """Make another one, which takes reviews at once if the procedure is open."""
    wanted, fields = await sent(request, NewPlacement), Fields()
    label = fields.line("label", wanted.label, "", longest=LONGEST_LABEL)
    if wanted.contact and wanted.form != "malfunction":
        fields.refuse("contact", "not-asked", "Seul un formulaire de signalement demande une adresse.")
    fields.done()
    made = await storage.catalogue.add_placement(
        procedure,
        channel=wanted.channel,
        form=wanted.form,
        label=label,
        contact=wanted.contact,
        now=clock(),
        by=access.name,
    )
    return one(request, _shown(procedure, made, settings), 201)


@get("/{slug:str}/placements/{key:str}", **described("key-reader"))
async def show_placement(
    request: Request[Any, Any, Any],
    key: FromPath[str],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
) -> Response[PlacementShown]:
    """One placement, with its ETag."""
    return one(request, _shown(procedure, await _placement(procedure, key, storage), settings))


@patch(
    "/{slug:str}/placements/{key:str}",
    **described("key-manager", sends=PlacementChange, example={"label": "Ancienne page", "closed": True}, seen=True),
)
async def change_placement(
    request: Request[Any, Any, Any],
    key: FromPath[str],
    procedure: NamedDependency[Procedure],
    access: NamedDependency[Access],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
    clock: NamedDependency[Clock],
) -> Response[PlacementShown]:
    """Another label, closed, or open again, once seen as it is (`If-Match`)."""
    seen = await _placement(procedure, key, storage)
    must_match(request, _shown(procedure, seen, settings))
    change, fields = await sent(request, PlacementChange), Fields()
    label = fields.line("label", change.label, seen.label, longest=LONGEST_LABEL)
    fields.done()
    closed_at = seen.closed_at
    if change.closed is not UNSET and change.closed != bool(closed_at):
        closed_at = clock() if change.closed else None
    wanted = msgspec.structs.replace(seen, label=label, closed_at=closed_at)
    await storage.catalogue.change_placement(seen, wanted, by=access.name)
    return one(request, _shown(procedure, await _placement(procedure, key, storage), settings))


@get("/{slug:str}/placements/{key:str}/snippets", **described("key-reader"))
async def read_snippets(
    key: FromPath[str],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
    lang: Annotated[str, QueryParameter(description="The language of the page; French without it.")] = DEFAULT,
) -> Response[Snippets]:
    """What to paste, for each way to show the form, the recommended one first."""
    placement = await _placement(procedure, key, storage)
    if lang not in languages():
        raise NotFound(f"Le formulaire n'existe pas dans cette langue. Langues : {', '.join(languages())}.")
    found = [
        Pasted(each.mode, each.code, each.policy) for each in snippets_of(Target(procedure, placement), settings, lang)
    ]
    return Response(Snippets(placement.key, lang, found), headers=HEADERS)


async def _placement(procedure: Procedure, key: str, storage: Storage) -> Placement:
    """Raises NotFound, also for one of another procedure."""
    placement = await storage.catalogue.placement_of(procedure, key)
    if placement is None:
        raise NotFound("Cet emplacement n'existe pas.")
    return placement


def _shown(procedure: Procedure, placement: Placement, settings: Settings) -> PlacementShown:
    own = {name: getattr(placement, name) for name in PlacementShown.__struct_fields__ if name != "address"}
    return PlacementShown(**own, address=form_url(Target(procedure, placement), settings.base_url))
