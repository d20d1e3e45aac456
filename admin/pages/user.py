"""One account, for those who look after it: its rights, its password, its end."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from admin import password_links
from admin.grants import GIVEN_ROLES, place_in, places
from admin.posted import Posted, filled, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.errors import BadRequest, Conflict, NotFound
from collector.schema import Clock, User
from collector.settings import Settings
from collector.storage import Storage


@get("/utilisateurs/{id:int}", opt={"who": "organisation-manager"})
async def show_user(request: AdminRequest, id: FromPath[int], storage: NamedDependency[Storage]) -> Response[str]:
    return await _page(request, storage, await _found(request, storage, id), filled(role="reader"))


@post("/utilisateurs/{id:int}/droits", opt={"who": "organisation-manager"}, status_code=200)
async def give_right(request: AdminRequest, id: FromPath[int], storage: NamedDependency[Storage]) -> Response[Any]:
    user = await _found(request, storage, id)
    form = await posted(request)
    viewer, by = request.user, request.user.user.email
    role = form.choice("role", GIVEN_ROLES)
    place = role and await place_in(form, storage, viewer, await places(storage, viewer), by=by)
    if not role or not place:
        return await _page(request, storage, user, form, status=422)
    await storage.accounts.grant(user, place, role, by=by)
    return go(f"/admin/utilisateurs/{user.id}", "right-given")


@post("/utilisateurs/{id:int}/droits/retirer", opt={"who": "organisation-manager"}, status_code=200)
async def take_right(request: AdminRequest, id: FromPath[int], storage: NamedDependency[Storage]) -> Response[Any]:
    user = await _found(request, storage, id)
    place = (await places(storage, request.user)).find((await posted(request))["place"])
    if place is None:
        raise BadRequest("Ce droit n'existe pas, ou n'est pas à vous de le retirer.")
    await storage.accounts.revoke(user, place, by=request.user.user.email)
    # Whoever was looked after for this right alone is so no longer.
    kept = request.user.looks_after(await storage.accounts.rights(user))
    return go(f"/admin/utilisateurs/{user.id}" if kept else "/admin/utilisateurs", "right-taken")


@post("/utilisateurs/{id:int}/administrateur", opt={"who": "administrator"}, status_code=200)
async def set_administrator(
    request: AdminRequest, id: FromPath[int], storage: NamedDependency[Storage]
) -> Response[Any]:
    user = await _found(request, storage, id)
    wanted = (await posted(request)).choice("administrator", ("yes", "no"))
    if wanted is None:
        raise BadRequest
    if user.id == request.user.user.id:
        raise Conflict("Vous ne pouvez pas changer votre propre rôle : demandez-le à un autre administrateur.")
    await storage.accounts.set_administrator(user, wanted == "yes", by=request.user.user.email)
    return go(f"/admin/utilisateurs/{user.id}", "rights-changed")


@post("/utilisateurs/{id:int}/lien", opt={"who": "administrator"}, status_code=200)
async def send_link(
    request: AdminRequest,
    id: FromPath[int],
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[str]:
    """Whoever has such a link has the account: without mail, only an administrator gets to see one again."""
    user = await _found(request, storage, id)
    if user.disabled_at:
        raise Conflict("Ce compte est désactivé.")
    link = await password_links.invite(storage, settings, user, clock(), by=request.user.user)
    return await _page(request, storage, user, filled(role="reader"), sent=True, link=link)


@post("/utilisateurs/{id:int}/sessions", opt={"who": "administrator"}, status_code=200)
async def end_sessions(request: AdminRequest, id: FromPath[int], storage: NamedDependency[Storage]) -> Response[Any]:
    user = await _found(request, storage, id)
    await storage.accounts.revoke_sessions(user, by=request.user.user.email)
    return go(f"/admin/utilisateurs/{user.id}", "sessions-revoked")


@post("/utilisateurs/{id:int}/deux-etapes", opt={"who": "administrator"}, status_code=200)
async def reset_second_factor(
    request: AdminRequest, id: FromPath[int], storage: NamedDependency[Storage]
) -> Response[Any]:
    """For somebody who lost the telephone and the recovery codes."""
    user = await _found(request, storage, id)
    if user.id == request.user.user.id:
        raise Conflict("Pour votre propre compte, passez par « Mon compte », où le mot de passe est demandé.")
    await storage.factors.remove(user, by=request.user.user.email)
    return go(f"/admin/utilisateurs/{user.id}", "factor-removed")


@post("/utilisateurs/{id:int}/identite", opt={"who": "administrator"}, status_code=200)
async def unlink(request: AdminRequest, id: FromPath[int], storage: NamedDependency[Storage]) -> Response[Any]:
    """For somebody whom the provider knows by another identifier since, after a change of ministry for example."""
    user = await _found(request, storage, id)
    if user.id == request.user.user.id:
        raise Conflict("Vous ne pouvez pas détacher votre propre compte : demandez-le à un autre administrateur.")
    await storage.identities.remove(user, by=request.user.user.email)
    return go(f"/admin/utilisateurs/{user.id}", "identity-removed")


@post("/utilisateurs/{id:int}/desactiver", opt={"who": "administrator"}, status_code=200)
async def disable(
    request: AdminRequest, id: FromPath[int], storage: NamedDependency[Storage], clock: NamedDependency[Clock]
) -> Response[Any]:
    user = await _found(request, storage, id)
    if user.id == request.user.user.id:
        raise Conflict("Vous ne pouvez pas désactiver votre propre compte : demandez-le à un autre administrateur.")
    await storage.accounts.disable(user.email, clock(), by=request.user.user.email)
    return go(f"/admin/utilisateurs/{user.id}", "user-disabled")


@post("/utilisateurs/{id:int}/reactiver", opt={"who": "administrator"}, status_code=200)
async def enable(request: AdminRequest, id: FromPath[int], storage: NamedDependency[Storage]) -> Response[Any]:
    user = await _found(request, storage, id)
    await storage.accounts.enable(user.email, by=request.user.user.email)
    return go(f"/admin/utilisateurs/{user.id}", "user-enabled")


async def _page(
    request: AdminRequest,
    storage: Storage,
    user: User,
    form: Posted,
    *,
    sent: bool = False,
    link: str | None = None,
    status: int = 200,
) -> Response[str]:
    known = await places(storage, request.user)
    rights = [right for right in await storage.accounts.rights(user) if request.user.keeps(right)]
    return page(
        request,
        "user",
        status=status,
        user=user,
        form=form,
        sent=sent,
        link=link,
        rights=rights,
        factor=await storage.factors.of(user),
        linked=await storage.identities.since(user),
        places=known,
        slugs={one.id: one.slug for one in known.procedures},
        roles=GIVEN_ROLES,
    )


async def _found(request: AdminRequest, storage: Storage, id: int) -> User:
    """Raises NotFound: an account that somebody else looks after does not exist for this viewer."""
    user = await storage.accounts.by_id(id)
    if user and request.user.looks_after(await storage.accounts.rights(user)):
        return user
    raise NotFound("Ce compte n'existe pas.")
