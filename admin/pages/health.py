"""How the service is doing, for administrators: what needs something done first, then facts. Reloaded by a link."""

from asyncio import to_thread
from datetime import date, timedelta

from litestar import Response, get
from litestar.di import NamedDependency

from admin.attention import silent
from admin.rendering import page
from admin.rights import AdminRequest
from collector.limits import Limits
from collector.openapi import VERSION
from collector.schema import Clock, date_of
from collector.settings import Settings
from collector.silence import REACH
from collector.storage import Storage


@get("/sante", opt={"who": "administrator"})
async def show_health(
    request: AdminRequest,
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    limits: NamedDependency[Limits],
    clock: NamedDependency[Clock],
) -> Response[str]:
    # Seldom looked at, and heavier than the rest of the admin.
    from collector.doctor.findings import WORSE  # noqa: PLC0415
    from collector.doctor.glance import glance  # noqa: PLC0415

    now = clock()
    state = await storage.states.now(now)
    findings = [one async for one in glance(settings, storage, limits, state, now)]
    return page(
        request,
        "health",
        now=now,
        findings=sorted(findings, key=lambda one: -WORSE.index(one.severity)),
        state=state,
        version=VERSION,
        engine=storage.engine.name,
        silent=await _silent(storage, date_of(now)),
        mail=settings.mail_server,
    )


async def _silent(storage: Storage, today: date) -> int:
    procedures = {one.id: one for one in await storage.catalogue.procedures()}
    first = (today - timedelta(days=REACH)).isoformat()
    volumes = await storage.overview.volumes(procedures, first, today.isoformat())
    return len(await to_thread(silent, procedures, await storage.overview.placements(), volumes, today))
