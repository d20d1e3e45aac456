"""How values of `collector.schema` lie in table rows, the same on both databases."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from collector.schema import (
    STANDARD,
    Adjustments,
    FormVersion,
    Link,
    Organisation,
    Placement,
    Procedure,
    Review,
    Right,
    Session,
    Target,
    User,
)
from collector.storage.batch import Stored
from collector.storage.engine import Row

_JSON_OF_REVIEW = ("contact_tried", "contact_reached", "contact_satisfaction")
_OWN_OF_REVIEW = ("own_answers", "own_texts")
_REVIEW_FIELDS = tuple(Review.__struct_fields__)
_JSON_AT = tuple(_REVIEW_FIELDS.index(name) for name in _JSON_OF_REVIEW)
_OWN_AT = tuple(_REVIEW_FIELDS.index(name) for name in _OWN_OF_REVIEW)
_WITHDRAWN_AT = _REVIEW_FIELDS.index("withdrawn")
REVIEW_COLUMNS = (*_REVIEW_FIELDS, "revision", "change")


def text_of(value: object) -> str:
    """JSON text of a list or map."""
    return msgspec.json.encode(value).decode()


def stamp(moment: datetime) -> str:
    """An instant as text that sorts: 2026-11-22T09:54:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def review_row(stored: Stored, change: int) -> tuple[Any, ...]:
    """The values of `REVIEW_COLUMNS`."""
    values = list(msgspec.structs.astuple(stored.review))
    for at in _JSON_AT:
        values[at] = text_of(values[at])
    for at in _OWN_AT:
        # Most forms have no question of their own: nothing, and no text that says so.
        values[at] = text_of(values[at]) if values[at] else None
    values[_WITHDRAWN_AT] = int(stored.review.withdrawn)
    return (*values, stored.revision, change)


def review_of(row: Row) -> Review:
    values = {name: row[name] for name in _REVIEW_FIELDS}
    for name in _JSON_OF_REVIEW:
        values[name] = msgspec.json.decode(values[name])
    for name in _OWN_OF_REVIEW:
        values[name] = msgspec.json.decode(values[name]) if values[name] else {}
    values["withdrawn"] = bool(values["withdrawn"])
    return msgspec.convert(values, Review)


def procedure_of(row: Row) -> Procedure:
    return Procedure(
        id=row["id"],
        slug=row["slug"],
        title=row["title"],
        organisation_id=row["organisation_id"],
        organisation=row["organisation"],
        ministry=row["ministry"],
        audiences=tuple(msgspec.json.decode(row["audiences"])),
        origins=tuple(msgspec.json.decode(row["origins"])),
        state=row["state"],
        created_at=moment(row["created_at"]),
        contexts=tuple(msgspec.json.decode(row["contexts"])),
    )


def placement_of(row: Row) -> Placement:
    return Placement(
        id=row["id"],
        procedure_id=row["procedure_id"],
        key=row["key"],
        channel=row["channel"],
        form=row["form"],
        label=row["label"],
        contact=bool(row["contact"]),
        created_at=moment(row["created_at"]),
        closed_at=_optional(row["closed_at"]),
    )


def organisation_of(row: Row) -> Organisation:
    return Organisation(row["id"], row["name"], row["ministry"])


def target_of(row: Row) -> Target:
    placed = {**row, "id": row["placement_id"], "procedure_id": row["id"], "created_at": row["placed_at"]}
    procedure, placement = procedure_of(row), placement_of(placed)
    if placement.form != "satisfaction":
        return Target(procedure, placement)
    adjustments = adjustments_of(row["adjustments"])
    return Target(procedure, placement, row["form_version"], adjustments, row["latest"] or STANDARD)


def adjustments_of(text: str | None) -> Adjustments:
    return msgspec.json.decode(text, type=Adjustments) if text else Adjustments()


def form_version_of(row: Row) -> FormVersion:
    return FormVersion(
        number=row["number"],
        adjustments=adjustments_of(row["adjustments"]),
        changed_at=moment(row["changed_at"]),
        changed_by=row["changed_by"],
        published_at=_optional(row["published_at"]),
        published_by=row["published_by"],
    )


def user_of(row: Row) -> User:
    return User(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        administrator=bool(row["administrator"]),
        must_change=bool(row["must_change"]),
        created_at=moment(row["created_at"]),
        disabled_at=_optional(row["disabled_at"]),
        invited=bool(row["invited"]),
    )


def session_of(row: Row) -> Session:
    return Session(
        digest=row["digest"],
        created_at=moment(row["created_at"]),
        used_at=moment(row["used_at"]),
        device=row["device"],
        browser=row["browser"],
    )


def right_of(row: Row) -> Right:
    return msgspec.convert({name: row[name] for name in Right.__struct_fields__}, Right)


def link_of(row: Row) -> Link:
    return Link(
        id=row["id"],
        procedures=tuple(msgspec.json.decode(row["procedures"])),
        content=row["content"],
        format=row["format"],
        from_day=row["from_day"],
        to_day=row["to_day"],
        recipient=row["recipient"],
        created_at=moment(row["created_at"]),
        created_by=row["created_by"],
        expires_at=moment(row["expires_at"]),
        revoked_at=_optional(row["revoked_at"]),
        last_used_at=_optional(row["last_used_at"]),
        uses=row["uses"],
        interval=row["interval"],
        by=row["by"],
        networks=tuple(msgspec.json.decode(row["networks"])),
        once=bool(row["once"]),
        spent_at=_optional(row["spent_at"]),
        places=row["places"],
        last_place_at=_optional(row["last_place_at"]),
    )


def _optional(text: str | None) -> datetime | None:
    return moment(text) if text else None
