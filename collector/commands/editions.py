"""`avis edition`: freeze the observatory's quarterly table, list the ones there are, write their files."""

from pathlib import Path

import click
import msgspec

from collector.commands import answer, answers, json_option, now, settings, with_storage
from collector.editions import Quarter, quarter_of
from collector.errors import Conflict, NotFound
from collector.observatory.edition_files import EDITION_FORMATS, ENDINGS, file_of, is_signed
from collector.observatory.making import make
from collector.storage import Storage
from collector.storage.editions import Heading, Kept
from collector.storage.journal import COMMAND


@click.command("edition")
@click.option("--quarter", default=None, help="Le trimestre à figer, par exemple 2026Q3 ; sans lui, la liste.")
@click.option("--correct", "reason", default=None, help="Corriger une édition faite : quoi, et pourquoi.")
@click.option("--save", "name", default=None, help="Écrire les fichiers d'une édition, par exemple 2026Q3 ou 2026Q3.2.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Dossier de --save.")
@json_option
def edition(quarter: str | None, reason: str | None, name: str | None, into: Path, as_json: bool) -> None:
    """Figer l'édition d'un trimestre de l'observatoire : ce qui est publié de chaque démarche à son dernier jour.

    Une édition ne change jamais : --correct en fait une autre, qui dit ce qu'elle corrige et pourquoi. La liste vérifie
    que chacune est celle qui a été signée ; le code de sortie n'est pas 0 sinon.
    """
    if name is not None and quarter is None and reason is None:
        _save(name, into, as_json=as_json)
    elif quarter is not None and name is None:
        _make(_quarter(quarter), reason, as_json=as_json)
    elif reason is None and name is None:
        _list(as_json=as_json)
    else:
        raise click.UsageError("--correct va avec --quarter, et --save va seul.")


def _list(*, as_json: bool) -> None:
    async def work(storage: Storage) -> list[tuple[Heading, bool]]:
        found = [(one, await storage.editions.get(one.name)) for one in await storage.editions.all()]
        return [(heading, kept is not None and is_signed(kept)) for heading, kept in found]

    found = with_storage(work)
    answers(
        (
            ({**msgspec.structs.asdict(one), "verified": good}, _line(one) + ("" if good else " : CONTENU MODIFIÉ"))
            for one, good in found
        ),
        as_json,
        "Aucune édition. « avis edition --quarter 2026Q3 » en fait une, une fois le trimestre fini.",
    )
    if not all(good for _, good in found):
        click.get_current_context().exit(1)


def _make(quarter: Quarter, reason: str | None, *, as_json: bool) -> None:
    said = None if reason is None else " ".join(reason.split())
    if said == "":
        raise click.BadParameter("dites ce qui est corrigé, et pourquoi.", param_hint="--correct")

    async def work(storage: Storage) -> Kept:
        return await make(storage, quarter, settings(), now=now(), by=COMMAND, reason=said)

    made = with_storage(work)
    number = len(made.edition.procedures)
    told = {**msgspec.structs.asdict(made.heading), "procedures": number}
    answer(told, f"{_line(made.heading)}\n{number} démarche(s).", as_json)


def _save(name: str, into: Path, *, as_json: bool) -> None:
    kept = with_storage(lambda storage: storage.editions.get(name))
    if kept is None:
        raise NotFound(f"Il n'y a pas d'édition « {name} ». « avis edition » les montre toutes.")
    if not is_signed(kept):
        raise Conflict(f"L'édition « {name} » n'est plus celle qui a été signée. Restaurez-la d'une sauvegarde.")
    into.mkdir(parents=True, exist_ok=True)
    files = [into / f"{name}{ENDINGS[one]}" for one in EDITION_FORMATS]
    for file, one in zip(files, EDITION_FORMATS, strict=True):
        file.write_bytes(file_of(kept, one))
    answer({"files": [str(file) for file in files]}, "\n".join(map(str, files)), as_json)


def _quarter(text: str) -> Quarter:
    found = quarter_of(text)
    if found is None:
        raise click.BadParameter(f"« {text} » n'est pas un trimestre. Attendu : 2026Q3.", param_hint="--quarter")
    return found


def _line(one: Heading) -> str:
    corrects = f" (corrige {one.corrects} : {one.reason})" if one.corrects else ""
    return f"{one.name}{corrects}, faite le {one.made_at:%d/%m/%Y}, SHA-256 {one.digest}"
