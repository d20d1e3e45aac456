"""Webhooks of a procedure: where its events are posted to. A secret is shown once."""

from typing import Any, Literal, get_args

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from admin.alerts.hooking import BOTH_HOLD, tried
from admin.alerts.posts import written
from admin.posted import Posted, asked, filled, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.errors import BadRequest, NotFound
from collector.privacy.contacts import HOOK, seal
from collector.rhythms import next_digest
from collector.schema import Clock, Procedure
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.hooks import HOOK_KINDS, MOST, Hook
from collector.webhooks import LONGEST_URL, BadAddress, check_address, new_secret

Move = Literal["test", "renew", "stop", "start", "remove"]
MOVES: tuple[Move, ...] = get_args(Move)


@get("/demarches/{slug:str}/webhooks", opt={"who": "manager"})
async def list_hooks(
    request: AdminRequest, procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[str]:
    return await _page(request, procedure, storage, _proposed())


@post("/demarches/{slug:str}/webhooks", opt={"who": "manager"}, status_code=200)
async def add_hook(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
    clock: NamedDependency[Clock],
) -> Response[str]:
    form, now = await posted(request), clock()
    url = form.text("url", longest=LONGEST_URL)
    kinds = form.choices("kinds", HOOK_KINDS)
    if not kinds:
        form.refuse("kinds", "Choisissez au moins un événement.")
    if len(await storage.hooks.of(procedure)) >= MOST:
        form.refuse("url", "{n} webhooks au plus par démarche : supprimez-en un d'abord.", n=MOST)
    if not form.errors:
        try:
            await check_address(settings, url)
        except BadAddress as error:
            form.refuse("url", error.message)
    if form.errors:
        return await _page(request, procedure, storage, form, 422)
    secret = new_secret()
    made = await storage.hooks.add(
        procedure,
        url,
        kinds,
        _sealed(settings, secret),
        next_digest=int(next_digest("daily", now).timestamp()),
        now=now,
        by=request.user.user.email,
    )
    return await _page(request, procedure, storage, _proposed(), 201, secret=(made, secret))


@post("/demarches/{slug:str}/webhooks/{hook:int}", opt={"who": "manager"}, status_code=200)
async def move_hook(
    request: AdminRequest,
    hook: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form, now, by = await posted(request), clock(), request.user.user.email
    move = form.choice("move", MOVES)
    if move is None:
        raise BadRequest
    found = await storage.hooks.at(procedure, hook)
    if found is None:
        raise NotFound("Ce webhook n'existe pas, ou plus.")
    if move == "renew":
        secret = new_secret()
        await storage.hooks.renew(procedure, hook, _sealed(settings, secret), until=now + BOTH_HOLD, by=by)
        return await _page(request, procedure, storage, _proposed(), secret=(hook, secret))
    if move == "test":
        taken = await _test(storage, settings, found, procedure, clock)
        return go(_path(procedure), "hook-test") if taken else go(_path(procedure), essai="echec")
    if move == "stop":
        await storage.hooks.stop(procedure, hook, "asked", now=now, by=by)
    elif move == "start":
        due = int(next_digest("daily", now).timestamp())
        await storage.hooks.start(procedure, hook, next_digest=due, by=by)
    else:
        await storage.hooks.remove(procedure, hook, by=by)
    return go(_path(procedure), f"hook-{move}")


async def _test(storage: Storage, settings: Settings, hook: Hook, procedure: Procedure, clock: Clock) -> bool:
    """At once and once only: somebody is looking."""
    now = clock()
    test = written(settings, hook, procedure, "test", {}, now)
    await storage.hooks.post(test, "test", test.message, now)
    waiting = await storage.hooks.find(test.message)
    answer = await tried(storage, settings, hook, waiting, now, once=True) if waiting else None
    return bool(answer and answer.is_taken)


def _proposed() -> Posted:
    return filled(kinds=["problem", "spike", "silence", "fall"])


def _sealed(settings: Settings, secret: str) -> str:
    return seal(secret, settings.secret_keys, HOOK).decode()


def _path(procedure: Procedure) -> str:
    return f"/admin/demarches/{procedure.slug}/webhooks"


async def _page(
    request: AdminRequest,
    procedure: Procedure,
    storage: Storage,
    form: Posted,
    status: int = 200,
    *,
    secret: tuple[int, str] | None = None,
) -> Response[str]:
    hooks = await storage.hooks.of(procedure)
    return page(
        request,
        "hooks",
        status=status,
        procedure=procedure,
        tab="alertes",
        form=form,
        hooks=[(one, await storage.hooks.log(one)) for one in hooks],
        kinds=HOOK_KINDS,
        secret=secret,
        failed=asked(request)["essai"] == "echec",
        longest=LONGEST_URL,
    )
