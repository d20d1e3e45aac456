"""From which session somebody acts, for the journal: a short label that the account's holder sees too, and no token.

Remembered beside the request and not handed down through every method: what is done, and by whom, is their business.
"""

from contextvars import ContextVar
from hashlib import sha256

_HERE: ContextVar[tuple[str, str] | None] = ContextVar("acting", default=None)


def acting(email: str, digest: str) -> None:
    """What this account does from here on, until the request ends, it does from the session of this digest."""
    _HERE.set((email, label_of(digest)))


def session_of(actor: str) -> str | None:
    """None for what a command or the service does, whoever was here before."""
    here = _HERE.get()
    return here[1] if here and here[0] == actor else None


def label_of(digest: str) -> str:
    return sha256(f"session/{digest}".encode()).hexdigest()[:6]
