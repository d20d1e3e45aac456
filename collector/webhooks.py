"""Post events to the address of somebody's program, by the Standard Webhooks scheme: signed, bounded, never inward.

Whoever may set an address could otherwise make this service knock at doors that only it can reach. So a name is
resolved here, all its addresses must be public (or in networks that the operator allows), and the connection goes to
the very address that was looked at: a name that means another machine a second later gains nothing. Redirects are not
followed, and of an answer nothing but its status is read.
"""

import asyncio
import hmac
import secrets
import ssl
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import SOCK_STREAM, gaierror
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from collector.errors import BadRequest
from collector.settings import Settings

PATIENCE = 10.0
"""Seconds for all of it, from the name to the status."""
LONGEST_URL = 500
AGENT = "Avis-Webhook/1"
# Addresses in which another one is hidden: a gateway on our side may lead anywhere.
_HIDING = tuple(map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))

Failure = Literal["name-unknown", "address-refused", "timeout", "certificate", "unreachable"]


class BadAddress(BadRequest):
    """Its detail says what to write instead."""


class NotPosted(Exception):
    """Nobody answered. `why` is a word for the log of deliveries."""

    def __init__(self, why: Failure) -> None:
        super().__init__(why)
        self.why = why


def new_secret() -> str:
    return f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"


def signature(secret: str, message: str, timestamp: int, body: str) -> str:
    key = b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{message}.{timestamp}.{body}".encode(), sha256).digest()
    return f"v1,{b64encode(digest).decode()}"


async def check_address(settings: Settings, url: str) -> None:
    """Whether this may be posted to, before it is kept. Raises BadAddress; whether anybody answers is seen later."""
    parts = _parts(url)
    try:
        async with asyncio.timeout(PATIENCE):
            await _address(settings, parts)
    except (NotPosted, TimeoutError) as error:
        raise BadAddress(_SAID.get(getattr(error, "why", ""), _SAID["name-unknown"])) from error


async def post(settings: Settings, url: str, message: str, body: str, keys: Sequence[str], now: datetime) -> int:
    """The status of the answer. Raises NotPosted when there is none."""
    import httpx  # noqa: PLC0415 - heavy, for the few who have webhooks

    try:
        async with asyncio.timeout(PATIENCE):
            parts = _parts(url)
            address = await _address(settings, parts)
            timestamp = int(now.timestamp())
            headers = {
                "Host": parts.netloc,
                "Content-Type": "application/json",
                "User-Agent": AGENT,
                "webhook-id": message,
                "webhook-timestamp": f"{timestamp}",
                "webhook-signature": " ".join(signature(key, message, timestamp, body) for key in keys),
            }
            async with (
                httpx.AsyncClient(verify=ssl.create_default_context(), trust_env=False, timeout=PATIENCE) as client,
                client.stream(
                    "POST",
                    _at(parts, address),
                    content=body.encode(),
                    headers=headers,
                    # Whose certificate it has to be: the name's, not the address's.
                    extensions={"sni_hostname": parts.hostname},
                ) as answer,
            ):
                return answer.status_code
    except TimeoutError as error:
        raise NotPosted("timeout") from error
    except httpx.TimeoutException as error:
        raise NotPosted("timeout") from error
    except httpx.HTTPError as error:
        raise NotPosted("certificate" if "CERTIFICATE_VERIFY" in str(error) else "unreachable") from error
    except BadAddress as error:
        raise NotPosted("address-refused") from error


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddress(_SAID["shape"]) from error
    plain = len(url) <= LONGEST_URL and url.isascii() and url.isprintable() and " " not in url
    if not plain or parts.scheme not in {"https", "http"} or not parts.hostname or port == 0 or parts.fragment:
        raise BadAddress(_SAID["shape"])
    if parts.username is not None or parts.password is not None:
        raise BadAddress(_SAID["user"])
    return parts


async def _address(settings: Settings, parts: SplitResult) -> str:
    """The one to connect to. Raises NotPosted, also when any of the name's addresses is not allowed."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, port, type=SOCK_STREAM)
    except (gaierror, UnicodeError) as error:
        raise NotPosted("name-unknown") from error
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    if not all(_is_allowed(settings, one, parts.scheme) for one in addresses):
        raise NotPosted("address-refused")
    return addresses[0]


def _is_allowed(settings: Settings, address: str, scheme: str) -> bool:
    """Public and encrypted, or in a network that the operator named."""
    return address in settings.webhook_networks or (scheme == "https" and _is_public(ip_address(address)))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return _is_public(address.ipv4_mapped)
        if any(address in network for network in _HIDING):
            return False
    return address.is_global and not address.is_multicast


def _at(parts: SplitResult, address: str) -> str:
    host = f"[{address}]" if ":" in address else address
    port = f":{parts.port}" if parts.port else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{host}{port}{parts.path or '/'}{query}"


_SAID = {
    "shape": "Écrivez une adresse complète, par exemple https://exemple.fr/avis.",
    "user": "Retirez l'identifiant et le mot de passe de l'adresse : la signature suffit à prouver qui envoie.",
    "name-unknown": "Ce nom n'existe pas, ou son serveur de noms ne répond pas. Vérifiez l'adresse.",
    "address-refused": (
        "Cette adresse n'est pas publique, ou pas en https. Demandez à votre administrateur d'autoriser ce réseau "
        "(AVIS_WEBHOOK_NETWORKS)."
    ),
}
