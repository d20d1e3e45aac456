"""Which key to believe: one that was given, or else the first that was seen; afterwards only what that one vouches for.

The directory of keys is signed by each key in it. Whoever trusts one of them therefore trusts the newest, and goes on
with that; a directory without our key's signature is somebody else's, or we were away for too long.
"""

from collections.abc import Callable, Mapping

import msgspec

from collector.exports.pulling.copies import Pin
from collector.exports.pulling.errors import KeyChanged, NotVerified
from collector.exports.signatures import Exchange, PublicKey, is_signed_by, signers

Answer = tuple[Mapping[str, str], Exchange]


class _Directory(msgspec.Struct):
    keys: list[PublicKey]


class Trust:
    """`anchor` is the thumbprint that was given, if any; `directory` asks the service for its keys."""

    def __init__(self, pin: Pin | None, anchor: str | None, directory: Callable[[], Answer]) -> None:
        # Another key than this chain began with was given: the chain is not believed any longer.
        self.pin = pin if not anchor or (pin and pin.anchor == anchor) else None
        self._anchor = anchor
        self._directory = directory

    def believe(self, headers: Mapping[str, str], exchange: Exchange) -> None:
        """Raises NotVerified or KeyChanged."""
        said = signers(headers)
        if not said:
            raise NotVerified("Une page n'est pas signée. Le service est trop ancien, ou quelqu'un répond à sa place.")
        if not self.pin or self.pin.key.kid not in said:
            self.pin = self._newest()
        if not is_signed_by(self.pin.key, headers, exchange):
            raise NotVerified("La signature d'une page ne correspond pas : elle a été abîmée ou modifiée en route.")

    def _newest(self) -> Pin:
        headers, exchange = self._directory()
        try:
            keys = msgspec.json.decode(exchange.body, type=_Directory).keys
        except msgspec.MsgspecError as error:
            raise NotVerified("L'annuaire des clés du service n'a pas la forme attendue.") from error
        signing = {key.kid: key for key in keys if key.is_named_rightly and is_signed_by(key, headers, exchange)}
        if not keys or keys[0].kid not in signing:
            raise NotVerified("L'annuaire des clés du service n'est pas signé : il a été abîmé ou modifié en route.")
        trusted = self.pin.key.kid if self.pin else self._anchor
        if trusted and trusted not in signing:
            raise KeyChanged(
                f"Rien ne relie sa clé actuelle ({keys[0].kid}) à celle que l'on connaît ({trusted}). "
                f"Demandez-lui si elle est la sienne, puis relancez avec « --key {keys[0].kid} »."
            )
        return Pin(keys[0], self._anchor or (self.pin.anchor if self.pin else keys[0].kid))
