"""The posts of webhooks, as the description at `/schema` tells them: what each event carries, with an example."""

from collections.abc import Mapping
from typing import Any

EVENTS: Mapping[str, Mapping[str, Any]] = {
    "problem.opened": {"problem": 12, "problem_kind": "technical"},
    "problems.spike": {"reports": 9, "usual": 1},
    "placement.silent": {
        "placement": "Page de fin",
        "key": "0123456789abcdef0123",
        "since": "2026-03-10",
        "received": 0,
        "usual": 40,
    },
    "indicator.fell": {
        "indicator": "satisfaction",
        "before": "8,1",
        "after": "6,9",
        "count_before": 412,
        "count_after": 380,
    },
    "digest.daily": {"day": "2026-03-11", "counts": {"reviews": 41, "satisfaction_bad": 6}},
    "test": {},
}
"""What stands in `data` beside the procedure and the page to open, by type."""

_PROCEDURE = {"slug": "permis-de-chasse", "title": "Permis de chasse"}
_HEADERS = {
    "webhook-id": "The same when a post comes again.",
    "webhook-timestamp": "Seconds since 1970: refuse what is more than five minutes away.",
    "webhook-signature": "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; two, apart by a blank, for "
    "24 hours after the secret was renewed.",
}


def webhooks() -> dict[str, Any]:
    return {kind: {"post": _operation(kind, data)} for kind, data in EVENTS.items()}


def _operation(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    example = {
        "type": kind,
        "version": 1,
        "timestamp": "2026-03-12T11:00:00+00:00",
        "data": {"procedure": _PROCEDURE, "url": "https://avis.exemple.fr/admin/demarches/permis-de-chasse", **data},
    }
    return {
        "tags": ["webhooks"],
        "summary": kind,
        "description": "By the Standard Webhooks scheme: docs/alerts.md. No citizen's words, no name of anybody.",
        "parameters": [
            {"name": name, "in": "header", "required": True, "description": said, "schema": {"type": "string"}}
            for name, said in _HEADERS.items()
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _schema(kind, data), "example": example}},
        },
        "responses": {
            "2XX": {"description": "Taken, within ten seconds. Anything else is tried again for a day."},
            "410": {"description": "Send no more: the webhook is stopped."},
        },
    }


def _schema(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Fields may be added to a version, so others are no error."""
    text = {"type": "string"}
    named = {"type": "object", "required": ["slug", "title"], "properties": {"slug": text, "title": text}}
    return {
        "type": "object",
        "required": ["type", "version", "timestamp", "data"],
        "properties": {
            "type": {"const": kind},
            "version": {"const": 1},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": {
                "type": "object",
                "required": ["procedure", "url", *data],
                "properties": {"procedure": named, "url": {"type": "string", "format": "uri"}},
            },
        },
    }
