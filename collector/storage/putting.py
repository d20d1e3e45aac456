"""The statements of the write path that take many rows: reviews, and how much of the limits is used."""

from collector.storage.many import Many, inserted
from collector.storage.rows import REVIEW_COLUMNS

INSERT_REVIEWS = inserted("review", REVIEW_COLUMNS)

_KEY = ("procedure_id", "capability")
_GIVEN = {*_KEY, "public_id", "placement_id", "form", "form_version", "minute", "day"}
"""Where, when and under which name a review was given: nothing changes that."""

_CHANGED = ", ".join(f"{name} = new.{name}" for name in REVIEW_COLUMNS if name not in _GIVEN)
_SAME = " AND ".join(f"review.{name} = new.{name}" for name in _KEY)
UPDATE_REVIEWS = Many(
    "review",
    REVIEW_COLUMNS,
    f"UPDATE review SET {_CHANGED} FROM new WHERE {_SAME}",  # noqa: S608 - our own names
    prepared=False,
)

PUT_LIMITS = inserted(
    "limit_count",
    ("name", "used", "expires"),
    "ON CONFLICT (name) DO UPDATE SET used = excluded.used, expires = excluded.expires",
)
