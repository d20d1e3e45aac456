"""`avis link …`."""

from datetime import timedelta
from typing import Any

import click
import msgspec

from collector.commands import Day, Duration, answer, answers, json_option, now, settings, with_storage
from collector.errors import NotFound
from collector.exports.links import BYS, CONTENTS, EVERY_PROCEDURE, FORMATS, INTERVALS, create_link, url_of
from collector.exports.signatures import signing_keys
from collector.schema import Link
from collector.storage import Storage
from collector.storage.journal import COMMAND


@click.group()
def link() -> None:
    """Liens d'export signés : créer, lister, révoquer."""


@link.command("create")
@click.option("--procedure", "procedures", multiple=True, help="Démarche à exporter ; l'option se répète.")
@click.option("--all", "every", is_flag=True, help="Toutes les démarches, celles à venir comprises.")
@click.option("--content", type=click.Choice(CONTENTS), required=True)
@click.option("--format", "format", type=click.Choice(FORMATS), required=True)
@click.option("--from", "from_day", type=Day(), help="Premier jour, AAAA-MM-JJ.")
@click.option("--to", "to_day", type=Day(), help="Dernier jour, AAAA-MM-JJ.")
@click.option("--interval", type=click.Choice(INTERVALS), default="whole", help="Indicateurs : par pas de temps.")
@click.option("--by", type=click.Choice(BYS), default="procedure", help="Indicateurs : de qui, démarche par défaut.")
@click.option("--expires", type=Duration(), default="30d", show_default=True, help="Durée de vie : 12h, 30d, 8w.")
@click.option("--recipient", default="", help="À qui ce lien est destiné (un lien par destinataire).")
@click.option("--network", "networks", multiple=True, help="Réseau d'où le lien s'ouvre (CIDR) ; l'option se répète.")
@click.option("--once", is_flag=True, help="Donner le fichier une seule fois ; ne va pas avec « avis pull ».")
@json_option
def create(procedures: tuple[str, ...], every: bool, expires: timedelta, as_json: bool, **wanted: Any) -> None:
    """Signer un lien : il donne exactement ce qui est signé, jusqu'à son expiration ou sa révocation."""
    if every == bool(procedures):
        raise click.UsageError("Donnez --procedure (une ou plusieurs fois) ou bien --all.")

    async def work(storage: Storage) -> tuple[Link, str]:
        moment = now()
        return await create_link(
            storage,
            settings(),
            procedures=EVERY_PROCEDURE if every else procedures,
            **wanted,
            created_by="avis link create",
            actor=COMMAND,
            expires_at=moment + expires,
            now=moment,
        )

    made, url = with_storage(work)
    key = signing_keys(settings().secret_keys)[0].public.kid
    answer({**msgspec.to_builtins(made), "url": url, "key": key}, url, as_json)


@link.command("list")
@json_option
def list_links(as_json: bool) -> None:
    """Lister les liens, avec leur état et leur dernier usage."""

    async def work(storage: Storage) -> list[Link]:
        return await storage.links.all()

    answers(
        (
            (
                {**msgspec.to_builtins(each), "url": url_of(each, settings())},
                _line(each),
            )
            for each in with_storage(work)
        ),
        as_json,
        "Aucun lien. Créez-en un avec « avis link create ».",
    )


@link.command("revoke")
@click.argument("id")
@json_option
def revoke(id: str, as_json: bool) -> None:
    """Révoquer un lien : il cesse de fonctionner aussitôt, partout."""

    async def work(storage: Storage) -> None:
        if await storage.links.get(id) is None:
            raise NotFound(f"Le lien {id} n'existe pas. « avis link list » les montre tous.")
        await storage.links.revoke(id, now())

    with_storage(work)
    answer({"id": id, "state": "revoked"}, f"Lien {id} révoqué.", as_json)


def _state(link: Link) -> str:
    if link.revoked_at:
        return "révoqué"
    if link.spent_at:
        return "utilisé"
    return "expiré" if link.expires_at <= now() else "valide"


def _line(link: Link) -> str:
    return (
        f"{link.id}  {_state(link):<8} {link.content:<10} {link.format:<6} {', '.join(link.procedures):<24} "
        f"expire le {link.expires_at:%Y-%m-%d}, {link.uses} usage(s)  {link.recipient}"
    )
