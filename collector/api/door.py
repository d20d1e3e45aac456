"""Who comes in with a key: `Authorization: Bearer avis_…`, and nothing else. A session of the admin opens nothing here.

Wrong keys are counted by visitor, so that a program which tries the same one for ever is told to wait. A right one is
never made to wait for them: whoever shares its address does it no harm, and nobody guesses 256 bits.
"""

from hashlib import blake2b
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from collector import keys
from collector.errors import KeyExpired, KeyInvalid, KeyRequired, KeyRevoked, NotFound, TooManyKeys
from collector.privacy.visitors import day_key, visitor
from collector.schema import Clock, Procedure, day_of
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.services import Access
from collector.web import client_address

MOST_WRONG = 30
WINDOW = 15 * 60
HEADERS = {"Cache-Control": "private, no-store", "Vary": "Authorization", "X-Content-Type-Options": "nosniff"}


async def only_with_a_key(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """The guard. Raises KeyRequired, KeyInvalid, KeyExpired, KeyRevoked or TooManyKeys."""
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
    connection.scope["state"]["access"] = access


def access_of_request(request: Request[Any, Any, Any]) -> Access:
    """The dependency `access`: there only once the guard has let the program in."""
    access: Access = request.scope["state"]["access"]
    return access


async def readable(slug: str, access: Access, storage: Storage) -> Procedure:
    """Raises NotFound: what a key may not read does not exist for it."""
    procedure = None if "\0" in slug else await storage.catalogue.procedure(slug)
    if procedure is None or not access.may_read(procedure):
        raise NotFound("Cette démarche n'existe pas, ou cette clé ne la lit pas.")
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
