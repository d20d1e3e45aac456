"""Coming in through the OpenID provider, and ending the session there too.

The provider's answer stands in an address: nothing is shown there, its page only leads on, and tells nobody where from.
"""

import secrets
from datetime import timedelta
from typing import Any

import structlog
from litestar import Response, get
from litestar.di import NamedDependency

from admin import openid
from admin.accounts import PENDING, SESSION, session_cookie
from admin.posted import asked
from admin.rendering import go
from admin.rights import AdminRequest, safe_next
from collector.errors import NotFound
from collector.openid import NotBelieved, Provider, ProviderAway
from collector.schema import Clock
from collector.settings import Settings
from collector.storage import Storage
from collector.web import client_address

log = structlog.get_logger("avis.admin")


@get("/connexion/fournisseur", opt={"who": "anyone"})
async def leave_for_provider(
    request: AdminRequest,
    settings: NamedDependency[Settings],
    provider: NamedDependency[Provider],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    after = safe_next(asked(request)["next"])
    if request.scope.get("user"):
        return go(after)
    _only_with_one(settings)
    attempt, cookie = openid.departure(settings, after, clock())
    try:
        address = await provider.begin(attempt, settings.base_url + openid.BACK)
    except ProviderAway as error:
        return _back_to_password(settings, error, next=after)
    return go(address, cookies=[cookie])


@get("/connexion/fournisseur/retour", opt={"who": "anyone"})
async def come_back(
    request: AdminRequest,
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    provider: NamedDependency[Provider],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    _only_with_one(settings)
    answer, now = asked(request), clock()
    cookie = request.cookies.get(openid.attempt_name(settings), "")
    try:
        issuer = answer["iss"] if answer.all("iss") else None
        attempt, after = await openid.arrival(storage, settings, cookie, answer["state"], issuer, now)
        opened, identity = await openid.admit(
            storage,
            settings,
            provider,
            "" if answer["error"] else answer["code"],
            attempt,
            address=client_address(request.scope, settings),
            user_agent=request.headers.get("user-agent", ""),
            now=now,
        )
    except (NotBelieved, ProviderAway) as error:
        return _back_to_password(settings, error)
    used, token = _used(settings), openid.token_cookie(settings, identity.token, SESSION)
    if opened.wants_code:
        session = session_cookie(settings, opened.token, PENDING)
        return go("/admin/connexion/code", cookies=[used, token, session], next=after)
    return go(after, cookies=[used, token, session_cookie(settings, opened.token)])


@get("/deconnexion/suite", opt={"who": "anyone"})
async def leave_provider(
    request: AdminRequest, settings: NamedDependency[Settings], provider: NamedDependency[Provider]
) -> Response[Any]:
    """On to the provider's own page, when there is something to end there. Our session has ended before."""
    token, state = openid.token_of(settings, request.cookies), secrets.token_urlsafe(32)
    forgotten = openid.token_cookie(settings, "", timedelta())
    if token is None or request.scope.get("user") or not settings.oidc_issuer:
        return go("/admin/connexion", cookies=[forgotten])
    try:
        address = await provider.end(token, state, settings.base_url + openid.SIGNED_OUT)
    except (NotBelieved, ProviderAway):
        address = None
    if address is None:
        return go("/admin/connexion", "signed-out-here", cookies=[forgotten])
    return go(address, cookies=[forgotten, openid.state_cookie(settings, state)])


@get("/deconnexion/retour", opt={"who": "anyone"}, sync_to_thread=False)
def left_provider(request: AdminRequest, settings: NamedDependency[Settings]) -> Response[Any]:
    """Only whoever left from here is told that it is done."""
    state = openid.kept(settings, "state", request.cookies)
    is_ours = bool(state) and secrets.compare_digest(state.encode(), asked(request)["state"].encode())
    forgotten = openid.state_cookie(settings, "")
    return go("/admin/connexion", "signed-out-everywhere" if is_ours else None, cookies=[forgotten])


def _back_to_password(settings: Settings, error: NotBelieved | ProviderAway, **query: str) -> Response[Any]:
    log.warning("provider-sign-in-failed", cause=type(error.__cause__ or error).__name__)
    why = "absent" if isinstance(error, ProviderAway) else "refus"
    return go("/admin/connexion", cookies=[_used(settings)], fournisseur=why, **query)


def _used(settings: Settings) -> Any:
    return openid.attempt_cookie(settings, "", timedelta())


def _only_with_one(settings: Settings) -> None:
    if not settings.oidc_issuer:
        raise NotFound("Ce service n'a pas de fournisseur d'identité.")
