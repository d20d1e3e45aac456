"""`avis serve`, `avis migrate` and `avis demo`."""

import os

import click
import msgspec
import uvicorn

from collector.commands import answer, json_option, now, settings, with_storage
from collector.commands.connections import Connection, open_files
from collector.commands.listening import DEFAULT_HOST, DEFAULT_PORT, check_free
from collector.demo import ADMINISTRATOR, Demo, fill
from collector.errors import SettingsError
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.journal import COMMAND
from collector.storage.migrate import OutdatedSchema, migrate, missing
from collector.storage.soundness import check_sound


@click.command()
@click.option("--host", default=DEFAULT_HOST, show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=DEFAULT_PORT, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processus.")
def serve(host: str, port: int, workers: int) -> None:
    """Servir le collecteur."""
    if "AVIS_BASE_URL" not in os.environ and (host, port) != (DEFAULT_HOST, DEFAULT_PORT):
        # Links and snippets must lead to where we really listen; inherited by the workers.
        os.environ["AVIS_BASE_URL"] = f"http://{DEFAULT_HOST if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104
    here = settings()
    if workers > 1:
        _sharable(here)
    check_free(host, port)
    if here.sqlite_path:
        check_sound(here.sqlite_path)
        migrate(here)
    elif missing(here):
        raise OutdatedSchema
    click.echo(_addresses(here), err=True)
    open_files()
    uvicorn.run(
        "collector.commands.asgi:app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        http=Connection,
        ws="none",
        # Addresses of citizens would be in the access log; X-Forwarded-For is ours to read, see collector/web.py.
        access_log=False,
        proxy_headers=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=20,
        # On a machine that is busy beyond measure a worker is slow to say that it lives, and no better when replaced.
        timeout_worker_healthcheck=20,
    )


@click.command("migrate")
@json_option
def migrate_command(as_json: bool) -> None:
    """Mettre le schéma de la base à jour."""
    ran = migrate(settings(), COMMAND)
    answer({"migrations": ran}, f"Migrations exécutées : {', '.join(ran) or 'aucune, tout est à jour'}.", as_json)


@click.command("demo")
@click.option("--reviews", type=click.IntRange(0, 1_000_000), default=1600, show_default=True, help="Nombre d'avis.")
@click.option("--days", type=click.IntRange(1, 1500), default=400, show_default=True, help="Sur combien de jours.")
@click.option("--seed", type=int, default=1, show_default=True, help="Même graine, mêmes avis.")
@json_option
def demo(reviews: int, days: int, seed: int, as_json: bool) -> None:
    """Créer des démarches fictives, leurs avis et leurs critères, une édition, et un compte administrateur."""

    async def work(storage: Storage) -> Demo:
        return await fill(storage, settings(), reviews=reviews, days=days, seed=seed, now=now())

    made = with_storage(work)
    password = (
        f"Mot de passe à usage unique de {ADMINISTRATOR} : {made.one_time_password}"
        if made.one_time_password
        else f"Le compte {ADMINISTRATOR} existe déjà ; « avis user reset {ADMINISTRATOR} » lui donne un mot de passe."
    )
    answer(
        msgspec.structs.asdict(made),
        f"{made.reviews} avis fictifs sur {len(made.procedures)} démarches, et l'édition {made.edition}.\n{password}",
        as_json,
    )


def _sharable(here: Settings) -> None:
    """Raises SettingsError unless several processes can share what is kept."""
    if here.sqlite_path:
        # They could share the file, but not who counts what waits, and each write would wait for the others' locks.
        raise SettingsError(
            "--workers : SQLite sert un seul processus. Retirez --workers, ou indiquez une base PostgreSQL dans "
            "AVIS_DATABASE (postgresql://hôte/base) pour en lancer plusieurs."
        )
    if here.limits_storage == "memory://":
        raise SettingsError(
            "AVIS_LIMITS_STORAGE : memory:// compte dans un seul processus. Indiquez database ou redis://hôte:6379 "
            "pour en lancer plusieurs."
        )


def _addresses(here: Settings) -> str:
    return "\n".join(
        (
            "Avis est prêt :",
            f"  Page de démonstration  {here.base_url}/demo",
            f"  Administration         {here.base_url}/admin",
            f"  Santé du service       {here.base_url}/readyz",
            "Ctrl+C pour arrêter.",
        )
    )
