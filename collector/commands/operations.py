"""`avis import-operations`: daily numbers of procedures, from a file."""

import click
from msgspec import Struct

from collector.commands import answer, json_option, now, with_storage
from collector.errors import NotFound
from collector.operations.days import Differences
from collector.operations.file import read
from collector.operations.rows import RowError, RowsRead
from collector.schema import Procedure, date_of
from collector.storage import Storage
from collector.storage.journal import COMMAND


class Imported(Struct, frozen=True):
    """`stored`: something was, or would have been, had anything changed; not after a dry run or a refusal."""

    added: int
    changed: int
    unchanged: int
    refused: int
    stored: bool
    errors: tuple[RowError, ...]


@click.command("import-operations")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--procedure", "slug", default=None, help="La démarche des lignes qui n'en nomment aucune.")
@click.option("--dry-run", is_flag=True, help="Dire ce qui se passerait, sans rien enregistrer.")
@click.option("--partial", is_flag=True, help="Enregistrer les lignes justes même si d'autres sont refusées.")
@json_option
def import_operations(file: str, slug: str | None, dry_run: bool, partial: bool, as_json: bool) -> None:
    """Importer les volumes et délais par jour (CSV, « - » pour l'entrée standard) : voir docs/operations.md.

    Importer deux fois le même fichier ne change rien ; un fichier plus récent corrige. Si une ligne est refusée, rien
    n'est enregistré (sauf --partial) et le code de sortie n'est pas 0.
    """
    with click.open_file(file, "rb") as opened:
        raw = opened.read()

    async def work(storage: Storage) -> Imported:
        known = {one.slug: one for one in await storage.catalogue.procedures()}
        if slug and slug not in known:
            raise NotFound(f"La démarche « {slug} » n'existe pas. « avis procedure list » les montre toutes.")
        found = read(raw, today=date_of(now()), procedures=known, default=slug)
        keep = not dry_run and (partial or not found.errors)
        return _summed(found, await _brought(storage, known, found, keep=keep), stored=keep)

    done = with_storage(work)
    answer(done, _told(done, dry_run=dry_run), as_json)
    if done.errors:
        click.get_current_context().exit(1)


async def _brought(storage: Storage, known: dict[str, Procedure], found: RowsRead, *, keep: bool) -> list[Differences]:
    if not keep:
        return [await storage.operations.compare(known[slug], days) for slug, days in found.days.items()]
    return [
        await storage.operations.bring(known[slug], days, now=now(), by=COMMAND) for slug, days in found.days.items()
    ]


def _summed(found: RowsRead, brought: list[Differences], *, stored: bool) -> Imported:
    return Imported(
        added=sum(len(one.added) for one in brought),
        changed=sum(len(one.changed) for one in brought),
        unchanged=sum(one.unchanged for one in brought),
        refused=found.refused,
        stored=stored,
        errors=found.errors,
    )


def _told(done: Imported, *, dry_run: bool) -> str:
    lines = [f"  ligne {one.row}{f', {one.column}' if one.column else ''} : {one.message}" for one in done.errors]
    what = f"{done.added} ligne(s) ajoutée(s), {done.changed} corrigée(s), {done.unchanged} déjà là"
    if done.stored:
        end = f"Importé : {what}."
    elif dry_run:
        end = f"Rien n'est enregistré (essai). Ce serait : {what}."
    else:
        end = f"Rien n'est enregistré. Corrigez ces lignes, ou ajoutez --partial pour garder le reste : {what}."
    return "\n".join([f"{done.refused} ligne(s) refusée(s) :", *lines, end] if lines else [end])
