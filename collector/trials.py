"""Try a form out without leaving a trace: a signed key that opens it for some days, instead of a placement's own.

Such a key works wherever a key does (the form's address, the snippet on a test site, the API), and does all that a real
one does up to the point where something would be stored or charged.
"""

from datetime import datetime, timedelta

import msgspec

from collector.schema import Placement
from collector.signing import Signer

MARK = "essai."
"""What the key of a trial begins with, so that nobody takes it for that of a placement."""
LASTS = timedelta(days=7)
DAY = 86_400


class Trial(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What is tried out: a placement, in a version of its form (0: the one that citizens see), and before which day.

    Numbers, so that the key stays within the 64 letters that one may have. Days are counted in UTC since 1970.
    """

    placement: int
    version: int
    until: int


def key_of(placement: Placement, version: int, now: datetime, keys: tuple[str, ...]) -> str:
    """A key that holds for seven days, counted from the end of this one: asked for twice a day, it is the same."""
    until = int((now + LASTS).timestamp()) // DAY + 1
    return MARK + Signer(keys, "trial").sign(msgspec.to_builtins(Trial(placement.id, version, until)))


def trial_of(key: str, now: datetime, keys: tuple[str, ...]) -> Trial | None:
    """What a key opens; None unless it is one of ours that still holds."""
    signed = Signer(keys, "trial").read(key.removeprefix(MARK))
    if signed is None:
        return None
    trial = msgspec.convert(signed, Trial)
    return trial if now.timestamp() < trial.until * DAY else None
