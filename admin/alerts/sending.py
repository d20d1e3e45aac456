"""Make letters of what there is to tell, and send them: once each, as far as mail can promise that.

A letter is claimed in one transaction and marked as sent in another; between them it goes out. Who is killed there may
have sent it or not, so it is sent again, under the same `Message-ID`: rather twice than never.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import structlog

from admin.alerts.letters import READ, Addressed, Period, alerts_letter, digest_letter
from admin.rights import Viewer
from collector.mail import Letter, MailFailed, send
from collector.rhythms import Days, backoff, days_until, first_of, next_digest
from collector.schema import PARIS, Clock, Procedure
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.letters import Waiting

BATCH = 200
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=3)
FAILURES = 3
"""In a row, after which the server is left alone until the next minute."""

log = structlog.get_logger("avis.alerts")


async def make_digests(storage: Storage, now: datetime) -> None:
    """A letter for each digest that is due. Of several that were missed, the last."""
    for one in await storage.subscriptions.active():
        rhythm = one.wanted.digest
        if rhythm == "none" or one.next_digest is None or one.next_digest > now.timestamp():
            continue
        days = days_until(rhythm, now.astimezone(PARIS).date())
        following = int(next_digest(rhythm, now).timestamp())
        await storage.letters.make_digest(one, rhythm, days.last.isoformat(), next_digest=following, now=now)


async def send_letters(
    storage: Storage, settings: Settings, clock: Clock, is_over: Callable[[], bool] = lambda: False
) -> None:
    """What is due, the longest waiting first; between two letters the service may stop."""
    failures = 0
    for waiting in await storage.letters.to_send(clock(), BATCH):
        if is_over():
            return
        now = clock()
        until = now + backoff(waiting.tries, FIRST_PAUSE, LONGEST_PAUSE)
        if not await storage.letters.claim(waiting, until):
            continue
        letter = await written(storage, settings, waiting)
        try:
            if letter:
                await send(settings, letter)
        except MailFailed as error:
            failures += 1
            await _failed(storage, waiting, error, now)
            if failures == FAILURES:
                return
        else:
            await storage.letters.end(waiting, clock())


async def _failed(storage: Storage, waiting: Waiting, error: MailFailed, now: datetime) -> None:
    cause = type(error.__cause__ or error).__name__
    if now - waiting.created < GIVEN_UP_AFTER:
        log.warning("letter-not-sent", letter=waiting.id, tries=waiting.tries + 1, cause=cause)
        return
    log.error("letter-given-up", letter=waiting.id, tries=waiting.tries + 1, cause=cause)
    await storage.letters.end(waiting, now)


async def written(storage: Storage, settings: Settings, waiting: Waiting) -> Letter | None:
    """The letter as it reads now; None where it is for nobody any more, or says nothing."""
    to = await _addressed(storage, settings, waiting)
    if to is None:
        return None
    name = f"avis-{waiting.id}-{int(waiting.created.timestamp())}"
    if waiting.kind == "alerts":
        alerts, whole = await storage.letters.in_letter(waiting, READ)
        return alerts_letter(to, alerts, whole, name) if alerts else None
    last = date.fromisoformat(waiting.about)
    period = await _period(storage, to, Days(first_of(waiting.kind, last), last))
    if _says_nothing(waiting.kind, to.procedure, period):
        return None
    return digest_letter(to, waiting.kind, period, name)


async def _addressed(storage: Storage, settings: Settings, waiting: Waiting) -> Addressed | None:
    """Whoever lost the right to read a procedure, or the account, gets nothing more: asked each time."""
    subscription = await storage.subscriptions.by_id(waiting.subscription_id)
    if subscription is None or subscription.stopped:
        return None
    user = await storage.accounts.by_id(subscription.account_id)
    procedures = {one.id: one for one in await storage.catalogue.procedures()}
    procedure = procedures.get(subscription.procedure_id)
    if user is None or user.disabled_at or procedure is None:
        return None
    viewer = Viewer(user, tuple(await storage.accounts.rights(user)), "")
    return Addressed(settings, user, procedure, subscription) if viewer.may_read(procedure) else None


async def _period(storage: Storage, to: Addressed, days: Days) -> Period:
    counts, before = [
        await storage.reviews.counts(to.procedure, part.first.isoformat(), part.last.isoformat())
        for part in (days, days.before)
    ]
    alerts, happened = await storage.letters.between(to.subscription.id, *days.bounds, READ)
    return Period(
        days, counts, before, alerts, happened, (await storage.problems.by_status(to.procedure)).get("new", 0)
    )


def _says_nothing(kind: str, procedure: Procedure, period: Period) -> bool:
    """A day without anything needs no letter; a week or a month does, as long as somebody could have answered."""
    quiet = not period.counts["reviews"] and not period.happened
    return quiet and (kind == "daily" or procedure.state != "open")
