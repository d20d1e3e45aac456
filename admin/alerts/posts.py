"""What webhooks are sent: JSON of figures and addresses of ours, version 1. No citizen's words, no name of anybody."""

import secrets
from datetime import datetime
from typing import Any

import msgspec

from collector.schema import Procedure
from collector.settings import Settings
from collector.storage.alerts import Event
from collector.storage.hooks import Hook, Post
from collector.storage.rows import stamp

VERSION = 1
TYPES = {
    "problem": "problem.opened",
    "spike": "problems.spike",
    "silence": "placement.silent",
    "fall": "indicator.fell",
    "digest": "digest.daily",
    "test": "test",
}
PAGES = {"problem": "/signalements", "spike": "/signalements", "silence": "/emplacements"}


def post_of(settings: Settings, hook: Hook, procedure: Procedure, event: Event, now: datetime) -> Post:
    return written(settings, hook, procedure, event.kind, event.details, now)


def written(settings: Settings, hook: Hook, procedure: Procedure, kind: str, details: Any, now: datetime) -> Post:
    body = {
        "type": TYPES[kind],
        "version": VERSION,
        "timestamp": stamp(now),
        "data": {
            "procedure": {"slug": procedure.slug, "title": procedure.title},
            "url": f"{settings.base_url}/admin/demarches/{procedure.slug}{PAGES.get(kind, '')}",
            **details,
        },
    }
    return Post(hook.id, f"msg_{secrets.token_urlsafe(18)}", msgspec.json.encode(body).decode())
