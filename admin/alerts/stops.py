"""The link at the end of each letter that stops them: signed, so that it needs no sign-in, and for nothing else."""

from typing import Any

from collector.settings import Settings
from collector.signing import Signer

PATH = "/admin/desabonnement"


def stop_link(settings: Settings, subscription_id: int) -> str:
    return f"{settings.base_url}{PATH}/{_signer(settings).sign(subscription_id)}"


def subscription_of(settings: Settings, token: str) -> int | None:
    """The number of the subscription, or None when we have not signed this."""
    read: Any = _signer(settings).read(token)
    return read if isinstance(read, int) else None


def _signer(settings: Settings) -> Signer:
    return Signer(settings.secret_keys, "stop-letters")
