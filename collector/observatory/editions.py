"""`GET /observatoire/editions`: the tables that were frozen, quarter by quarter, at addresses that never change."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from collector.errors import AvisError, NotFound
from collector.observatory.edition_files import EDITION_FORMATS, file_of, media_type
from collector.observatory.rendering import ANYONE, FILE, FOR_A_MINUTE, FOR_EVER, file, kept, page, rendered
from collector.observatory.table import FIGURES
from collector.plain import plain
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.editions import Kept

FED = 40
"""Editions in the feed: ten years of them."""


@get("/observatoire/editions", opt=ANYONE)
async def list_editions(request: Request[Any, Any, Any], storage: NamedDependency[Storage]) -> Response[bytes]:
    return page(request, "editions", editions=await storage.editions.all())


@get("/observatoire/editions.atom", opt=ANYONE, media_type="application/atom+xml")
async def editions_feed(
    request: Request[Any, Any, Any], storage: NamedDependency[Storage], settings: NamedDependency[Settings]
) -> Response[bytes]:
    """Whoever follows the observatory is told of each edition and of each correction."""
    newest = sorted(await storage.editions.all(), key=lambda one: one.made_at, reverse=True)[:FED]
    body = rendered("editions.atom", editions=newest, base_url=settings.base_url)
    return kept(request, body, "application/atom+xml", FILE, FOR_A_MINUTE)


@get("/observatoire/editions/{name:str}", opt=ANYONE)
async def show_edition(
    request: Request[Any, Any, Any],
    name: FromPath[str],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
) -> Response[bytes]:
    """The page of an edition; with `.json`, `.csv` or `.sig` at the end of its name, its file."""
    start, _, end = name.rpartition(".")
    kind = next((one for one in EDITION_FORMATS if one == end), None)
    found = await _edition(storage, start if kind else name)
    if kind:
        return file(request, file_of(found, kind), media_type(kind), f"observatoire-{name}", FOR_EVER)
    last = await storage.editions.of_quarter(found.heading.quarter)
    return page(
        request,
        "edition",
        base_url=settings.base_url,
        heading=found.heading,
        edition=found.edition,
        procedures=sorted(found.edition.procedures, key=lambda one: plain(one.title)),
        # The page itself cannot be kept for ever: it says what corrects it.
        corrected_by=last.heading.name if last and last.heading.name != found.heading.name else None,
        columns=FIGURES,
        formats=EDITION_FORMATS,
    )


async def _edition(storage: Storage, name: str) -> Kept:
    """Raises NotFound, or an error when its bytes are no longer those that were made."""
    found = None if "\0" in name else await storage.editions.get(name)
    if found is None:
        raise NotFound("Cette édition n'existe pas. Cherchez-la dans la liste des éditions.")
    if not found.is_whole:
        raise AvisError(f"L'édition {name} n'est plus telle qu'elle a été faite. L'observatoire doit la restaurer.")
    return found
