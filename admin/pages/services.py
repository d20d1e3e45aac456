"""Service accounts: programs that read or manage by the API. Who looks after all that one opens makes its keys."""

from datetime import timedelta
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from admin.grants import GIVEN_ROLES, place_in, places
from admin.posted import Posted, filled, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.errors import BadRequest, Conflict, Forbidden, NotFound
from collector.keys import Key, draw, name_of
from collector.schema import Clock, GivenRole, Organisation, Procedure, Right
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.services import Service

LONGEST_NAME = 80
LONGEST_PURPOSE = 200
EXPIRIES = {"90": "3 mois", "180": "6 mois", "365": "12 mois", "730": "24 mois"}
USUAL = "365"
SHOWN = 2
_NOT_ALL = "Ce compte de service ouvre aussi des démarches que vous ne gérez pas : un administrateur peut le changer."


@get("/comptes-de-service", opt={"who": "organisation-manager"})
async def list_services(
    request: AdminRequest, storage: NamedDependency[Storage], clock: NamedDependency[Clock]
) -> Response[str]:
    return await _list(request, storage, clock, filled(role="reader"))


@post("/comptes-de-service", opt={"who": "organisation-manager"}, status_code=200)
async def add_service(
    request: AdminRequest, storage: NamedDependency[Storage], clock: NamedDependency[Clock]
) -> Response[Any]:
    form, by = await posted(request), request.user.user.email
    name = form.text("name", longest=LONGEST_NAME)
    purpose = form.text("purpose", longest=LONGEST_PURPOSE)
    given = None if form.errors else await _given(request, storage, form)
    if given is None:
        return await _list(request, storage, clock, form, status=422)
    over, role = given
    made = await storage.services.add(name=name, purpose=purpose, over=over, role=role, now=clock(), by=by)
    return go(f"/admin/comptes-de-service/{made.id}", "service-created")


@get("/comptes-de-service/{service:int}", opt={"who": "organisation-manager"})
async def show_service(
    request: AdminRequest,
    service: FromPath[int],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> Response[str]:
    found, rights = await _found(request, storage, service)
    return await _show(request, storage, clock, settings, found, rights, filled(expires=USUAL, role="reader"))


@post("/comptes-de-service/{service:int}/cles", opt={"who": "organisation-manager"}, status_code=200)
async def add_key(
    request: AdminRequest,
    service: FromPath[int],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> Response[str]:
    found, rights = await _kept(request, storage, service)
    form, now = await posted(request), clock()
    expires = form.choice("expires", EXPIRIES)
    if expires is None:
        return await _show(request, storage, clock, settings, found, rights, form, status=422)
    key = draw()
    try:
        await storage.services.add_key(
            found, key, expires=now + timedelta(days=int(expires)), now=now, by=request.user.user.email
        )
    except Conflict as error:
        form.refuse("expires", error.message)
        return await _show(request, storage, clock, settings, found, rights, form, status=422)
    return await _show(
        request, storage, clock, settings, found, rights, filled(expires=USUAL, role="reader"), created=key
    )


@post("/comptes-de-service/{service:int}/cles/{key:str}/revoquer", opt={"who": "organisation-manager"}, status_code=200)
async def revoke_key(
    request: AdminRequest,
    service: FromPath[int],
    key: FromPath[str],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    """By whoever looks after anything that the key reads: where it leaks, nobody waits for an administrator."""
    found, _ = await _found(request, storage, service)
    if not await storage.services.revoke_key(found, key, clock(), by=request.user.user.email):
        raise NotFound("Cette clé n'existe pas, ou elle est déjà révoquée.")
    return go(f"/admin/comptes-de-service/{found.id}", "key-revoked")


@post("/comptes-de-service/{service:int}/droits", opt={"who": "organisation-manager"}, status_code=200)
async def grant(
    request: AdminRequest,
    service: FromPath[int],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> Response[Any]:
    found, rights = await _kept(request, storage, service)
    form = await posted(request)
    given = await _given(request, storage, form)
    if given is None:
        return await _show(request, storage, clock, settings, found, rights, form, status=422)
    await storage.services.grant(found, *given, by=request.user.user.email)
    return go(f"/admin/comptes-de-service/{found.id}", "service-given")


@post("/comptes-de-service/{service:int}/droits/retirer", opt={"who": "organisation-manager"}, status_code=200)
async def revoke(request: AdminRequest, service: FromPath[int], storage: NamedDependency[Storage]) -> Response[Any]:
    found, _ = await _found(request, storage, service)
    place = (await places(storage, request.user)).find((await posted(request))["place"])
    if place is None:
        raise BadRequest("Ce droit n'existe pas, ou n'est pas à vous de le retirer.")
    await storage.services.revoke(found, place, by=request.user.user.email)
    # Whoever looked after this alone does so no longer.
    kept = request.user.looks_after(await storage.services.rights(found.id))
    return go(f"/admin/comptes-de-service/{found.id}" if kept else "/admin/comptes-de-service", "service-taken")


async def _given(
    request: AdminRequest, storage: Storage, form: Posted
) -> tuple[Organisation | Procedure, GivenRole] | None:
    viewer, role = request.user, form.choice("role", GIVEN_ROLES)
    known = await places(storage, viewer)
    over = await place_in(form, storage, viewer, known, by=viewer.user.email) if role else None
    return (over, role) if over and role else None


async def _found(request: AdminRequest, storage: Storage, id: int) -> tuple[Service, tuple[Right, ...]]:
    """Raises NotFound: what reads nothing of this viewer's does not exist for them."""
    found = await storage.services.get(id)
    rights = await storage.services.rights(id)
    if found and request.user.looks_after(rights):
        return found, rights
    raise NotFound("Ce compte de service n'existe pas.")


async def _kept(request: AdminRequest, storage: Storage, id: int) -> tuple[Service, tuple[Right, ...]]:
    """Raises Forbidden too: a key of theirs would open what somebody else looks after."""
    found, rights = await _found(request, storage, id)
    if not all(map(request.user.keeps, rights)):
        raise Forbidden(_NOT_ALL)
    return found, rights


async def _list(
    request: AdminRequest, storage: Storage, clock: Clock, form: Posted, *, status: int = 200
) -> Response[str]:
    now, listed = clock(), []
    for one in await storage.services.all():
        rights = await storage.services.rights(one.id)
        mine = list(filter(request.user.keeps, rights))[:SHOWN]
        if request.user.looks_after(rights):
            alive = [key for key in await storage.services.keys(one.id) if key.state(now) == "alive"]
            listed.append((one, mine, len(rights) - len(mine), alive))
    return page(
        request,
        "services",
        status=status,
        form=form,
        services=listed,
        places=await places(storage, request.user),
        roles=GIVEN_ROLES,
    )


async def _show(
    request: AdminRequest,
    storage: Storage,
    clock: Clock,
    settings: Settings,
    service: Service,
    rights: tuple[Right, ...],
    form: Posted,
    *,
    created: Key | None = None,
    status: int = 200,
) -> Response[str]:
    now, viewer = clock(), request.user
    known = await places(storage, viewer)
    return page(
        request,
        "service",
        status=201 if created else status,
        service=service,
        rights=[one for one in rights if viewer.keeps(one)],
        others=sum(not viewer.keeps(one) for one in rights),
        slugs={one.id: one.slug for one in known.procedures},
        keys=[(name_of(key.id), key, key.state(now)) for key in await storage.services.keys(service.id)],
        created=created,
        address=f"{settings.base_url}/api/v1/procedures",
        places=known,
        roles=GIVEN_ROLES,
        expiries=EXPIRIES,
        form=form,
    )
