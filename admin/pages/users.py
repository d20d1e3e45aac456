"""The accounts that the viewer looks after: all for an administrator, those of one's organisations for its manager."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from admin import password_links
from admin.accounts import InvalidEmail, create_invited, plain_email
from admin.grants import GIVEN_ROLES, place_in, places
from admin.posted import Posted, filled, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.errors import Conflict
from collector.schema import Clock, Organisation, Procedure, Role, User
from collector.settings import Settings
from collector.storage import Storage

LONGEST_NAME = 80


@get("/utilisateurs", opt={"who": "organisation-manager"})
async def list_users(request: AdminRequest, storage: NamedDependency[Storage]) -> Response[str]:
    return await _page(request, storage, filled(role="manager"))


@post("/utilisateurs", opt={"who": "organisation-manager"}, status_code=200)
async def invite(
    request: AdminRequest,
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form = await posted(request)
    viewer, by = request.user, request.user.user.email
    name = form.text("name", longest=LONGEST_NAME)
    email = _email(form)
    role = form.choice("role", _roles(request))
    place: Organisation | Procedure | None = None
    if role in GIVEN_ROLES and not form.errors:
        place = await place_in(form, storage, viewer, await places(storage, viewer), by=by)
    if form.errors or role is None:
        return await _page(request, storage, form, status=422)
    known = await storage.accounts.find(email)
    if known:
        return await _known(request, storage, form, known[0], role, place)
    try:
        user = await create_invited(
            storage, email=email, name=name, administrator=role == "administrator", now=clock(), by=by
        )
    except Conflict as error:
        form.refuse("email", error.message)
        return await _page(request, storage, form, status=422)
    if place and role != "administrator":
        await storage.accounts.grant(user, place, role, by=by)
    link = await password_links.invite(storage, settings, user, clock(), by=viewer.user)
    return await _page(request, storage, filled(role="manager"), created=(user, link))


async def _known(
    request: AdminRequest,
    storage: Storage,
    form: Posted,
    user: User,
    role: Role,
    place: Organisation | Procedure | None,
) -> Response[Any]:
    """Somebody who has an account already is given the right, and keeps it."""
    if user.disabled_at:
        form.refuse("email", "Ce compte est désactivé.")
    elif place is None or role == "administrator":
        form.refuse("email", "Un compte existe déjà : ouvrez sa page pour en faire un administrateur.")
    else:
        await storage.accounts.grant(user, place, role, by=request.user.user.email)
        return go(f"/admin/utilisateurs/{user.id}", "right-given")
    return await _page(request, storage, form, status=422)


def _email(form: Posted) -> str:
    try:
        return plain_email(form["email"])
    except InvalidEmail as error:
        form.refuse("email", error.message)
        return ""


def _roles(request: AdminRequest) -> tuple[Role, ...]:
    return (*GIVEN_ROLES, "administrator") if request.user.is_administrator else GIVEN_ROLES


async def _page(
    request: AdminRequest,
    storage: Storage,
    form: Posted,
    *,
    created: tuple[User, str | None] | None = None,
    status: int = 200,
) -> Response[str]:
    viewer = request.user
    given = await storage.accounts.all_rights()
    kept = {user: [right for right in rights if viewer.keeps(right)] for user, rights in given.items()}
    return page(
        request,
        "users",
        status=201 if created else status,
        form=form,
        users=[user for user in await storage.accounts.all() if viewer.looks_after(kept.get(user.id, []))],
        rights=kept,
        created=created,
        roles=_roles(request),
        places=await places(storage, viewer),
    )
