"""`avis procedure import` and `export`: what the page of the admin does, by the same code."""

from pathlib import Path
from typing import Any

import click

from admin import words
from admin.bulk.files import MOST_BYTES, Unreadable, rows_of
from admin.bulk.kinds import KINDS
from admin.bulk.plans import Line, Plan
from admin.bulk.written import MEDIA_TYPES, written
from collector.commands import answer, answers, json_option, now, with_storage
from collector.errors import AvisError, FieldError
from collector.schema import date_of
from collector.storage import Storage
from collector.storage.journal import COMMAND


class Refused(AvisError):
    """Rows that cannot be imported: then none is."""

    status, code, title = 422, "rows-refused", "Rien n'a été importé"
    detail = "Corrigez les lignes indiquées, puis relancez la commande."


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Montrer ce que chaque ligne ferait, sans rien changer.")
@json_option
def import_procedures(file: Path, dry_run: bool, as_json: bool) -> None:
    """Créer et changer des démarches d'après un fichier CSV, XLSX ou ODS : en entier, ou pas du tout."""
    kind = KINDS["demarches"]
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)

    async def work(storage: Storage) -> Plan:
        trial = await kind.trial(storage, await rows_of(content, kind.columns), date_of(now()))
        if not trial.plan.is_possible:
            raise Refused(errors=list(_wrong(trial.plan)))
        if not dry_run and trial.plan.wanted:
            await trial.put(now(), COMMAND)
        return trial.plan

    plan = with_storage(work)
    answers(((_described(line), _told(line)) for line in plan.lines), as_json, "Rien à importer.")
    if not as_json:
        done = "seraient changées ou créées" if dry_run else "changées ou créées"
        click.echo(f"{len(plan.wanted)} démarche(s) {done}, {plan.number('leave')} inchangée(s).")


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def export_procedures(file: Path, as_json: bool) -> None:
    """Écrire les démarches dans un fichier .csv ou .xlsx, qui peut être importé."""
    ending, kind = file.suffix.removeprefix("."), KINDS["demarches"]
    if ending not in MEDIA_TYPES:
        raise Unreadable(f"« {file.name} » : donnez un nom qui finit par .csv ou .xlsx.")
    cells = with_storage(kind.cells)
    file.write_bytes(written(cells, kind.columns, ending))
    answer({"file": str(file), "procedures": len(cells)}, f"{len(cells)} démarche(s) dans {file}.", as_json)


def _wrong(plan: Plan) -> list[FieldError]:
    columns = KINDS["demarches"].columns
    return [
        FieldError(f"ligne {line.number}, {columns[column]}", "invalid-cell", message)
        for line in plan.lines
        for column, message in line.errors.items()
    ]


def _described(line: Line) -> dict[str, Any]:
    changes = {one.column: [one.before, one.after] for one in line.changes}
    return {"row": line.number, "slug": line.name, "deed": line.deed, "changes": changes}


def _told(line: Line) -> str:
    columns = KINDS["demarches"].columns
    what = [f"{columns[one.column]} : {one.before or 'rien'} → {one.after or 'rien'}" for one in line.changes]
    said = f" ({' ; '.join(what)})" if line.deed == "change" else ""
    return f"{line.number:>5}  {words.label('deeds', line.deed):<10} {line.name}{said}"
