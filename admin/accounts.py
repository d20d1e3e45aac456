"""Accounts: who may sign in, and for how long. The command line makes the first ones through `create_user`."""

import re
import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from litestar.datastructures import Cookie
from msgspec import Struct

from admin import throttle
from admin.devices import family
from admin.passwords import check_password_rules, hash_password, hashed, is_right, one_time_password
from collector.errors import BadRequest
from collector.schema import User
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.journal import COMMAND

__all__ = [
    "change_password",
    "check_password_rules",
    "create_user",
    "hash_password",
    "one_time_password",
    "sign_in",
]

SESSION = timedelta(hours=12)
PENDING = timedelta(minutes=10)
"""Between the password and the code."""
LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^\s@<>\"',;:\\]+@[^\s@<>\"',;:\\]+\.[^\s@<>\"',;:\\.]{2,}")


class Opened(Struct, frozen=True):
    """A session of somebody who knew the password: one that opens nothing yet, if it `wants_code`."""

    token: str
    wants_code: bool


class InvalidEmail(BadRequest):
    status, code, title = 422, "invalid-email", "Adresse électronique incorrecte"
    detail = "Écrivez une adresse comme prenom.nom@exemple.gouv.fr."


def plain_email(text: str) -> str:
    """An e-mail as accounts are named by it. Raises InvalidEmail."""
    email = text.strip().casefold()
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        raise InvalidEmail
    return email


async def create_user(
    storage: Storage, *, email: str, name: str, administrator: bool, now: datetime, by: str = COMMAND
) -> tuple[User, str]:
    """A new account and the password for its first sign-in, which nobody can read again.

    Raises InvalidEmail, or Conflict when the e-mail has an account.
    """
    password = one_time_password()
    user = await storage.accounts.add(
        email=plain_email(email),
        name=name.strip(),
        administrator=administrator,
        password=await hashed(password),
        must_change=True,
        now=now,
        by=by,
    )
    return user, password


async def create_invited(
    storage: Storage, *, email: str, name: str, administrator: bool, now: datetime, by: str
) -> User:
    """A new account that nobody can sign in to before its holder has chosen a password. Raises as `create_user`."""
    return await storage.accounts.add(
        email=plain_email(email),
        name=name.strip(),
        administrator=administrator,
        password="",
        must_change=False,
        now=now,
        by=by,
    )


async def sign_in(
    storage: Storage, settings: Settings, *, email: str, password: str, address: str, user_agent: str, now: datetime
) -> Opened | None:
    """A new session, or None: wrong e-mail, wrong password and disabled account look and last the same.

    Raises TooManySignIns.
    """
    email = email.strip().casefold()[:LONGEST_EMAIL]
    counted = await throttle.names(storage, settings, email, address, now)
    await throttle.charge(storage, counted, now)
    found = await storage.accounts.find(email)
    if not await is_right(found[1] if found else None, password) or found is None or found[0].disabled_at:
        # What was typed may be anything, a password too: if it is no account's, a name that nobody can read tomorrow.
        await storage.accounts.refuse_session(email if found else counted[0], now)
        return None
    await throttle.give_back(storage, counted)
    wants_code = await storage.factors.of(found[0]) is not None
    return await open_session(storage, found[0], user_agent=user_agent, now=now, wants_code=wants_code)


async def open_session(storage: Storage, user: User, *, user_agent: str, now: datetime, wants_code: bool) -> Opened:
    """For whoever has shown to be this account's holder."""
    token, used = secrets.token_urlsafe(32), family(user_agent)
    await storage.accounts.open_session(
        user,
        digest_of(token),
        now,
        now + (PENDING if wants_code else SESSION),
        device=used.device,
        browser=used.browser,
        pending=wants_code,
    )
    return Opened(token, wants_code)


async def is_holder(
    storage: Storage, settings: Settings, user: User, password: str, *, address: str, now: datetime
) -> bool:
    """Whether whoever has a session knows the password too.

    Raises TooManySignIns: a stolen session must not be a place to guess it.
    """
    counted = await throttle.names(storage, settings, user.email, address, now)
    await throttle.charge(storage, counted, now)
    found = await storage.accounts.find(user.email)
    if not await is_right(found[1] if found else None, password):
        await storage.accounts.refuse_session(user.email, now)
        return False
    await throttle.give_back(storage, counted)
    return True


async def change_password(
    storage: Storage, settings: Settings, user: User, *, old: str, new: str, session: str, address: str, now: datetime
) -> dict[str, str]:
    """What is wrong, by field; empty when it is changed. All other sessions of the account end.

    Raises TooManySignIns.
    """
    if not await is_holder(storage, settings, user, old, address=address, now=now):
        return {"old": "Ce n'est pas votre mot de passe actuel."}
    if old == new:
        return {"new": "Choisissez un mot de passe différent de l'actuel."}
    if wrong := check_password_rules(new, user.email):
        return {"new": wrong}
    await storage.accounts.set_password(user, await hashed(new), must_change=False, keep_session=session, by=user.email)
    return {}


def digest_of(token: str) -> str:
    """How a session is stored: whoever reads the database cannot sign in with it."""
    return sha256(token.encode()).hexdigest()


def name_of_session(digest: str) -> str:
    """How a page names a session: what stands in the database stays there."""
    return sha256(f"session/{digest}".encode()).hexdigest()[:16]


def cookie_name(settings: Settings) -> str:
    # The prefix makes browsers refuse a cookie of that name from a neighbouring host or without TLS.
    return "__Host-avis_session" if settings.secure else "avis_session"


def session_cookie(settings: Settings, token: str, lasts: timedelta = SESSION) -> Cookie:
    return Cookie(
        key=cookie_name(settings),
        value=token,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )
