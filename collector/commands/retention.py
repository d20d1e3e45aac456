"""`avis purge`."""

import sys

import click
import msgspec

from collector.commands import answer, json_option, now, settings, with_storage
from collector.retention import Due, Forgotten, Retention
from collector.storage import Storage
from collector.storage.journal import COMMAND


@click.command("purge")
@click.option("--dry-run", is_flag=True, help="Dire ce qui serait effacé, sans rien effacer.")
@json_option
def purge(dry_run: bool, as_json: bool) -> None:
    """Effacer ce qui est trop ancien (AVIS_KEEP_VERBATIMS, AVIS_KEEP_REVIEWS, AVIS_KEEP_JOURNAL).

    Les indicateurs ne changent pas.

    Le service le fait chaque jour de lui-même. La commande peut être interrompue et relancée.
    """

    async def work(storage: Storage) -> tuple[Due, Forgotten | None]:
        retention = Retention(storage, settings(), now, COMMAND)
        due = await retention.due()
        if dry_run:
            return due, None
        with click.progressbar(
            length=due.verbatims + due.reviews,
            label="Effacement",
            file=sys.stderr,
            hidden=as_json or not sys.stderr.isatty(),
        ) as bar:
            return due, await retention.forget(bar.update)

    due, done = with_storage(work)
    found = done or due
    answer(
        {
            "dry_run": dry_run,
            **msgspec.structs.asdict(due),
            "verbatims": found.verbatims,
            "reviews": found.reviews,
            "lines": found.lines,
            "erased": done.erased if done else None,
        },
        _told(due, done),
        as_json,
    )


def _told(due: Due, done: Forgotten | None) -> str:
    found = done or due
    lines = [
        _line(found.verbatims, "commentaire(s)", due.verbatims_before, bool(done)),
        _line(found.reviews, "avis entier(s)", due.reviews_before, bool(done)),
        _line(found.lines, "ligne(s) du journal", due.lines_before, bool(done)),
        "Les indicateurs des périodes passées ne changent pas.",
    ]
    if done and not done.erased:
        lines.append(
            "Le texte a quitté la base, mais pas encore son journal d'écriture : d'autres processus le lisent. "
            "Relancez « avis purge » dans quelques minutes."
        )
    return "\n".join(lines)


def _line(number: int, what: str, before: str | None, done: bool) -> str:
    if before is None:
        return f"{what.capitalize()} : conservation sans limite (off)."
    return f"{number} {what} d'avant le {before} {'effacé(s)' if done else 'à effacer'}."
