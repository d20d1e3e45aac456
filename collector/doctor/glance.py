"""What of an examination costs next to nothing, for a page: nothing is read from end to end, no figure recounted."""

from asyncio import to_thread
from collections.abc import AsyncIterator
from datetime import datetime

from collector.doctor import host, settings, sqlite
from collector.doctor.data import forgotten
from collector.doctor.findings import Finding, error, ok, warning
from collector.limits import Limits
from collector.schema import PARIS
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.migrate import missing
from collector.storage.state import State

LINES = 200
"""Of the journal, the last: `avis doctor` verifies all of it."""
LATE = 5_000
"""Changes that nobody can search yet: two or three seconds of the greatest haste."""


async def glance(
    here: Settings, storage: Storage, limits: Limits, state: State, now: datetime
) -> AsyncIterator[Finding]:
    for finding in await to_thread(_machine, here, now):
        yield finding
    await limits.look()
    yield limits_storage(away=limits.degraded)
    yield queue(storage.writer.waiting, storage.writer.writing_for)
    yield behind(state.behind)
    yield letters(state.waiting, state.tries)
    yield host.last_stored(now, await storage.samples.latest())
    yield forgotten(await storage.samples.last_purge(), await storage.samples.since(), now)
    yield journal(intact=await storage.journal.ends_well(LINES))


def _machine(here: Settings, now: datetime) -> list[Finding]:
    """Beside the event loop: files and, for the schema, a connection of its own."""
    found = [*settings.chosen(here, now.astimezone(PARIS).date()), *host.judge(here)]
    outdated = missing(here)
    found.append(
        warning("schema-outdated", f"Le schéma n'a pas encore {', '.join(outdated)}.", "Lancez « avis migrate ».")
        if outdated
        else ok("schema", "Le schéma est celui de cette version.")
    )
    if here.sqlite_path:
        log = here.sqlite_path.with_name(f"{here.sqlite_path.name}-wal")
        found.append(sqlite.write_ahead_log(log.stat().st_size if log.exists() else 0))
    return found


def limits_storage(*, away: bool) -> Finding:
    if away:
        return warning(
            "limits-storage-away",
            "AVIS_LIMITS_STORAGE ne répond pas : les limites sont comptées dans la base, plus lentement.",
            "Vérifiez que Redis ou Valkey tourne, et son adresse.",
        )
    return ok("limits-storage", "Les limites peuvent être comptées.")


def queue(waiting: int, writing_for: float) -> Finding:
    told = f"{waiting} avis attendent d'être écrits"
    if writing_for > 2:
        return error(
            "writing-slow",
            f"{told}, et l'écriture en cours dure depuis {writing_for:.0f} s.",
            "La base est-elle occupée ? Attendez la fin d'une sauvegarde ou d'une commande « avis », sinon son disque.",
        )
    return ok("queue", f"{told} dans ce processus.")


def behind(changes: int) -> Finding:
    if changes > LATE:
        return warning(
            "index-behind",
            f"{changes} avis ou changements ne se trouvent pas encore par leurs mots.",
            "Cela se rattrape tout seul. Sinon, cherchez « not-indexed » dans le journal du service.",
        )
    return ok("index", "Les commentaires se trouvent par leurs mots quelques secondes après leur arrivée.")


def letters(waiting: int, tries: int) -> Finding:
    told = f"{waiting} message(s) attendent de partir"
    if tries:
        return warning(
            "mail-failing",
            f"{told} ; le serveur de courrier en a déjà refusé ou perdu.",
            "Vérifiez AVIS_MAIL_SERVER et que ce serveur répond. Ce qui attend sera essayé de nouveau.",
        )
    return ok("mail", f"{told}.")


def journal(*, intact: bool) -> Finding:
    if not intact:
        return error(
            "journal-broken",
            f"Parmi les {LINES} dernières lignes du journal, une manque, a été modifiée, ou la fin n'est pas scellée.",
            "Lancez « avis journal --verify », gardez la base telle quelle, et cherchez qui a eu accès.",
        )
    return ok("journal", f"Les {LINES} dernières lignes du journal sont intactes et scellées.")
