"""`avis backup`, `avis restore` and `avis move`."""

import asyncio
import sys
import time
from pathlib import Path
from typing import Any, Self

import click
import msgspec

from collector.commands import answer, json_option, now, settings
from collector.housing import backup as backups
from collector.housing.backup import RATE, Backup
from collector.housing.move import move
from collector.housing.postgres import without_password
from collector.housing.restore import Restored, restore
from collector.openapi import VERSION
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.journal import COMMAND, Act, Details

FIGURES_DIFFER = 3


@click.command("backup")
@click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--check", is_flag=True, help="Ne rien copier : contrôler une sauvegarde déjà faite.")
@click.option("--force", is_flag=True, help="Remplacer un fichier du même nom.")
@click.option(
    "--rate",
    type=click.FloatRange(min=0.1),
    default=RATE,
    show_default=True,
    help="Mégaoctets écrits par seconde au plus, pour que le service garde le disque.",
)
@json_option
def backup_command(file: Path, check: bool, force: bool, rate: float, as_json: bool) -> None:
    """Copier la base dans un fichier, service en marche, puis restaurer cette copie à part et tout recompter.

    La clé secrète n'y est pas : gardez-la ailleurs (docs/operators.md).

    Codes de retour : 0 sauvegarde intacte ; 1 rien n'a été fait, ou la sauvegarde n'est pas intacte ; 3 sauvegarde
    intacte, mais les indicateurs de la base ne sont pas ceux d'un recomptage.
    """
    here = settings()
    if check:
        done = backups.check(here, file, rate=rate)
    else:
        done = backups.make(here, file, version=VERSION, now=now(), force=force, rate=rate, stage=_stage(as_json))
    answer(_built(done), _told(done, here), as_json)
    if done.manifest.recount.differing:
        raise SystemExit(FIGURES_DIFFER)


@click.command("restore")
@click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Même si la base contient des données : elle est mise de côté.")
@json_option
def restore_command(file: Path, force: bool, as_json: bool) -> None:
    """Remettre une sauvegarde à la place de la base, service arrêté ; la base d'avant est gardée sous un autre nom.

    Codes de retour : 0 base restaurée et recomptée ; 1 rien n'a changé.
    """
    here = settings()
    done = restore(here, file, now=now(), force=force)
    # Lines that came after the backup are gone with it: this one says why.
    _note(here, "database.restore", done.manifest.made_at, {"rows": done.manifest.rows})
    answer(
        {
            "restored": str(file),
            "made_at": done.manifest.made_at,
            "rows": done.manifest.rows,
            "aside": done.aside,
            "migrations": done.migrations,
            "same_keys": done.same_keys,
        },
        _after(done),
        as_json,
    )


@click.command("move")
@click.option("--to", "url", metavar="postgresql://…", required=True, help="Une base PostgreSQL vide.")
@json_option
def move_command(url: str, as_json: bool) -> None:
    """Emporter toute la base SQLite dans une base PostgreSQL, service arrêté ; interrompu, il reprend où il en était.

    La base SQLite reste comme elle est. Le mot de passe peut venir de PGPASSWORD ou de ~/.pgpass.

    Codes de retour : 0 tout est arrivé, recompté et comparé ; 1 pas encore, le message dit que faire.
    """
    here, began = settings(), time.monotonic()
    with _Bars(hidden=as_json or not sys.stderr.isatty()) as bars:
        done = move(here, url, bars)
    seconds = time.monotonic() - began
    _note(msgspec.structs.replace(here, database=url), "database.move", "postgresql", {"rows": done.rows})
    answer(
        {
            "rows": done.rows,
            "resumed": done.resumed,
            "seconds": round(seconds, 1),
            "tables": msgspec.to_builtins(done.tables),
        },
        "\n".join(
            (
                f"{done.rows} lignes emportées en {seconds:.0f} s"
                + (f" (dont {done.resumed} lors d'un essai précédent)" if done.resumed else "")
                + ", recomptées et comparées une à une.",
                f"Réglez maintenant AVIS_DATABASE={without_password(url)}",
                "Gardez AVIS_DATA et la clé secrète, puis démarrez le service.",
                f"La base {here.sqlite_path} est restée comme elle était : effacez-la dans les 30 jours.",
            )
        ),
        as_json,
    )


def _note(here: Settings, act: Act, subject: str, details: Details) -> None:
    """A line in the journal of a database that has just got its place."""

    async def write() -> None:
        storage = Storage(here)
        await storage.open()
        try:
            async with storage.engine.write() as connection:
                await storage.journal.append(connection, by=COMMAND, act=act, subject=subject, details=details)
        finally:
            await storage.close()

    asyncio.run(write())


class _Bars:
    """A bar for each stage of a move, one after the other."""

    def __init__(self, *, hidden: bool) -> None:
        self._hidden = hidden
        self._stage = ""
        self._bar: Any = None
        self._shown = 0

    def __enter__(self) -> Self:
        return self

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self.__exit__()
            self._stage, self._shown = stage, 0
            self._bar = click.progressbar(length=total, label=f"{stage:<9}", file=sys.stderr, hidden=self._hidden)
            self._bar.__enter__()
        self._bar.update(done - self._shown)
        self._shown = done

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.__exit__(None, None, None)


def _stage(as_json: bool) -> backups.Stage:
    """Someone who watches is told where it is; a log is not."""
    return lambda name: click.echo(f"{name}…", err=True) if sys.stderr.isatty() and not as_json else None


def _built(done: Backup) -> dict[str, object]:
    return {"file": str(done.file), "verified": done.verified, **msgspec.to_builtins(done.manifest)}


_HOW = {
    "restored": "Contrôlée : restaurée à part, chaque ligne recomptée et comparée.",
    "read": "Contrôlée en la lisant jusqu'au bout : ce compte ne peut pas créer la base d'essai où la restaurer "
    "(droit CREATEDB).",
}


def _told(done: Backup, here: Settings) -> str:
    manifest, recount = done.manifest, done.manifest.recount
    counts = (f"  {name:<20} {tally.rows:>12}" for name, tally in sorted(manifest.tables.items()) if tally.rows)
    key = "AVIS_SECRET_KEYS" if not (here.data / "secret.key").exists() else str(here.data / "secret.key")
    return "\n".join(
        (
            f"{done.file} : {manifest.rows} lignes, {manifest.data.bytes} octets, du {manifest.made_at}.",
            *counts,
            _HOW[done.verified],
            f"Indicateurs : {recount.reviews} avis recomptés, "
            + (
                f"{recount.differing} groupe(s) sur {recount.groups} diffèrent ; voir « avis doctor »."
                if recount.differing
                else f"{recount.groups} groupe(s), tous identiques."
            ),
            f"La clé secrète n'y est pas : gardez {key} ailleurs. Sans elle, ni liens d'export ni e-mails.",
            "Effacez cette copie au plus tard dans 30 jours : ce qui est effacé de la base y reste.",
        )
    )


def _after(done: Restored) -> str:
    lines = [f"{done.manifest.rows} lignes restaurées, du {done.manifest.made_at}, recomptées et identiques."]
    if done.aside:
        lines.append(f"La base d'avant est gardée sous le nom {done.aside} ; effacez-la quand elle ne sert plus.")
    if done.migrations:
        lines.append(f"Migrations exécutées : {', '.join(done.migrations)}.")
    if not done.same_keys:
        lines.append(
            "Attention : la clé secrète d'ici n'est pas celle de la sauvegarde. Remettez secret.key (ou "
            "AVIS_SECRET_KEYS) avant de démarrer : sinon les liens d'export et les e-mails sont illisibles."
        )
    lines.append("Démarrez le service : il efface aussitôt ce qui est trop ancien. Chacun doit se reconnecter.")
    return "\n".join(lines)
