"""Post to webhooks what is to be posted: tried for a day, then the webhook is stopped and whoever made it is told.

As with letters, a post is claimed before it leaves. One that may have arrived comes again under the same `webhook-id`.
"""

import asyncio
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from msgspec import Struct

from admin.alerts.posts import written
from admin.letters import hook_stopped
from admin.rights import Viewer
from collector.mail import MailFailed, send
from collector.privacy.contacts import HOOK, unseal
from collector.rhythms import backoff, days_until, next_digest
from collector.schema import PARIS, Clock, Procedure
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.hooks import Delivery, Hook, Why
from collector.webhooks import NotPosted, post

BATCH = 50
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
GIVEN_UP_AFTER = timedelta(days=1)
BOTH_HOLD = timedelta(days=1)
"""How long a secret that was replaced still signs too."""

log = structlog.get_logger("avis.alerts")


class Answer(Struct, frozen=True):
    """What came of a try: an HTTP status, or a word where nobody answered."""

    said: str

    @property
    def is_taken(self) -> bool:
        return self.said.startswith("2")


async def make_posts(storage: Storage, settings: Settings, now: datetime) -> None:
    """The figures of yesterday, for whoever asked."""
    hooks = [
        one for one in await storage.hooks.active() if "digest" in one.kinds and one.next_digest <= now.timestamp()
    ]
    if not hooks:
        return
    procedures = {one.id: one for one in await storage.catalogue.procedures()}
    days = days_until("daily", now.astimezone(PARIS).date())
    day, following = days.last.isoformat(), int(next_digest("daily", now).timestamp())
    for hook in hooks:
        procedure = procedures[hook.procedure_id]
        counts = await storage.reviews.counts(procedure, day, day)
        names = ("reviews", "satisfaction_bad", "satisfaction_medium", "satisfaction_good", "kind_technical")
        details = {"day": day, "counts": {name: counts[name] for name in names}}
        digest = written(settings, hook, procedure, "digest", details, now)
        await storage.hooks.make_digest(hook, digest, day, next_digest=following, now=now)


async def send_posts(storage: Storage, settings: Settings, clock: Clock) -> None:
    """What is due, all at once: one that answers slowly does not hold up the others."""
    due = await storage.hooks.to_send(clock(), BATCH)
    procedures = {one.id: one for one in await storage.catalogue.procedures()} if due else {}
    await asyncio.gather(*(_send(storage, settings, clock, one, procedures) for one in due))


async def _send(
    storage: Storage, settings: Settings, clock: Clock, delivery: Delivery, procedures: dict[int, Procedure]
) -> None:
    hook, now = await storage.hooks.by_id(delivery.hook_id), clock()
    if hook is None:
        return
    answer = await tried(storage, settings, hook, delivery, now)
    if answer is None or answer.is_taken:
        return
    why: Why | None = (
        "gone" if answer.said == "410" else "failing" if now - delivery.created >= GIVEN_UP_AFTER else None
    )
    procedure = procedures[hook.procedure_id]
    if why and await storage.hooks.stop(procedure, hook.id, why, now=now):
        log.warning("webhook-stopped", hook=hook.id, tries=delivery.tries + 1, cause=answer.said)
        await _tell(storage, settings, hook, procedure)


async def tried(
    storage: Storage, settings: Settings, hook: Hook, delivery: Delivery, now: datetime, *, once: bool = False
) -> Answer | None:
    """What came of one try, which is in the log then; None when somebody else is at it. `once`: and no other."""
    chance = random.random()  # noqa: S311 - a pause, no secret
    until = now + backoff(delivery.tries, FIRST_PAUSE, LONGEST_PAUSE, chance)
    if not await storage.hooks.claim(delivery, now, until):
        return None
    answer = await _posted(settings, hook, delivery, now)
    await storage.hooks.end(delivery, answer.said, over=once or answer.is_taken)
    return answer


async def _posted(settings: Settings, hook: Hook, delivery: Delivery, now: datetime) -> Answer:
    keys = secrets_of(settings, hook, now)
    if not keys:
        return Answer("secret-lost")
    try:
        return Answer(str(await post(settings, hook.url, delivery.message, delivery.body, keys, now)))
    except NotPosted as error:
        return Answer(error.why)


def secrets_of(settings: Settings, hook: Hook, now: datetime) -> Sequence[str]:
    """The secret, and the one before while both hold. Nothing when the key that sealed them is gone."""
    former = hook.former if hook.former and hook.former_until and now < hook.former_until else None
    sealed = [one for one in (hook.secret, former) if one]
    return [opened for one in sealed if (opened := unseal(one.encode(), settings.secret_keys, HOOK))]


async def _tell(storage: Storage, settings: Settings, hook: Hook, procedure: Procedure) -> None:
    """Whoever made it, if they still look after the procedure. The page says it too, so once is enough."""
    found = await storage.accounts.find(hook.created_by)
    if found is None or found[0].disabled_at or settings.mail_server is None:
        return
    user = found[0]
    if not Viewer(user, tuple(await storage.accounts.rights(user)), "").may_change(procedure):
        return
    url = f"{settings.base_url}/admin/demarches/{procedure.slug}/webhooks"
    try:
        await send(settings, hook_stopped(user, procedure, url))
    except MailFailed as error:
        log.warning("letter-not-sent", hook=hook.id, cause=type(error.__cause__ or error).__name__)
