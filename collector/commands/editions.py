"""`avis edition`: freeze the observatory's quarterly table, or list the ones there are."""

import click
import msgspec

from collector.commands import answer, answers, json_option, now, settings, with_storage
from collector.editions import Quarter, quarter_of
from collector.observatory.making import make
from collector.storage import Storage
from collector.storage.editions import Heading, Kept
from collector.storage.journal import COMMAND


@click.command("edition")
@click.option("--quarter", default=None, help="Le trimestre à figer, par exemple 2026Q3 ; sans lui, la liste.")
@click.option("--correct", "reason", default=None, help="Corriger une édition faite : quoi, et pourquoi.")
@json_option
def edition(quarter: str | None, reason: str | None, as_json: bool) -> None:
    """Figer l'édition d'un trimestre de l'observatoire : ce qui est publié de chaque démarche à son dernier jour.

    Une édition ne change jamais : --correct en fait une autre, qui dit ce qu'elle corrige et pourquoi.
    """
    if quarter is None:
        if reason is not None:
            raise click.UsageError("--correct va avec --quarter.")
        found = with_storage(lambda storage: storage.editions.all())
        answers(
            ((msgspec.structs.asdict(one), _line(one)) for one in found),
            as_json,
            "Aucune édition. « avis edition --quarter 2026Q3 » en fait une, une fois le trimestre fini.",
        )
        return
    wanted = _quarter(quarter)

    async def work(storage: Storage) -> Kept:
        said = None if reason is None else " ".join(reason.split())
        if said == "":
            raise click.BadParameter("dites ce qui est corrigé, et pourquoi.", param_hint="--correct")
        return await make(storage, wanted, settings(), now=now(), by=COMMAND, reason=said)

    made = with_storage(work)
    said = {**msgspec.structs.asdict(made.heading), "procedures": len(made.edition.procedures)}
    answer(said, f"{_line(made.heading)}\n{len(made.edition.procedures)} démarche(s).", as_json)


def _quarter(text: str) -> Quarter:
    found = quarter_of(text)
    if found is None:
        raise click.BadParameter(f"« {text} » n'est pas un trimestre. Attendu : 2026Q3.", param_hint="--quarter")
    return found


def _line(one: Heading) -> str:
    corrects = f" (corrige {one.corrects} : {one.reason})" if one.corrects else ""
    return f"{one.name}{corrects}, faite le {one.made_at:%d/%m/%Y}, SHA-256 {one.digest}"
