"""Accounts, for administrators: invite, choose procedures, renew a password, disable."""

from typing import Any, get_args

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from admin.accounts import InvalidEmail, create_user, renew_password
from admin.posted import Posted, filled, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.errors import Conflict, NotFound
from collector.schema import Clock, Role, User
from collector.storage import Storage

LONGEST_NAME = 80
ROLES: tuple[Role, ...] = get_args(Role)


@get("/utilisateurs", opt={"who": "administrator"})
async def list_users(request: AdminRequest, storage: NamedDependency[Storage]) -> Response[str]:
    return await _list(request, storage, filled(role="manager"))


@post("/utilisateurs", opt={"who": "administrator"}, status_code=200)
async def invite(
    request: AdminRequest, storage: NamedDependency[Storage], clock: NamedDependency[Clock]
) -> Response[str]:
    form = await posted(request)
    name = form.text("name", longest=LONGEST_NAME)
    role = form.choice("role", ROLES)
    form.text("email", longest=254)
    if form.errors or role is None:
        return await _list(request, storage, form, status=422)
    try:
        user, password = await create_user(
            storage, email=form["email"], name=name, role=role, now=clock(), by=request.user.user.email
        )
    except (InvalidEmail, Conflict) as error:
        form.refuse("email", error.message)
        return await _list(request, storage, form, status=422)
    return await _list(request, storage, filled(role="manager"), created=(user, password))


@get("/utilisateurs/{id:int}", opt={"who": "administrator"})
async def show_user(request: AdminRequest, id: FromPath[int], storage: NamedDependency[Storage]) -> Response[str]:
    return await _user(request, storage, await _found(id, storage))


@post("/utilisateurs/{id:int}/droits", opt={"who": "administrator"}, status_code=200)
async def change_rights(request: AdminRequest, id: FromPath[int], storage: NamedDependency[Storage]) -> Response[Any]:
    user = await _found(id, storage)
    form = await posted(request)
    wanted = set(form.all("procedures"))
    before = await storage.accounts.granted(user)
    for procedure in await storage.catalogue.procedures():
        if procedure.slug in wanted and procedure.id not in before:
            await storage.accounts.grant(user, procedure.id, by=request.user.user.email)
        elif procedure.slug not in wanted and procedure.id in before:
            await storage.accounts.revoke(user, procedure.id, by=request.user.user.email)
    return go(f"/admin/utilisateurs/{user.id}", "rights-changed")


@post("/utilisateurs/{id:int}/mot-de-passe", opt={"who": "administrator"}, status_code=200)
async def new_one_time_password(
    request: AdminRequest, id: FromPath[int], storage: NamedDependency[Storage]
) -> Response[str]:
    user = await _found(id, storage)
    return await _user(request, storage, user, password=await renew_password(storage, user, by=request.user.user.email))


@post("/utilisateurs/{id:int}/desactiver", opt={"who": "administrator"}, status_code=200)
async def disable(
    request: AdminRequest, id: FromPath[int], storage: NamedDependency[Storage], clock: NamedDependency[Clock]
) -> Response[Any]:
    user = await _found(id, storage)
    if user.id == request.user.user.id:
        raise Conflict("Vous ne pouvez pas désactiver votre propre compte : demandez-le à un autre administrateur.")
    await storage.accounts.disable(user.email, clock(), by=request.user.user.email)
    return go(f"/admin/utilisateurs/{user.id}", "user-disabled")


async def _list(
    request: AdminRequest,
    storage: Storage,
    form: Posted,
    *,
    created: tuple[User, str] | None = None,
    status: int = 200,
) -> Response[str]:
    users = await storage.accounts.all()
    return page(
        request, "users", status=201 if created else status, form=form, users=users, created=created, roles=ROLES
    )


async def _user(request: AdminRequest, storage: Storage, user: User, password: str | None = None) -> Response[str]:
    return page(
        request,
        "user",
        user=user,
        password=password,
        procedures=await storage.catalogue.procedures(),
        granted=await storage.accounts.granted(user),
    )


async def _found(id: int, storage: Storage) -> User:
    user = await storage.accounts.by_id(id)
    if user is None:
        raise NotFound("Ce compte n'existe pas.")
    return user
