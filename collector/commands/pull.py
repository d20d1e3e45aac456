"""`avis pull`: what a job runs, and a person may watch."""

import sys
from pathlib import Path
from typing import Any

import click
from typing_extensions import override

from collector.commands import answer, json_option
from collector.exports.pull import Report, pull
from collector.exports.signatures import is_thumbprint


class Thumbprint(click.ParamType[str]):
    """The name of a signing key."""

    name = "empreinte"

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not is_thumbprint(str(value)):
            self.fail(f"« {value} » n'est pas une empreinte de clé : 43 lettres, chiffres, - ou _.", param, ctx)
        return str(value)


@click.command("pull")
@click.argument("url")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    required=True,
    help="Dossier de la copie, ou fichier .duckdb.",
)
@click.option("--key", type=Thumbprint(), help="Empreinte de la clé du service ; sinon, celle vue la première fois.")
@json_option
def pull_command(url: str, into: Path, key: str | None, as_json: bool) -> None:
    """Tenir à jour une copie locale d'un export : reprend où elle en était, n'ajoute que le nouveau.

    Codes de retour : 0 copie à jour ; 3 lien refusé (expiré, révoqué, modifié) ; 4 réseau ou serveur, à relancer ;
    5 réponse qui ne correspond pas à son empreinte ou à sa signature ; 6 dossier ou fichier inutilisable ; 7 clé du
    service changée sans que l'ancienne l'ait signée.
    """
    report = pull(url, into, key=key, say=_progress)
    if sys.stderr.isatty():
        click.echo(err=True)
    answer(
        report,
        f"{report.added} nouvelle(s) ligne(s), {report.updated} mise(s) à jour, {report.deleted} supprimée(s), "
        f"{report.total} au total dans {report.file}",
        as_json,
    )


def _progress(report: Report) -> None:
    """For whoever watches; cron gets no letter about it."""
    if sys.stderr.isatty():
        click.echo(f"\r{report.pages} page(s), {report.added} ligne(s) reçue(s)", nl=False, err=True)
