"""One's own account: who one is here, and one's password and sessions."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from admin.accounts import change_password, name_of_session
from admin.passwords import SHORTEST
from admin.posted import Posted, nothing, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.errors import NotFound
from collector.schema import Clock, Procedure
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.acting import label_of
from collector.storage.subscriptions import Subscription
from collector.web import client_address


@get("/compte", opt={"who": "signed-in", "before_password_change": True})
async def account(
    request: AdminRequest, storage: NamedDependency[Storage], clock: NamedDependency[Clock]
) -> Response[str]:
    return await _page(request, storage, clock, nothing())


@post("/compte", opt={"who": "signed-in", "before_password_change": True}, status_code=200)
async def new_password(
    request: AdminRequest,
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form = await posted(request)
    if form["new"] != form["again"]:
        form.refuse("again", "Les deux saisies du nouveau mot de passe diffèrent.")
        return await _page(request, storage, clock, form, 422)
    viewer = request.user
    wrong = await change_password(
        storage,
        settings,
        viewer.user,
        old=form["old"],
        new=form["new"],
        session=viewer.session,
        address=client_address(request.scope, settings),
        now=clock(),
    )
    for field, message in wrong.items():
        form.refuse(field, message)
    if wrong:
        return await _page(request, storage, clock, form, 422)
    return go("/admin" if viewer.user.must_change else "/admin/compte", "password-changed")


@post("/compte/sessions", opt={"who": "signed-in"}, status_code=200)
async def end_session(
    request: AdminRequest, storage: NamedDependency[Storage], clock: NamedDependency[Clock]
) -> Response[Any]:
    """One of one's own sessions; the one that asks ends by signing out."""
    viewer, form = request.user, await posted(request)
    for one in await storage.accounts.sessions(viewer.user, clock()):
        if name_of_session(one.digest) == form["session"] and one.digest != viewer.session:
            await storage.accounts.revoke_session(viewer.user, one.digest, by=viewer.user.email)
            return go("/admin/compte", "session-revoked")
    raise NotFound("Cette session est déjà fermée.")


@post("/compte/sessions/autres", opt={"who": "signed-in"}, status_code=200)
async def end_other_sessions(request: AdminRequest, storage: NamedDependency[Storage]) -> Response[Any]:
    viewer = request.user
    await storage.accounts.revoke_sessions(viewer.user, by=viewer.user.email, keep=viewer.session)
    return go("/admin/compte", "sessions-revoked")


async def _alerts(request: AdminRequest, storage: Storage) -> list[tuple[Procedure, Subscription]]:
    """What one asked to be told, of the procedures that one may still read."""
    procedures = {one.id: one for one in await storage.catalogue.procedures() if request.user.may_read(one)}
    found = await storage.subscriptions.of_user(request.user.user)
    return [(procedures[one.procedure_id], one) for one in found if one.procedure_id in procedures]


async def _page(
    request: AdminRequest, storage: Storage, clock: Clock, form: Posted, status: int = 200
) -> Response[str]:
    sessions = await storage.accounts.sessions(request.user.user, clock())
    return page(
        request,
        "account",
        status=status,
        form=form,
        shortest=SHORTEST,
        factor=await storage.factors.of(request.user.user),
        alerts=await _alerts(request, storage),
        sessions=[(name_of_session(one.digest), label_of(one.digest), one) for one in sessions],
    )
