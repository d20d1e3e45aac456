"""`avis procedure …` and `avis placement …`."""

import re
from typing import Any
from urllib.parse import urlsplit

import click
import msgspec

from collector.commands import answer, answers, json_option, now, settings, with_storage
from collector.commands.sheets import export_procedures, import_procedures
from collector.errors import NotFound
from collector.schema import AUDIENCES, CHANNELS, CONTEXT, CONTEXT_RULE, RESERVED_SLUGS, Placement, Procedure, Target
from collector.storage import Storage
from embed.assets import built
from embed.language import languages
from embed.snippets import snippets


def _slug(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value) or len(value) > 80:
        raise click.BadParameter("minuscules sans accent, chiffres et tirets seulement, par exemple carte-de-peche.")
    if value in RESERVED_SLUGS:
        raise click.BadParameter("c'est le nom d'une page de l'observatoire ; choisissez-en un autre.")
    return value


def _origins(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(origin(value) for value in values)


def _contexts(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not CONTEXT.fullmatch(value):
            raise click.BadParameter(f"« {value} » : {CONTEXT_RULE}")
    return values


def origin(value: str) -> str:
    """A web origin, normalised. Raises click.BadParameter."""
    parts = urlsplit(value.strip())
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise click.BadParameter(
            f"« {value} » : attendu https://hôte, sans chemin, par exemple https://www.exemple.fr."
        )
    return f"{parts.scheme}://{parts.netloc}".lower()


@click.group()
def procedure() -> None:
    """Démarches : créer, lister, importer, exporter, fermer."""


procedure.add_command(import_procedures)
procedure.add_command(export_procedures)


@procedure.command("add")
@click.option("--title", required=True, help="Titre de la démarche, tel que l'usager le lit.")
@click.option("--slug", required=True, callback=_slug, help="Identifiant court, par exemple carte-de-peche.")
@click.option("--organisation", default="Mon administration", show_default=True, help="Administration porteuse.")
@click.option("--ministry", default="Non renseigné", show_default=True, help="Ministère de rattachement.")
@click.option(
    "--audience",
    "audiences",
    multiple=True,
    type=click.Choice(AUDIENCES),
    default=("individuals",),
    show_default=True,
    help="Public visé ; l'option se répète.",
)
@click.option(
    "--origin",
    "origins",
    multiple=True,
    callback=_origins,
    help="Site qui peut intégrer le formulaire (https://hôte) ; l'option se répète.",
)
@click.option(
    "--context",
    "contexts",
    multiple=True,
    callback=_contexts,
    help="Libellé qu'une page peut joindre à l'avis, par exemple « Dépôt du dossier » ; l'option se répète.",
)
@click.option("--form", type=click.Choice(["satisfaction", "malfunction"]), default="satisfaction", show_default=True)
@json_option
def add_procedure(as_json: bool, **wanted: Any) -> None:
    """Créer une démarche, ouverte, avec un premier emplacement."""

    async def work(storage: Storage) -> tuple[Procedure, Placement]:
        return await storage.catalogue.add_procedure(**wanted, now=now())

    created, first = with_storage(work)
    described = _described(created, [first])
    placed = described["placements"][0]
    answer(
        described,
        f"Démarche « {created.title} » créée.\n"
        f"  Clé            {placed['key']}\n"
        f"  Formulaire     {placed['url']}\n"
        f"  Code à coller  à la fin de la démarche :\n{placed['snippet']}",
        as_json,
    )


@procedure.command("list")
@json_option
def list_procedures(as_json: bool) -> None:
    """Lister les démarches et leurs emplacements."""

    async def work(storage: Storage) -> list[tuple[Procedure, list[Placement]]]:
        every = await storage.catalogue.procedures()
        return [(each, await storage.catalogue.placements(each)) for each in every]

    answers(
        (
            (
                _described(each, placements),
                f"{each.slug:<30} {each.state:<9} {len(placements)} emplacement(s)  {each.title}",
            )
            for each, placements in with_storage(work)
        ),
        as_json,
        "Aucune démarche. Créez la première avec « avis procedure add --title … --slug … ».",
    )


@procedure.command("close")
@click.argument("slug")
@json_option
def close_procedure(slug: str, as_json: bool) -> None:
    """Fermer une démarche : aucun emplacement n'accepte plus d'avis, tout reste lisible."""

    async def work(storage: Storage) -> None:
        if not await storage.catalogue.set_state(slug, "closed"):
            raise NotFound(f"La démarche « {slug} » n'existe pas. « avis procedure list » les montre toutes.")

    with_storage(work)
    answer({"slug": slug, "state": "closed"}, f"Démarche « {slug} » fermée.", as_json)


@click.group()
def placement() -> None:
    """Emplacements : là où le bouton ou le lien s'affiche."""


@placement.command("add")
@click.option("--procedure", "slug", required=True, help="Identifiant de la démarche.")
@click.option("--channel", type=click.Choice(CHANNELS), default="web", show_default=True)
@click.option("--form", type=click.Choice(["satisfaction", "malfunction"]), default="satisfaction", show_default=True)
@click.option("--label", default="", help="Nom de l'emplacement, pour vous.")
@click.option("--contact/--no-contact", default=False, help="Proposer de laisser un e-mail (signalements seulement).")
@json_option
def add_placement(slug: str, as_json: bool, **wanted: Any) -> None:
    """Créer un emplacement de plus pour une démarche."""
    if wanted["contact"] and wanted["form"] != "malfunction":
        raise click.BadParameter("--contact ne va qu'avec --form malfunction.")

    async def work(storage: Storage) -> tuple[Procedure, Placement]:
        found = await _procedure(storage, slug)
        return found, await storage.catalogue.add_placement(found, **wanted, now=now())

    found, created = with_storage(work)
    described = _placed(found, created, settings().base_url)
    answer(described, f"Emplacement {created.key} créé : {described['url']}", as_json)


@placement.command("list")
@click.option("--procedure", "slug", required=True, help="Identifiant de la démarche.")
@json_option
def list_placements(slug: str, as_json: bool) -> None:
    """Lister les emplacements d'une démarche."""

    async def work(storage: Storage) -> tuple[Procedure, list[Placement]]:
        found = await _procedure(storage, slug)
        return found, await storage.catalogue.placements(found)

    found, placements = with_storage(work)
    base = settings().base_url
    answers(
        (
            (
                _placed(found, each, base),
                f"{each.key}  {each.channel:<8} {each.form:<12} {_state(each)}  {each.label}",
            )
            for each in placements
        ),
        as_json,
        "Aucun emplacement.",
    )


@placement.command("close")
@click.argument("key")
@json_option
def close_placement(key: str, as_json: bool) -> None:
    """Fermer un emplacement : il répond aussitôt qu'il ne recueille plus d'avis."""

    async def work(storage: Storage) -> None:
        await storage.catalogue.placement(key)
        await storage.catalogue.close_placement(key, now())

    with_storage(work)
    answer({"key": key, "state": "closed"}, f"Emplacement {key} fermé.", as_json)


async def _procedure(storage: Storage, slug: str) -> Procedure:
    found = await storage.catalogue.procedure(slug)
    if found is None:
        raise NotFound(f"La démarche « {slug} » n'existe pas. « avis procedure list » les montre toutes.")
    return found


def _described(procedure: Procedure, placements: list[Placement]) -> dict[str, Any]:
    described: dict[str, Any] = msgspec.to_builtins(procedure)
    del described["id"], described["organisation_id"]
    base = settings().base_url
    return {**described, "placements": [_placed(procedure, each, base) for each in placements]}


def _placed(procedure: Procedure, placement: Placement, base: str) -> dict[str, Any]:
    """A placement with its address and the snippet to paste."""
    described: dict[str, Any] = msgspec.to_builtins(placement)
    del described["id"], described["procedure_id"]
    recommended = snippets(Target(procedure, placement), base, built(), languages()["fr"])[0]
    return {**described, "url": f"{base}/avis/{placement.key}", "snippet": recommended.code}


def _state(placement: Placement) -> str:
    return "fermé " if placement.closed_at else "ouvert"
