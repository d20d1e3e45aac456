"""Is it alive, and can it do its work."""

from datetime import timedelta
from time import monotonic
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from collector.errors import AvisError
from collector.limits import Limits
from collector.storage import Storage

_STARTED = monotonic()


@get("/healthz", opt={"who": "anyone"}, sync_to_thread=False)
def alive() -> dict[str, Any]:
    """Alive: the process answers. Says nothing of the database, so that an outage of it restarts nobody."""
    return {"status": "alive", "up": str(timedelta(seconds=int(monotonic() - _STARTED)))}


@get("/readyz", opt={"who": "anyone"})
async def ready(storage: NamedDependency[Storage], limits: NamedDependency[Limits]) -> Response[dict[str, Any]]:
    """Ready: a review could be stored now. 503 with the reasons otherwise."""
    reasons = []
    try:
        await storage.intake.touch()
    except AvisError as error:
        reasons.append(error.code)
    await limits.look()
    body: dict[str, Any] = {"status": "ready" if not reasons else "unavailable", "reasons": reasons}
    if limits.degraded:
        body["degraded"] = ["limits-storage-away"]
    return Response(body, status_code=503 if reasons else 200, headers={"Cache-Control": "no-store"})


routes = [alive, ready]
