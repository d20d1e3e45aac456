"""Name a visitor for one day, so that limits can count somebody whom nothing can find again tomorrow."""

from hashlib import blake2b
from socket import AF_INET, AF_INET6, inet_pton

MAPPED = bytes(10) + b"\xff\xff"
"""How an IPv6 address begins that is an IPv4 address."""


def visitor(address: str, key: bytes) -> str:
    """Name a visitor for one day only: half of `key` is destroyed at midnight and never stored beside the name."""
    return blake2b(_reach(address), key=key, digest_size=12).hexdigest()


def day_key(secret: str, salt: bytes) -> bytes:
    """The key of a day's names: neither the secret (outside the database) nor the salt (inside it) is enough."""
    return blake2b(salt, key=secret.encode()[:64], digest_size=32, person=b"avis-visitor").digest()


def _reach(address: str) -> bytes:
    if ":" not in address:
        return inet_pton(AF_INET, address)
    packed = inet_pton(AF_INET6, address)
    # An IPv6 subscriber owns a whole /64: hashing the full address would let one person count as millions.
    return packed[12:] if packed.startswith(MAPPED) else packed[:8]
