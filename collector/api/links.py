"""`…/{slug}/links`: signed export links of a procedure. The address is told once, by the answer that makes it."""

from datetime import date, timedelta
from typing import Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from collector.api.bodies import Fields, sent
from collector.api.conditions import one
from collector.api.described import described
from collector.api.door import HEADERS
from collector.errors import Forbidden, NotFound
from collector.exports.links import LONGEST_RECIPIENT, NOT_YOURS, create_link, gives, may_revoke
from collector.schema import By, Clock, Content, Format, Interval, Link, Procedure
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.services import Access

LONGEST_LIFE = 365


class MadeLink(Link, frozen=True, kw_only=True):
    """A link with its address, which nobody is told again."""

    url: str


class Links(msgspec.Struct, frozen=True):
    """The latest first, whoever made them; also those that give other procedures as well."""

    links: list[Link]


class NewLink(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`recipient` is who it is for: one link for each. It holds `expires_days` days, 365 at most.

    `networks` (CIDR) are the only ones from which it opens, if there are any; `once` gives the file one time.
    """

    recipient: str
    content: Content = "reviews"
    format: Format = "csv"
    from_day: date | None = None
    to_day: date | None = None
    interval: Interval = "whole"
    by: By = "procedure"
    expires_days: int = 30
    networks: list[str] = []
    once: bool = False


@get("/{slug:str}/links", **described("key-reader"))
async def list_links(procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]) -> Response[Links]:
    """The export links that give this procedure."""
    found = [link for link in await storage.links.all() if gives(link, procedure)]
    return Response(Links(found), headers=HEADERS)


@get("/{slug:str}/links/{id:str}", **described("key-reader"))
async def show_link(
    request: Request[Any, Any, Any],
    id: FromPath[str],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
) -> Response[Link]:
    """One link, without its address, with its ETag."""
    return one(request, await _found(procedure, id, storage))


@post(
    "/{slug:str}/links",
    status_code=201,
    **described("key-manager", sends=NewLink, example={"recipient": "Observatoire", "expires_days": 90}),
)
async def make_link(
    request: Request[Any, Any, Any],
    procedure: NamedDependency[Procedure],
    access: NamedDependency[Access],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
    clock: NamedDependency[Clock],
) -> Response[MadeLink]:
    """Sign a link. Its `url` is in this answer and in no other."""
    wanted, fields, now = await sent(request, NewLink), Fields(), clock()
    recipient = fields.line("recipient", wanted.recipient, "", longest=LONGEST_RECIPIENT)
    if not 1 <= wanted.expires_days <= LONGEST_LIFE:
        fields.refuse("expires_days", "out-of-range", f"Attendu : un nombre de jours, de 1 à {LONGEST_LIFE}.")
    fields.done()
    link, url = await create_link(
        storage,
        settings,
        procedures=[procedure.slug],
        content=wanted.content,
        format=wanted.format,
        from_day=wanted.from_day.isoformat() if wanted.from_day else None,
        to_day=wanted.to_day.isoformat() if wanted.to_day else None,
        interval=wanted.interval,
        by=wanted.by,
        recipient=recipient,
        created_by=access.name,
        expires_at=now + timedelta(days=wanted.expires_days),
        now=now,
        networks=wanted.networks,
        once=wanted.once,
    )
    return one(request, MadeLink(**msgspec.structs.asdict(link), url=url), 201)


@delete("/{slug:str}/links/{id:str}", status_code=204, **described("key-manager"))
async def revoke_link(
    id: FromPath[str],
    procedure: NamedDependency[Procedure],
    access: NamedDependency[Access],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> None:
    """Revoke a link, for good: from now on it gives nothing. It stays in the list."""
    link = await _found(procedure, id, storage)
    if not await may_revoke(link, storage, lambda one: access.role_in(one) == "manager"):
        raise Forbidden(NOT_YOURS)
    await storage.links.revoke(link.id, clock(), by=access.name)


async def _found(procedure: Procedure, id: str, storage: Storage) -> Link:
    link = None if "\0" in id else await storage.links.get(id)
    if link is None or not gives(link, procedure):
        raise NotFound("Ce lien n'existe pas.")
    return link
