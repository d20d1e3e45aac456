"""From the settings to the last row: what cannot be reached hides only what lies behind it."""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from collector.doctor import data, host, postgres, settings, sqlite
from collector.doctor.findings import Finding, error, ok, warning
from collector.doctor.glance import limits_storage
from collector.errors import AvisError, SettingsError
from collector.limits import Limits
from collector.mail import MailFailed, greet
from collector.schema import PARIS, Clock
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.migrate import missing
from embed.assets import DIST, RELEASED, read


async def examine(environ: Mapping[str, str], clock: Clock) -> AsyncIterator[Finding]:
    here, findings = settings.read(environ)
    for finding in findings:
        yield finding
    for finding in widget(DIST, RELEASED):
        yield finding
    if not here:
        return
    now = clock()
    for finding in (*settings.judge(here, environ, now.astimezone(PARIS).date()), *host.judge(here)):
        yield finding
    yield await _limits(here, clock)
    if here.mail_server:
        yield await _mail(here)
    async for finding in _database(here, clock):
        yield finding


def widget(built: Path, released: Path) -> Iterator[Finding]:
    try:
        assets = read(built, released)
    except SettingsError as wrong:
        yield error("widget-files", wrong.message, "Réinstallez Avis, ou relancez « make setup ».")
        return
    yield ok("widget", f"{len(assets.scripts)} script(s) du widget, chacun égal à son empreinte.")
    if not (released / Path(assets.loader_path).name).exists():
        yield warning(
            "widget-unreleased",
            f"{assets.loader_path} n'est pas parmi les scripts publiés : la prochaine version ne le servirait plus.",
            "Installez une version publiée avant de coller son extrait dans une page.",
        )


async def _limits(here: Settings, clock: Clock) -> Finding:
    limits = Limits(here, clock)
    try:
        reachable = await limits.reachable()
    finally:
        await limits.close()
    return limits_storage(away=not reachable)


async def _mail(here: Settings) -> Finding:
    try:
        await greet(here)
    except MailFailed as wrong:
        return warning(
            "mail-away",
            f"{wrong.message} Invitations et mots de passe oubliés ne partent pas.",
            "Vérifiez dans AVIS_MAIL_SERVER l'hôte, le port, smtp:// (STARTTLS) ou smtps:// (TLS), l'utilisateur et le "
            "secret, le nom que porte le certificat, et que le pare-feu laisse passer.",
        )
    return ok("mail", "Le serveur de courrier répond, avec le chiffrement et le mot de passe réglés.")


async def _database(here: Settings, clock: Clock) -> AsyncIterator[Finding]:
    try:
        outdated = missing(here)
    except AvisError as wrong:
        yield error(wrong.code, f"{wrong.title}. {wrong.message}", "Vérifiez AVIS_DATABASE et que la base tourne.")
        return
    for finding in _engine(here):
        yield finding
    if outdated:
        # The service migrates its embedded database itself; another one it refuses.
        told = warning if here.sqlite_path else error
        yield told("schema-outdated", f"Le schéma n'a pas encore {', '.join(outdated)}.", "Lancez « avis migrate ».")
        return
    yield ok("schema", "Le schéma est celui de cette version.")
    storage = Storage(here, clock)
    try:
        await storage.open()
        async for finding in data.judge(storage, here, clock()):
            yield finding
    except AvisError as wrong:
        yield error(wrong.code, f"{wrong.title}.", "La base est occupée ou illisible : voir les constats ci-dessus.")
    finally:
        await storage.close()


def _engine(here: Settings) -> Iterator[Finding]:
    if here.sqlite_path:
        if here.sqlite_path.exists():
            yield from sqlite.judge(here.sqlite_path)
        return
    with psycopg.connect(here.database, connect_timeout=10) as connection:
        yield from postgres.judge(connection)
        yield host.clocks(datetime.now(UTC), postgres.time_of(connection))
