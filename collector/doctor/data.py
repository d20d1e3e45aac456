"""What is stored: dates, figures, the journal, and whether what is too old is really forgotten."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any

from collector.doctor import host, sqlite
from collector.doctor.findings import Finding, error, ok
from collector.housing.recount import Recount, kept_from
from collector.schema import PARIS
from collector.settings import Settings
from collector.storage import Storage

DAYS = 30
"""Days of procedures that are recounted: seconds at any size. `avis backup` recounts everything."""


async def judge(storage: Storage, settings: Settings, now: datetime) -> AsyncIterator[Finding]:
    today = now.astimezone(PARIS).date()
    yield await _connection(storage)
    yield host.last_stored(now, await storage.samples.latest())
    yield await _figures(storage, kept_from(settings, today))
    yield forgotten(await storage.samples.last_purge(), await storage.samples.since(), now)
    yield await _journal(storage)


async def _connection(storage: Storage) -> Finding:
    """As the service's own connections have it."""
    if storage.engine.name == "postgres":
        from collector.doctor import postgres  # noqa: PLC0415 - its driver is ten megabytes

        async with storage.engine.read() as connection:
            return postgres.session((await _row(connection, "SHOW timezone"))["TimeZone"])
    async with storage.engine.write() as connection:
        journal = await _row(connection, "PRAGMA journal_mode")
        synchronous = await _row(connection, "PRAGMA synchronous")
    return sqlite.durability(journal["journal_mode"], synchronous["synchronous"])


async def _row(connection: Any, statement: str) -> Any:
    cursor = await connection.execute(statement)
    return await cursor.fetchone()


async def _figures(storage: Storage, since: str) -> Finding:
    recount = Recount(since)
    for sample in await storage.samples.days(since, DAYS):
        for row in sample.counts:
            recount.day_count(row)
        for row in sample.own_counts:
            recount.own_count(row)
        for row in sample.reviews:
            recount.review(row)
    found = recount.result()
    if found.differing:
        return error(
            "figures-differ",
            f"{found.differing} groupe(s) sur {found.groups} ne sont pas égaux à un recomptage de leurs avis.",
            "Faites une sauvegarde (« avis backup »), puis signalez-le : les indicateurs publiés peuvent être faux.",
        )
    return ok("figures", f"{found.reviews} avis recomptés : les indicateurs sont les mêmes.")


def forgotten(last: str | None, since: datetime | None, now: datetime) -> Finding:
    """The service does it once a day: two days without it are no night's rest any more."""
    worked = date.fromisoformat(last) if last else (since.astimezone(PARIS).date() if since else None)
    if worked and now.astimezone(PARIS).date() - worked > timedelta(days=2):
        return error(
            "retention-late",
            f"Ce qui est trop ancien n'a plus été effacé depuis le {worked}."
            if last
            else "Ce qui est trop ancien n'a jamais été effacé.",
            "Le service tourne-t-il ? Lancez « avis purge », et cherchez « not-forgotten » dans son journal.",
        )
    return ok("retention-run", f"Ce qui est trop ancien a été effacé le {last}." if last else "Rien à effacer encore.")


async def _journal(storage: Storage) -> Finding:
    verdict = await storage.journal.verify()
    if verdict.broken is not None:
        return error(
            "journal-broken",
            f"La ligne {verdict.broken} du journal manque ou a été modifiée.",
            "Gardez la base telle quelle, comparez avec la dernière sauvegarde, et cherchez qui a eu accès.",
        )
    if not verdict.sealed:
        return error(
            "journal-unsealed",
            "La dernière ligne du journal n'est scellée par aucune de vos clés.",
            "Si la clé a changé, remettez l'ancienne en second dans AVIS_SECRET_KEYS ; sinon, quelqu'un a écrit ici.",
        )
    return ok("journal", f"{verdict.lines} ligne(s) de journal, toutes intactes.")
