"""Seal an e-mail of a citizen, a second factor, a secret of a webhook or a provider: readable only with the secret key.

No database holds that.
"""

from base64 import urlsafe_b64encode
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

CONTACT, FACTOR, HOOK, TOKEN = b"avis-contact", b"avis-factor", b"avis-hook", b"avis-token"
"""What is sealed for one purpose opens for no other."""


def seal(text: str, keys: tuple[str, ...], purpose: bytes = CONTACT) -> bytes:
    """`keys` newest first, as in the settings."""
    return _box(keys, purpose).encrypt(text.encode())


def unseal(sealed: bytes, keys: tuple[str, ...], purpose: bytes = CONTACT) -> str | None:
    """The text, or None when it was sealed with a key that is no longer known."""
    from cryptography.fernet import InvalidToken  # noqa: PLC0415 - see _box

    try:
        return _box(keys, purpose).decrypt(sealed).decode()
    except InvalidToken:
        return None


def _box(keys: tuple[str, ...], purpose: bytes) -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415 - six megabytes, for the few who need them

    return MultiFernet(
        [Fernet(urlsafe_b64encode(blake2b(key.encode(), digest_size=32, person=purpose).digest())) for key in keys]
    )
