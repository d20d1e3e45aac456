"""Keys with which programs read: how they are written, drawn and recognised. Pure.

A key is `avis_` (so that whoever finds one in a file knows what it opens), eight letters that name it in lists and in
the journal, and its secret. Only a digest is kept: of 256 bits of chance a fast one is enough.
"""

import re
import secrets
from hashlib import sha256
from hmac import compare_digest

from msgspec import Struct

_WRITTEN = re.compile(r"avis_([0-9a-f]{8})_[0-9a-f]{64}", re.ASCII)


class Key(Struct, frozen=True):
    """`text` is the whole of it, to be shown once; the other two are for the database."""

    id: str
    text: str
    digest: str


def draw() -> Key:
    return _key(f"avis_{secrets.token_hex(4)}_{secrets.token_hex(32)}")


def read(text: str) -> Key | None:
    """What is written like a key of ours; whether it is one, the database knows."""
    return _key(text) if _WRITTEN.fullmatch(text) else None


def is_digest_of(digest: str, key: Key) -> bool:
    return compare_digest(digest, key.digest)


def name_of(id: str) -> str:
    """How a key is called where people read."""
    return f"avis_{id}"


def _key(text: str) -> Key:
    return Key(text[5:13], text, sha256(text.encode()).hexdigest())
