"""Links to choose a password with: for an invitation, and for a password that was forgotten.

The secret stands behind the `#` of the address. A browser sends that to nobody, so it is in no log, no `Referer` and no
proxy; the page puts it into its form, or people copy it from the letter. We keep a digest of it, and it works once.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal

import structlog

from admin.letters import invitation, recovery
from admin.passwords import check_password_rules, hashed
from collector.errors import AvisError, BadRequest
from collector.mail import MailFailed, send
from collector.schema import User
from collector.settings import Settings
from collector.signing import Signer
from collector.storage import Storage
from collector.storage.journal import NOBODY

log = structlog.get_logger("avis.admin")

Purpose = Literal["user.invite", "user.recover"]
"""What the journal calls it."""

LASTS = timedelta(hours=72)
PAGE = "/admin/mot-de-passe"


class DeadLink(BadRequest):
    """One sentence for a secret that is wrong, used, replaced or too old, or whose account is no more."""

    status, code, title = 422, "link-dead", "Ce lien ne convient plus"
    detail = "Ce code ne convient pas, a déjà servi ou a plus de 72 heures. Demandez un nouveau lien."


async def make(
    storage: Storage,
    settings: Settings,
    user: User,
    now: datetime,
    *,
    act: Purpose,
    by: str,
) -> str:
    """The address of a new link for this account; the one before holds no longer."""
    secret, expires = secrets.token_urlsafe(32), now + LASTS
    await storage.accounts.put_password_link(user, _digest(secret), expires, act=act, by=by)
    # Signed, so that what we never made is refused without asking the database.
    return f"{settings.base_url}{PAGE}#{_signer(settings).sign([secret, int(expires.timestamp())])}"


async def invite(storage: Storage, settings: Settings, user: User, now: datetime, *, by: User) -> str | None:
    """Send an invitation. None when it is on its way; else the link, for somebody to hand over."""
    url = await make(storage, settings, user, now, act="user.invite", by=by.email)
    if settings.mail_server is None:
        return url
    try:
        await send(settings, invitation(user, by, url))
    except MailFailed as error:
        log.error("mail-failed", cause=type(error.__cause__ or error).__name__)  # noqa: TRY400 - no fault of ours
        return url
    return None


async def recover(storage: Storage, settings: Settings, email: str, now: datetime) -> None:
    """Send somebody who forgot their password a link, if there is such an account. Nobody waits for this."""
    try:
        found = await storage.accounts.find(email)
        if found is None or found[0].disabled_at or settings.mail_server is None:
            return
        url = await make(storage, settings, found[0], now, act="user.recover", by=NOBODY)
        await send(settings, recovery(found[0], url))
    except AvisError as error:
        log.error("mail-failed", cause=type(error.__cause__ or error).__name__)  # noqa: TRY400 - no fault of ours


async def holder(storage: Storage, settings: Settings, token: str, now: datetime) -> tuple[User, str]:
    """Whose link this is, and its digest. Raises DeadLink."""
    read: Any = _signer(settings).read(token.strip())
    if read is None or read[1] <= now.timestamp():
        raise DeadLink
    digest = _digest(read[0])
    user = await storage.accounts.password_link_user(digest, now)
    if user is None:
        raise DeadLink
    return user, digest


async def choose_password(storage: Storage, settings: Settings, token: str, new: str, now: datetime) -> str | None:
    """What is wrong with the password; None when it is set. Ends all sessions. Raises DeadLink."""
    user, digest = await holder(storage, settings, token, now)
    if wrong := check_password_rules(new, user.email):
        return wrong
    if not await storage.accounts.use_password_link(user, digest, await hashed(new), now):
        raise DeadLink
    return None


def _signer(settings: Settings) -> Signer:
    return Signer(settings.secret_keys, "password-link")


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
