"""From where a link is used: judged, and remembered only as a name that nobody turns back into an address.

A name is an HMAC under the secret keys of the link and of the network's first bits (24 of IPv4, 48 of IPv6): it tells
whether a link is used from somewhere new, and neither from where nor whether two links are used from one place. Pure.
"""

import hmac
from collections.abc import Iterable, Sequence
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_BITS = {4: 24, 6: 48}


def network_of(text: str) -> str:
    """A network in CIDR notation, or one address, as it is kept. Raises ValueError."""
    return str(ip_network(text.strip(), strict=False))


def is_within(address: str, networks: Iterable[str]) -> bool:
    """An IPv4 address is itself, also where it was written as IPv6."""
    met = _plain(address)
    return any(met.version == one.version and met in one for one in map(ip_network, networks))


def names_of(link: str, address: str, secret_keys: Sequence[str]) -> tuple[str, ...]:
    """The network's name under each key, newest first: a new key makes no known network a new one."""
    met = _plain(address)
    prefix = ip_network((met, _BITS[met.version]), strict=False)
    said = f"avis-link-place/{link}/{prefix}".encode()
    return tuple(hmac.digest(key.encode(), said, sha256).hex()[:32] for key in secret_keys)


def _plain(address: str) -> IPv4Address | IPv6Address:
    met = ip_address(address)
    return getattr(met, "ipv4_mapped", None) or met
