"""Signing in through an OpenID provider, such as ProConnect: whom it lets in, and what a browser keeps meanwhile.

The provider makes no account. It opens the one that was made for a verified e-mail; from then on its holder is known by
what never changes there. Whatever is refused reads the same.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from litestar.datastructures import Cookie

from admin import throttle
from admin.accounts import InvalidEmail, Opened, open_session, plain_email
from collector.openid import Attempt, Identity, NotBelieved, Provider, new_attempt
from collector.privacy.contacts import TOKEN, seal, unseal
from collector.schema import User
from collector.settings import Settings
from collector.signing import Signer
from collector.storage import Storage

BACK = "/admin/connexion/fournisseur/retour"
SIGNED_OUT = "/admin/deconnexion/retour"
UNDER_WAY = timedelta(minutes=10)
"""To sign in there."""
LEAVING = timedelta(minutes=2)
LONGEST_COOKIE = 3800
"""Browsers drop a cookie of more than 4096 characters, its name and attributes included."""


def departure(settings: Settings, next: str, now: datetime) -> tuple[Attempt, Cookie]:
    """A new attempt, and the cookie that knows it again: readable only by its own browser, and signed."""
    attempt, expires = new_attempt(), int((now + UNDER_WAY).timestamp())
    value = _signer(settings).sign([attempt.state, attempt.nonce, attempt.verifier, next, expires])
    return attempt, attempt_cookie(settings, value, UNDER_WAY)


async def arrival(
    storage: Storage, settings: Settings, cookie: str, state: str, issuer: str | None, now: datetime
) -> tuple[Attempt, str]:
    """The attempt that somebody comes back from, and where they wanted to go. Works once. Raises NotBelieved."""
    read: Any = _signer(settings).read(cookie)
    if read is None or read[4] <= now.timestamp() or not secrets.compare_digest(read[0].encode(), state.encode()):
        raise NotBelieved
    # Who else could have answered in the provider's name (RFC 9207).
    if issuer is not None and issuer.rstrip("/") != settings.oidc_issuer:
        raise NotBelieved
    name, lasts = f"openid-{sha256(state.encode()).hexdigest()[:24]}", int(UNDER_WAY.total_seconds())
    (used,) = await storage.accounts.count_attempts([name], int(now.timestamp()), lasts)
    if used.used > 1:
        raise NotBelieved
    return Attempt(*read[:3]), read[3]


async def admit(
    storage: Storage,
    settings: Settings,
    provider: Provider,
    code: str,
    attempt: Attempt,
    *,
    address: str,
    user_agent: str,
    now: datetime,
) -> tuple[Opened, Identity]:
    """A session for whoever the provider says this is. No `code` comes from who gave up there.

    Raises NotBelieved, ProviderAway or TooManySignIns.
    """
    if not code:
        raise NotBelieved
    # By visitor alone: who it is meant to be is not known yet.
    counted = (await throttle.names(storage, settings, "", address, now, kind="openid"))[1:]
    await throttle.charge(storage, counted, now)
    identity = await provider.identify(code, attempt, settings.base_url + BACK)
    user = await _account(storage, settings, identity, now)
    if user is None or user.disabled_at:
        await storage.accounts.refuse_session(user.email if user else counted[0], now)
        raise NotBelieved
    await throttle.give_back(storage, counted)
    wants_code = not identity.two_factors and await storage.factors.of(user) is not None
    return await open_session(storage, user, user_agent=user_agent, now=now, wants_code=wants_code), identity


async def _account(storage: Storage, settings: Settings, identity: Identity, now: datetime) -> User | None:
    """Whose identity this is. Links it at the first sign-in, to the account of a verified e-mail."""
    known = await storage.identities.holder(settings.oidc_issuer, identity.sub)
    if known or identity.email is None:
        return known
    try:
        found = await storage.accounts.find(plain_email(identity.email))
    except InvalidEmail:
        return None
    if found is None or found[0].disabled_at:
        return found and found[0]
    linked = await storage.identities.link(found[0], settings.oidc_issuer, identity.sub, now)
    return found[0] if linked else None


def attempt_cookie(settings: Settings, value: str, lasts: timedelta) -> Cookie:
    # "Lax", not "Strict": the browser brings it when it comes back from the provider's site.
    return _cookie(settings, attempt_name(settings), value, "/", lasts)


def attempt_name(settings: Settings) -> str:
    return "__Host-avis_openid" if settings.secure else "avis_openid"


def token_cookie(settings: Settings, token: str, lasts: timedelta) -> Cookie:
    """What ends the session at the provider, sealed, and sent only with a sign-out."""
    value = seal(token, settings.secret_keys, TOKEN).decode() if token else ""
    return _leaving(settings, "token", value if len(value) <= LONGEST_COOKIE else "", lasts)


def state_cookie(settings: Settings, state: str, lasts: timedelta = LEAVING) -> Cookie:
    """What the provider has to bring back once that session has ended."""
    return _leaving(settings, "state", state, lasts)


def kept(settings: Settings, name: str, cookies: dict[str, str]) -> str:
    return cookies.get(_leaving_name(settings, name), "")


def token_of(settings: Settings, cookies: dict[str, str]) -> str | None:
    sealed = kept(settings, "token", cookies)
    return unseal(sealed.encode(), settings.secret_keys, TOKEN) if sealed else None


def _leaving(settings: Settings, name: str, value: str, lasts: timedelta) -> Cookie:
    return _cookie(settings, _leaving_name(settings, name), value, "/admin/deconnexion", lasts)


def _leaving_name(settings: Settings, name: str) -> str:
    return f"__Secure-avis_openid_{name}" if settings.secure else f"avis_openid_{name}"


def _cookie(settings: Settings, name: str, value: str, path: str, lasts: timedelta) -> Cookie:
    return Cookie(
        key=name,
        value=value,
        max_age=int(lasts.total_seconds()) if value else 0,
        path=path,
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )


def _signer(settings: Settings) -> Signer:
    return Signer(settings.secret_keys, "openid")
