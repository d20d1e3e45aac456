"""Seal a citizen's e-mail: readable only with the secret key, which is not in the database."""

from base64 import urlsafe_b64encode
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


def seal(email: str, keys: tuple[str, ...]) -> bytes:
    """`keys` newest first, as in the settings."""
    return _box(keys).encrypt(email.encode())


def unseal(sealed: bytes, keys: tuple[str, ...]) -> str | None:
    """The e-mail, or None when it was sealed with a key that is no longer known."""
    from cryptography.fernet import InvalidToken  # noqa: PLC0415 - see _box

    try:
        return _box(keys).decrypt(sealed).decode()
    except InvalidToken:
        return None


def _box(keys: tuple[str, ...]) -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415 - six megabytes, for who leaves an e-mail

    return MultiFernet(
        [
            Fernet(urlsafe_b64encode(blake2b(key.encode(), digest_size=32, person=b"avis-contact").digest()))
            for key in keys
        ]
    )
