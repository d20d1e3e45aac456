"""Seal a citizen's e-mail: readable only with the secret key, which is not in the database."""

from base64 import urlsafe_b64encode
from hashlib import blake2b

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


def seal(email: str, keys: tuple[str, ...]) -> bytes:
    """`keys` newest first, as in the settings."""
    return _box(keys).encrypt(email.encode())


def unseal(sealed: bytes, keys: tuple[str, ...]) -> str | None:
    """The e-mail, or None when it was sealed with a key that is no longer known."""
    try:
        return _box(keys).decrypt(sealed).decode()
    except InvalidToken:
        return None


def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet(
        [
            Fernet(urlsafe_b64encode(blake2b(key.encode(), digest_size=32, person=b"avis-contact").digest()))
            for key in keys
        ]
    )
