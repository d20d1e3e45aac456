"""The second step of signing in: set up by its holder, asked for after the password, and got round with recovery codes.

While it is set up nothing is stored: the page carries the secret, signed, until a code shows that the telephone has it.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from admin import throttle, totp
from admin.accounts import SESSION, digest_of
from admin.passwords import one_time_password
from collector.errors import BadRequest
from collector.privacy.contacts import FACTOR, seal, unseal
from collector.schema import User
from collector.settings import Settings
from collector.signing import Signer
from collector.storage import Storage

TO_SET_UP = timedelta(minutes=30)
RECOVERY_CODES = 10
# Three of a million codes are right at any time: whoever has the password may guess some hundred a day, no more.
MOST_CODES = 5


class TooLate(BadRequest):
    status, code, title = 400, "set-up-again", "La mise en place est à reprendre"
    detail = "Cette page est trop ancienne, ou la connexion en deux étapes a changé. Reprenez depuis « Mon compte »."


class Draft(Struct, frozen=True):
    """A secret that does not count yet. `token` brings it back, `address` is for the picture, `text` for typing."""

    secret: bytes
    token: str
    address: str
    text: str


def begin(settings: Settings, user: User, now: datetime) -> Draft:
    secret, expires = totp.new_secret(), int((now + TO_SET_UP).timestamp())
    return _draft(settings, user, secret, _signer(settings).sign([user.id, secret.hex(), expires]))


def resume(settings: Settings, user: User, token: str, now: datetime) -> Draft:
    """What `begin` gave. Raises TooLate."""
    read: Any = _signer(settings).read(token)
    if read is None or read[0] != user.id or read[2] <= now.timestamp():
        raise TooLate
    return _draft(settings, user, bytes.fromhex(read[1]), token)


async def confirm(
    storage: Storage, settings: Settings, user: User, draft: Draft, typed: str, *, session: str, now: datetime
) -> list[str] | None:
    """The recovery codes, which nobody can read again; None when the code is not this secret's.

    Guessing is no danger here: the secret is on the page. Raises Conflict when there is one already.
    """
    step = totp.proven_step(draft.secret, _bare(typed), now)
    if step is None:
        return None
    codes = [one_time_password() for _ in range(RECOVERY_CODES)]
    sealed = seal(draft.secret.hex(), settings.secret_keys, FACTOR)
    digests = [_digest(user, _bare(code)) for code in codes]
    await storage.factors.add(user, sealed, step=step, codes=digests, keep_session=session, now=now)
    return codes


async def enter(
    storage: Storage, settings: Settings, user: User, typed: str, *, waiting: str, address: str, now: datetime
) -> str | None:
    """The token of an open session, for a code or a recovery code. None whatever is wrong. Raises TooManySignIns.

    Counted apart from passwords: a right password, which gives its own attempt back, must not give back guesses.
    """
    counted = await throttle.names(storage, settings, user.email, address, now, kind="code")
    await throttle.charge(storage, counted, now, MOST_CODES)
    proof = await _proof(storage, settings, user, _bare(typed), now)
    token = secrets.token_urlsafe(32)
    if proof is None or not await storage.factors.admit(
        user, proof, waiting=waiting, digest=digest_of(token), now=now, expires=now + SESSION
    ):
        await storage.accounts.refuse_session(user.email, now)
        return None
    await throttle.give_back(storage, counted)
    return token


async def _proof(storage: Storage, settings: Settings, user: User, typed: str, now: datetime) -> int | str | None:
    factor = await storage.factors.of(user)
    if factor is None:
        return None
    if len(typed) != totp.FIGURES:
        return _digest(user, typed)
    # Sealed with a key that is lost, no code is right any more; recovery codes are, and an administrator helps.
    secret = unseal(factor.secret, settings.secret_keys, FACTOR)
    return None if secret is None else totp.proven_step(bytes.fromhex(secret), typed, now, factor.last_step)


def _draft(settings: Settings, user: User, secret: bytes, token: str) -> Draft:
    issuer = f"Avis {urlsplit(settings.base_url).hostname}"
    return Draft(secret, token, totp.address(secret, user.email, issuer), totp.readable(secret))


def _bare(typed: str) -> str:
    """As it is read out and typed: with blanks, dashes and capitals, or without."""
    return "".join(c for c in typed[:100].casefold() if c.isalnum())


def _digest(user: User, code: str) -> str:
    """79 bits of chance need no slow hash."""
    return sha256(f"recovery/{user.id}/{code}".encode()).hexdigest()


def _signer(settings: Settings) -> Signer:
    return Signer(settings.secret_keys, "second-factor")
