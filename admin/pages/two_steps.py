"""Signing in with two steps, on one's own account: set up, shown, taken out."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from admin.accounts import is_holder
from admin.posted import Posted, nothing, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from admin.second_factor import Draft, begin, confirm, resume
from collector.errors import Conflict
from collector.schema import Clock
from collector.settings import Settings
from collector.storage import Storage
from collector.web import client_address
from embed import qr

_NOT_YET = "Ce code ne convient pas. Vérifiez l'heure du téléphone et écrivez le code qu'il affiche maintenant."


@get("/compte/deux-etapes", opt={"who": "signed-in", "before_two_steps": True})
async def two_steps(request: AdminRequest, storage: NamedDependency[Storage]) -> Response[str]:
    return await _page(request, storage, nothing())


@post("/compte/deux-etapes", opt={"who": "signed-in", "before_two_steps": True}, status_code=200)
async def set_up(
    request: AdminRequest,
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[str]:
    """The password first, which a stolen session does not know; then, with what that gave, a code."""
    viewer, form, now = request.user, await posted(request), clock()
    if await storage.factors.of(viewer.user):
        raise Conflict("La connexion en deux étapes est déjà activée pour votre compte.")
    if not form["draft"]:
        if not await _knows_password(request, settings, storage, form, clock):
            return await _page(request, storage, form, status=422)
        return await _page(request, storage, nothing(), draft=begin(settings, viewer.user, now))
    draft = resume(settings, viewer.user, form["draft"], now)
    codes = await confirm(storage, settings, viewer.user, draft, form["code"], session=viewer.session, now=now)
    if codes is None:
        form.refuse("code", _NOT_YET)
        return await _page(request, storage, form, draft=draft, status=422)
    return await _page(request, storage, nothing(), codes=codes)


@post("/compte/deux-etapes/retirer", opt={"who": "signed-in"}, status_code=200)
async def take_out(
    request: AdminRequest,
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form, user = await posted(request), request.user.user
    if not await _knows_password(request, settings, storage, form, clock):
        return await _page(request, storage, form, status=422)
    await storage.factors.remove(user, by=user.email)
    return go("/admin/compte", "factor-removed")


async def _knows_password(
    request: AdminRequest, settings: Settings, storage: Storage, form: Posted, clock: Clock
) -> bool:
    right = await is_holder(
        storage,
        settings,
        request.user.user,
        form["password"],
        address=client_address(request.scope, settings),
        now=clock(),
    )
    if not right:
        form.refuse("password", "Ce n'est pas votre mot de passe actuel.")
    return right


async def _page(
    request: AdminRequest,
    storage: Storage,
    form: Posted,
    *,
    draft: Draft | None = None,
    codes: list[str] | None = None,
    status: int = 200,
) -> Response[str]:
    return page(
        request,
        "two_steps",
        status=status,
        form=form,
        factor=await storage.factors.of(request.user.user),
        draft=draft,
        picture=qr.inline(draft.address) if draft else "",
        codes=codes,
    )
