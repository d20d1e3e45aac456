"""Ask an OpenID provider who somebody is: authorisation code with PKCE; only what it signed for us is believed.

The one door to joserfc, Authlib's own library for signed tokens. Authlib's client for httpx is about to leave httpx, so
the three requests that the flow takes are made here. Nothing of what is exchanged is kept or logged.
"""

import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from msgspec import Struct

from collector.errors import AvisError
from collector.schema import Clock
from collector.settings import Settings

if TYPE_CHECKING:
    import httpx
    from joserfc.jwk import KeySet
    from joserfc.jwt import ClaimsOption

Said = TypeVar("Said")

PATIENCE = 10.0
"""Seconds for the provider to answer: somebody is waiting before a page."""
LEEWAY = 30
"""Seconds by which two clocks may differ."""
REMEMBERED = 3600
"""Seconds after which the provider is asked anew where its pages are."""
# Signed with the provider's own key: `none` proves nothing, and with HS256 whoever has our secret could sign.
ALGORITHMS = ("RS256", "PS256", "ES256")
TWO_FACTORS = frozenset(
    {
        "eidas2",
        "eidas3",
        "https://proconnect.gouv.fr/assurance/self-asserted-2fa",
        "https://proconnect.gouv.fr/assurance/consistency-checked-2fa",
    }
)
"""Values of `acr` that say so; `amr` says it with `mfa`."""


class ProviderAway(AvisError):
    status, code, title = 503, "provider-away", "Le service d'identification ne répond pas"
    detail = "Réessayez dans un instant, ou connectez-vous avec votre mot de passe."


class NotBelieved(AvisError):
    """Whatever is wrong with what the provider says, or with who says it."""

    status, code, title = 401, "identity-refused", "L'identification n'a pas abouti"
    detail = "Recommencez, ou connectez-vous avec votre mot de passe."


class Attempt(Struct, frozen=True):
    """What one sign-in has to come back with, and what only this browser may exchange its code with."""

    state: str
    nonce: str
    verifier: str


class Identity(Struct, frozen=True):
    """Who somebody is there: `sub` for ever, `email` only if it is surely theirs. `token` ends the session there."""

    sub: str
    email: str | None
    two_factors: bool
    token: str


class Addresses(Struct, frozen=True):
    """What we need of the discovery document."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None = None
    claims_parameter_supported: bool = False
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class _Tokens(Struct, frozen=True):
    access_token: str
    id_token: str


def new_attempt() -> Attempt:
    return Attempt(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


class Provider:
    """The provider of the settings. Asked nothing before somebody wants to sign in with it."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._addresses: tuple[Addresses, float] | None = None
        self._keys: KeySet | None = None

    async def begin(self, attempt: Attempt, back: str) -> str:
        """Where to send a browser, which comes back to `back`. Raises ProviderAway."""
        at = await self._found()
        challenge = urlsafe_b64encode(sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": back,
            "scope": "openid email",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **self._wanted(at),
        }
        return f"{at.authorization_endpoint}?{urlencode(asked)}"

    async def identify(self, code: str, attempt: Attempt, back: str) -> Identity:
        """Who came back with this code. Raises ProviderAway or NotBelieved."""
        at = await self._found()
        tokens = await self._exchange(at, code, attempt, back)
        said = await self._claims(
            at,
            tokens.id_token,
            nonce={"essential": True, "value": attempt.nonce},
            exp={"essential": True},
            iat={"essential": True},
        )
        self._meant_for_us(said)
        levels = self._settings.oidc_acr_values
        if levels and said.get("acr") not in levels:
            raise NotBelieved
        about = await self._about(at, tokens.access_token)
        if about.get("sub") != said["sub"]:
            raise NotBelieved
        methods = said.get("amr")
        return Identity(
            said["sub"],
            self._email(about),
            said.get("acr") in TWO_FACTORS or (isinstance(methods, list) and "mfa" in methods),
            tokens.id_token,
        )

    async def end(self, token: str, state: str, back: str) -> str | None:
        """Where a browser ends its session there; None when the provider has no such page. Raises ProviderAway."""
        address = (await self._found()).end_session_endpoint
        asked = {"id_token_hint": token, "state": state, "post_logout_redirect_uri": back}
        return f"{address}?{urlencode(asked)}" if address else None

    def _wanted(self, at: Addresses) -> dict[str, str]:
        """How well somebody has to be known. ProConnect says how they were known only when asked for it."""
        levels = list(self._settings.oidc_acr_values)
        wanted = {"acr_values": " ".join(levels)} if levels else {}
        if at.claims_parameter_supported:
            acr = {"essential": True, "values": levels} if levels else None
            wanted["claims"] = msgspec.json.encode({"id_token": {"amr": None, "acr": acr}}).decode()
        return wanted

    def _meant_for_us(self, said: dict[str, Any]) -> None:
        """A token for several has to say that it was made for us."""
        ours, audience = self._settings.oidc_client_id, said["aud"]
        several = isinstance(audience, list) and len(audience) > 1
        if said.get("azp", None if several else ours) != ours:
            raise NotBelieved

    def _email(self, about: dict[str, Any]) -> str | None:
        email, verified = about.get("email"), about.get("email_verified")
        is_theirs = verified is True or (verified is None and self._settings.oidc_trust_email)
        return email if is_theirs and isinstance(email, str) else None

    async def _found(self) -> Addresses:
        now = self._clock().timestamp()
        if self._addresses is None or not 0 <= now - self._addresses[1] < REMEMBERED:
            answer = await _asked("GET", f"{self._settings.oidc_issuer}/.well-known/openid-configuration")
            self._addresses = (self._checked(_decoded(answer, Addresses)), now)
        return self._addresses[0]

    def _checked(self, at: Addresses) -> Addresses:
        """Its issuer is the one we asked, and nothing secret is sent unencrypted."""
        pages = (at.authorization_endpoint, at.token_endpoint, at.userinfo_endpoint, at.jwks_uri)
        scheme = urlsplit(self._settings.oidc_issuer).scheme
        if at.issuer.rstrip("/") != self._settings.oidc_issuer or any(urlsplit(one).scheme != scheme for one in pages):
            raise ProviderAway
        return at

    async def _exchange(self, at: Addresses, code: str, attempt: Attempt, back: str) -> _Tokens:
        ours, secret = self._settings.oidc_client_id, self._settings.oidc_client_secret
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": attempt.verifier,
        }
        if "client_secret_post" in at.token_endpoint_auth_methods_supported:
            answer = await _asked("POST", at.token_endpoint, data={**form, "client_id": ours, "client_secret": secret})
        else:
            # Both are written as in a form before they are joined (RFC 6749, 2.3.1).
            both = (quote(ours, safe=""), quote(secret, safe=""))
            answer = await _asked("POST", at.token_endpoint, data=form, auth=both)
        return _decoded(answer, _Tokens)

    async def _about(self, at: Addresses, token: str) -> dict[str, Any]:
        """ProConnect signs it, others send plain JSON."""
        answer = await _asked("GET", at.userinfo_endpoint, headers={"Authorization": f"Bearer {token}"})
        if answer.headers.get("content-type", "").partition(";")[0].strip() == "application/jwt":
            return await self._claims(at, answer.text)
        return _decoded(answer, dict[str, Any])

    async def _claims(self, at: Addresses, token: str, **wanted: "ClaimsOption") -> dict[str, Any]:
        """What a token says, if the provider signed it for us and it holds. Raises NotBelieved or ProviderAway."""
        from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError  # noqa: PLC0415 - see _asked
        from joserfc.jwt import JWTClaimsRegistry, decode  # noqa: PLC0415

        try:
            try:
                said = decode(token, await self._keys_of(at), ALGORITHMS).claims
            except (InvalidKeyIdError, BadSignatureError):
                # The provider may have other keys since.
                said = decode(token, await self._keys_of(at, anew=True), ALGORITHMS).claims
            JWTClaimsRegistry(
                now=int(self._clock().timestamp()),
                leeway=LEEWAY,
                iss={"essential": True, "value": at.issuer},
                aud={"essential": True, "value": self._settings.oidc_client_id},
                sub={"essential": True},
                **wanted,
            ).validate(said)
        except (JoseError, ValueError) as error:
            raise NotBelieved from error
        return said

    async def _keys_of(self, at: Addresses, *, anew: bool = False) -> "KeySet":
        from joserfc.jwk import KeySet  # noqa: PLC0415 - see _asked

        if self._keys is None or anew:
            answer = await _asked("GET", at.jwks_uri)
            self._keys = KeySet.import_key_set(_decoded(answer, dict[str, Any]))  # type: ignore[arg-type]  # is checked there
        return self._keys


async def _asked(method: str, address: str, **how: Any) -> "httpx.Response":
    """Raises ProviderAway, or NotBelieved when the provider refuses what somebody brought."""
    import httpx  # noqa: PLC0415 - megabytes, for services that have a provider

    try:
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            answer = await client.request(method, address, **how)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise ProviderAway from error
    if answer.status_code in {400, 401, 403}:
        raise NotBelieved
    if answer.status_code != 200:
        raise ProviderAway
    return answer


def _decoded(answer: "httpx.Response", kind: type[Said]) -> Said:
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except msgspec.MsgspecError as error:
        raise ProviderAway from error
