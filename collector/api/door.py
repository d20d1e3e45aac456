"""Who comes in with a key: `Authorization: Bearer avis_…`, and nothing else. A session of the admin opens nothing here.

Wrong keys are counted by visitor, so that a program which tries the same one for ever is told to wait. A right one is
never made to wait for them: whoever shares its address does it no harm, and nobody guesses 256 bits.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Literal, get_args

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from collector import keys
from collector.api.pace import keep_pace
from collector.errors import (
    Forbidden,
    KeyExpired,
    KeyInvalid,
    KeyReadsOnly,
    KeyRequired,
    KeyRevoked,
    NotFound,
    TooManyKeys,
)
from collector.privacy.visitors import day_key, visitor
from collector.schema import Clock, GivenRole, Procedure, day_of
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.services import Access
from collector.web import client_address

MOST_WRONG = 30
WINDOW = 15 * 60
HEADERS = {"Cache-Control": "private, no-store", "Vary": "Authorization", "X-Content-Type-Options": "nosniff"}


Who = Literal["key-holder", "key-reader", "key-manager"]
"""`key-reader` and `key-manager` are of the procedure in the path."""

WHO: tuple[Who, ...] = get_args(Who)

LETS_IN: Mapping[Who, frozenset[GivenRole]] = {
    "key-reader": frozenset({"reader", "manager"}),
    "key-manager": frozenset({"manager"}),
}


async def only_with_a_key(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The guard: who may call a route stands in its `opt={"who": …}`, as in the admin.

    Raises what `_open` does, TooManyRequests, NotFound or KeyReadsOnly.
    """
    who = handler.opt.get("who")
    if who not in WHO:
        raise Forbidden
    access = await _open(connection)
    await keep_pace(connection.scope, await _given(connection, "limits"), access.name)
    connection.scope["state"]["access"] = access
    if who != "key-holder":
        connection.scope["state"]["procedure"] = await _procedure(connection, access, LETS_IN[who])


async def _open(connection: ASGIConnection[Any, Any, Any, Any]) -> Access:
    """Raises KeyRequired, KeyInvalid, KeyExpired, KeyRevoked or TooManyKeys."""
    storage: Storage = await _given(connection, "storage")
    clock: Clock = await _given(connection, "clock")
    kind, _, text = connection.headers.get("authorization", "").partition(" ")
    if kind.casefold() != "bearer":
        raise KeyRequired
    key = keys.read(text.strip())
    access = await storage.services.open(key) if key else None
    if access is None:
        await _count_wrong(connection, storage, clock)
        raise KeyInvalid
    now = clock()
    state = access.key.state(now)
    if state != "alive":
        raise KeyRevoked if state == "revoked" else KeyExpired
    await storage.services.note_use(access, now)
    return access


async def _procedure(
    connection: ASGIConnection[Any, Any, Any, Any], access: Access, roles: frozenset[GivenRole]
) -> Procedure:
    """Raises NotFound: what a key may not read does not exist for it. Raises KeyReadsOnly."""
    storage: Storage = await _given(connection, "storage")
    slug = connection.path_params["slug"]
    procedure = None if "\0" in slug else await storage.catalogue.procedure(slug)
    role = access.role_in(procedure) if procedure else None
    if procedure is None or role is None:
        raise NotFound("Cette démarche n'existe pas, ou cette clé ne la lit pas.")
    if role not in roles:
        raise KeyReadsOnly
    return procedure


def access_of_request(request: Request[Any, Any, Any]) -> Access:
    """The dependency `access`: there only once the guard has let the program in."""
    access: Access = request.scope["state"]["access"]
    return access


def procedure_of_request(request: Request[Any, Any, Any]) -> Procedure:
    """The dependency `procedure`: the one of the path."""
    procedure: Procedure = request.scope["state"]["procedure"]
    return procedure


async def _count_wrong(connection: ASGIConnection[Any, Any, Any, Any], storage: Storage, clock: Clock) -> None:
    settings: Settings = await _given(connection, "settings")
    now = clock()
    salt = day_key(settings.secret_keys[0], await storage.intake.salt(day_of(now)))
    who = visitor(client_address(connection.scope, settings), salt)
    name = blake2b(f"api-key/{who}".encode(), key=salt, digest_size=12).hexdigest()
    moment = int(now.timestamp())
    (use,) = await storage.accounts.count_attempts([name], moment, WINDOW)
    if use.used > MOST_WRONG:
        raise TooManyKeys(retry_after=max(1, use.expires - moment))


async def _given(connection: ASGIConnection[Any, Any, Any, Any], name: str) -> Any:
    """What the composition root provides: guards run before dependencies are injected."""
    return await connection.app.dependencies[name]()
