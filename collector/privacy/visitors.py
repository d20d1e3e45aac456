"""Name a visitor for one day, so that limits can count somebody whom nothing can find again tomorrow."""

from hashlib import blake2b
from ipaddress import IPv4Address, IPv6Address, ip_address


def visitor(address: str, key: bytes) -> str:
    """Name a visitor for one day only: half of `key` is destroyed at midnight and never stored beside the name."""
    ip = _reach(address)
    # An IPv6 subscriber owns a whole /64: hashing the full address would let one person count as millions.
    reach = ip.packed if ip.version == 4 else ip.packed[:8]
    return blake2b(reach, key=key, digest_size=12).hexdigest()


def day_key(secret: str, salt: bytes) -> bytes:
    """The key of a day's names: neither the secret (outside the database) nor the salt (inside it) is enough."""
    return blake2b(salt, key=secret.encode()[:64], digest_size=32, person=b"avis-visitor").digest()


def _reach(address: str) -> IPv4Address | IPv6Address:
    ip = ip_address(address)
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        return ip.ipv4_mapped
    return ip
