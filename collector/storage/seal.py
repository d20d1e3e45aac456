"""The seal on the end of the journal: an HMAC under the secret keys, which are not in the database.

The chain's digests need no key, so whoever may write the database could write another whole chain. Its end they could
not seal. One seal is enough, as the last digest covers every line before it, and it moves on with each line: no old
key is needed for old lines. Pure.
"""

import hmac
from collections.abc import Sequence
from hashlib import sha256


class Seals:
    """`keys` newest first, as in the settings."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = [hmac.digest(key.encode(), b"avis-journal", sha256) for key in keys]

    def on(self, number: int, digest: str) -> str:
        """The seal of a journal that ends with this line."""
        return _seal(self._keys[0], number, digest)

    def hold(self, seal: str, number: int, digest: str) -> bool:
        """Whether one of our keys has sealed this end."""
        return any(hmac.compare_digest(seal, _seal(key, number, digest)) for key in self._keys)

    def are_newest(self, seal: str, number: int, digest: str) -> bool:
        return hmac.compare_digest(seal, self.on(number, digest))


def _seal(key: bytes, number: int, digest: str) -> str:
    return hmac.digest(key, f"{number}/{digest}".encode(), sha256).hex()
