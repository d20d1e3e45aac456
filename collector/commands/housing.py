"""`avis backup`, `avis restore` and `avis move`."""

import sys
from pathlib import Path

import click
import msgspec

from collector.commands import answer, json_option, now, settings
from collector.housing import backup as backups
from collector.housing.backup import RATE, Backup
from collector.housing.restore import Restored, restore
from collector.openapi import VERSION
from collector.settings import Settings

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
    help="SQLite : mégaoctets par seconde au plus, pour que le service garde le disque.",
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
        done = backups.check(here, file)
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
    done = restore(settings(), file, now=now(), force=force)
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
