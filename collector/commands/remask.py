"""`avis remask`."""

import sys

import click
import msgspec

from collector.commands import answer, json_option, now, with_storage
from collector.remasking import Remasking
from collector.storage import Storage
from collector.storage.journal import COMMAND
from collector.storage.remasked import Remasked


@click.command()
@click.option("--again", is_flag=True, help="Tout relire depuis le début, même ce qui l'a déjà été avec ces règles.")
@json_option
def remask(again: bool, as_json: bool) -> None:
    """Masquer à nouveau tout ce qui est enregistré, après une amélioration des règles.

    Mettez d'abord le service à jour. La commande peut être interrompue et relancée : elle reprend où elle en était.
    """

    async def work(storage: Storage) -> tuple[Remasked, bool]:
        remasking = Remasking(storage, now, COMMAND)
        begin = await remasking.state(again=again)
        with click.progressbar(
            length=begin.last - begin.seq,
            label="Masquage",
            file=sys.stderr,
            hidden=as_json or not sys.stderr.isatty(),
        ) as bar:
            return await remasking.run(begin, bar.update), not storage.unscrubbed

    done, erased = with_storage(work)
    answer(
        {**msgspec.structs.asdict(done), "findings": dict(done.findings), "erased": erased},
        _told(done) if erased else f"{_told(done)}\n{_STILL_THERE}",
        as_json,
    )


_STILL_THERE = (
    "Les textes d'origine ont quitté la base, mais pas encore son journal d'écriture : d'autres processus le lisent. "
    "Le service l'efface au plus tard demain ; « avis purge » le fait tout de suite."
)


def _told(done: Remasked) -> str:
    found = ", ".join(f"{kind} {number}" for kind, number in sorted(done.findings.items()))
    return (
        f"{done.reviews} avis relus avec les règles {done.rules}, {done.changed} texte(s) masqué(s) en plus"
        f"{f' ({found})' if found else ''}."
    )
