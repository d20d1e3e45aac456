"""Sign what we hand out and must recognise again. One salt for each purpose, so that a token for one opens no other.

The one door to itsdangerous. Keys come newest first, as in the settings: the first signs, all of them verify.
"""

from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from itsdangerous.encoding import base64_decode, base64_encode


class Signer:
    """Signs small JSON values for one purpose. Expiry is part of the value: see `collector.exports.links`."""

    def __init__(self, keys: tuple[str, ...], purpose: str) -> None:
        # itsdangerous wants the oldest key first and signs with the last.
        self._serializer = URLSafeSerializer(list(reversed(keys)), salt=f"avis.{purpose}.v1")

    def sign(self, value: Any) -> str:
        return str(self._serializer.dumps(value))

    def read(self, token: str) -> Any | None:
        """The value, or None when the token was not signed by us for this purpose, whatever is wrong with it."""
        # base64 skips foreign letters and the spare bits of its last one: each token is to be written in one way only.
        signature = token.rpartition(".")[2]
        try:
            if base64_encode(base64_decode(signature)) != signature.encode():
                return None
            return self._serializer.loads(token)
        except (BadData, UnicodeError, RecursionError):
            return None
