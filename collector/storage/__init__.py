"""All that is kept: typed methods over named SQL statements, on SQLite or PostgreSQL."""

import asyncio

import structlog

from collector.errors import StorageUnavailable
from collector.schema import Clock, utc_now
from collector.settings import Settings
from collector.storage.accounts import Accounts
from collector.storage.aged import Aged
from collector.storage.alerts import Alerts
from collector.storage.amend import Amendments
from collector.storage.announcements import Announcements
from collector.storage.bulk import Bulk
from collector.storage.catalogue import Catalogue
from collector.storage.closed import ClosedUses
from collector.storage.criteria import Criteria
from collector.storage.editions import Editions
from collector.storage.engine import Engine
from collector.storage.factors import Factors
from collector.storage.forms import Forms
from collector.storage.hooks import Hooks
from collector.storage.identities import Identities
from collector.storage.improvements import Improvements
from collector.storage.intake import IntakeTables
from collector.storage.journal import Journal
from collector.storage.leases import Leases
from collector.storage.letters import Letters
from collector.storage.links import Links
from collector.storage.memory import Memory
from collector.storage.old_links import OldLinks
from collector.storage.operations import Operations
from collector.storage.organisations import Organisations
from collector.storage.overview import Overview
from collector.storage.own import OwnCounts
from collector.storage.problems import Problems
from collector.storage.published import Published
from collector.storage.refused import Refused
from collector.storage.regrouping import Regrouping
from collector.storage.remarks import Remarks
from collector.storage.remasked import Remaskings
from collector.storage.reviews import Reviews
from collector.storage.said import Said
from collector.storage.samples import Samples
from collector.storage.search import Search
from collector.storage.services import Services
from collector.storage.sqlite import SqliteEngine
from collector.storage.state import States
from collector.storage.subscriptions import Subscriptions
from collector.storage.sums import Sums
from collector.storage.suspects import Suspects
from collector.storage.turned_away import TurnedAway
from collector.storage.views import Views
from collector.storage.writer import Writer

# Somebody who reads keeps the files from being emptied, for some milliseconds.
SCRUBS = 25
PAUSE = 0.02

log = structlog.get_logger("avis.storage")


class Storage:
    """One database, by noun. `open` before use; `close` writes what was accepted first."""

    def __init__(self, settings: Settings, clock: Clock = utc_now) -> None:
        self.engine = _engine(settings)
        self.amendments = Amendments(self.engine)
        self.intake = IntakeTables(self.engine, Memory(self.engine, self.amendments), clock)
        self.writer = Writer(self.intake.commit)
        self.journal = Journal(self.engine, clock, settings.secret_keys)
        self.catalogue = Catalogue(self.engine, self.journal)
        self.forms = Forms(self.engine, self.journal)
        self.reviews = Reviews(self.engine)
        self.search = Search(self.engine)
        self.said = Said(self.engine)
        self.aged = Aged(self.engine)
        self.remaskings = Remaskings(self.engine)
        self.published = Published(self.engine, settings.small_number)
        self.suspects = Suspects(self.engine, self.amendments, self.journal)
        self.overview = Overview(self.engine)
        self.sums = Sums(self.engine)
        self.own = OwnCounts(self.engine)
        self.problems = Problems(self.engine, self.journal)
        self.regrouping = Regrouping(self.engine, self.journal)
        self.improvements = Improvements(self.engine, self.journal)
        self.old_links = OldLinks(self.engine, self.journal)
        self.operations = Operations(self.engine, self.journal)
        self.criteria = Criteria(self.engine, self.journal)
        self.editions = Editions(self.engine, self.journal)
        self.remarks = Remarks(self.engine, self.journal)
        self.views = Views(self.engine, self.journal)
        self.subscriptions = Subscriptions(self.engine, self.journal)
        self.alerts = Alerts(self.engine)
        self.letters = Letters(self.engine)
        self.hooks = Hooks(self.engine, self.journal)
        self.closed = ClosedUses(self.engine, clock)
        self.refused = Refused(self.engine, clock)
        self.turned_away = TurnedAway(self.engine, clock)
        self.leases = Leases(self.engine)
        self.states = States(self.engine)
        self.samples = Samples(self.engine)
        self.links = Links(self.engine, self.journal)
        self.accounts = Accounts(self.engine, self.journal)
        self.announcements = Announcements(self.engine, self.journal)
        self.organisations = Organisations(self.engine, self.journal)
        self.bulk = Bulk(self.engine, self.journal, self.catalogue)
        self.factors = Factors(self.engine, self.journal)
        self.services = Services(self.engine, self.journal)
        self.identities = Identities(self.engine, self.journal)
        self.unscrubbed = False

    async def open(self) -> None:
        await self.engine.open()
        self.writer.start()

    async def scrub(self) -> bool:
        """Let the files forget what was overwritten. False while somebody reads: housekeeping tries again."""
        self.unscrubbed = True
        for _ in range(SCRUBS):
            if await self.engine.scrub():
                self.unscrubbed = False
                break
            await asyncio.sleep(PAUSE)
        return not self.unscrubbed

    async def close(self) -> None:
        await self.writer.stop()
        try:
            await self.intake.settle()
            await self.turned_away.settle()
        except StorageUnavailable as error:
            log.warning("counts-not-written", cause=type(error.__cause__ or error).__name__)
        await self.engine.close()


def _engine(settings: Settings) -> Engine:
    if settings.sqlite_path:
        return SqliteEngine(settings.sqlite_path)
    from collector.storage.postgres import PostgresEngine  # noqa: PLC0415 - its driver is ten megabytes

    return PostgresEngine(settings.database)
