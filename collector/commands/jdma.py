"""`avis import-jdma`: what citizens told « Je donne mon avis », the national service, from the files that it gives."""

import re
from pathlib import Path

import click
import msgspec

from collector.commands import answer, json_option, now, with_storage
from collector.errors import BadRequest, NotFound
from collector.national.bringing import Bringing, Brought
from collector.national.file import read
from collector.national.opinions import Told
from collector.schema import Procedure
from collector.storage import Storage
from collector.storage.journal import COMMAND


class Imported(msgspec.Struct, frozen=True):
    """`stored` is false after a dry run; `already` were there. `errors` names lines and cells, `left` whole columns."""

    procedure: str
    imported: int
    already: int
    refused: int
    stored: bool
    placements: tuple[str, ...]
    left: tuple[str, ...]
    errors: tuple[Told, ...]
    untold: int


@click.command("import-jdma")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--procedure", "slug", default=None, help="La démarche ; sinon, celle que le nom du fichier désigne.")
@click.option("--dry-run", is_flag=True, help="Dire ce qui se passerait, sans rien enregistrer.")
@json_option
def import_jdma(file: Path, slug: str | None, dry_run: bool, as_json: bool) -> None:
    """Importer un export CSV ou XLSX de « Je donne mon avis » : voir docs/moving-in.md.

    Les commentaires sont masqués avant d'être enregistrés, les dates gardées. Importer deux fois le même fichier
    n'ajoute rien. Le code de sortie est 1 quand une ligne ou une case n'a pas pu être lue ; tout le reste est importé.
    """

    async def work(storage: Storage) -> Imported:
        procedure = _meant(file, slug, await storage.catalogue.procedures())
        export = read(file)
        brought = await Bringing(storage, procedure, now(), COMMAND, dry_run=dry_run).run(export.lines)
        return _summed(procedure, brought, export.left, stored=not dry_run)

    done = with_storage(work)
    answer(done, _told(done), as_json)
    if done.errors:
        click.get_current_context().exit(1)


def _meant(file: Path, slug: str | None, procedures: list[Procedure]) -> Procedure:
    """Raises NotFound or BadRequest. The national service names its files `Avis_{title}_{moment}.csv`."""
    if slug is not None:
        found = [one for one in procedures if one.slug == slug]
        if not found:
            raise NotFound(f"La démarche « {slug} » n'existe pas. « avis procedure list » les montre toutes.")
        return found[0]
    named = [one for one in procedures if f"Avis_{re.sub(r'[^A-Za-z0-9_-]', '_', one.title)}_" in file.name]
    if len(named) == 1 or len(procedures) == 1:
        return (named or procedures)[0]
    raise BadRequest(f"Le nom « {file.name} » ne dit pas de quelle démarche il s'agit. Ajoutez --procedure SLUG.")


def _summed(procedure: Procedure, brought: Brought, left: tuple[str, ...], *, stored: bool) -> Imported:
    return Imported(
        procedure=procedure.slug,
        imported=brought.imported,
        already=brought.already,
        refused=brought.refused,
        stored=stored,
        placements=tuple(brought.placements),
        left=left,
        errors=tuple(brought.told),
        untold=brought.untold,
    )


def _told(done: Imported) -> str:
    lines = [f"  {_where(one)} : {one.message}" for one in done.errors]
    if done.untold:
        lines.append(f"  … et {done.untold} autre(s) case(s).")
    if done.left:
        lines.append(f"Colonnes laissées de côté, parce que le formulaire ne les a pas : {', '.join(done.left)}.")
    if done.placements:
        lines.append(f"Emplacement(s) créé(s) : {', '.join(done.placements)}.")
    what = f"{done.imported} avis, {done.refused} ligne(s) refusée(s), {done.already} déjà là"
    end = f"Importé dans « {done.procedure} » : {what}."
    return "\n".join([*lines, end if done.stored else f"Rien n'est enregistré (essai). Ce serait : {what}."])


def _where(told: Told) -> str:
    return f"{f'feuille {told.sheet}, ' if told.sheet else ''}ligne {told.row}, {told.column}"
