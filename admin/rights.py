"""Who may do what: denied unless a handler says whom it is for, in `opt={"who": …}`.

One guard on the admin's router reads it before anything else of the request. A procedure that is not yours does not
exist for you (404), so that addresses cannot be tried out.
"""

from typing import Any, Literal, get_args
from urllib.parse import quote

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from msgspec import Struct

from admin.accounts import cookie_name, digest_of
from collector.errors import AvisError, CrossSite, Forbidden, NotFound, SignInRequired
from collector.schema import Procedure, User
from collector.settings import Settings
from collector.storage import Storage
from collector.web import is_same_site

Who = Literal["anyone", "signed-in", "creator", "reader", "manager", "administrator"]
"""`reader` and `manager` are of the procedure in the path; `creator` may make new ones."""

WHO: tuple[Who, ...] = get_args(Who)


class MustChangePassword(AvisError):
    """Somebody who signed in with a one-time password goes to the page that replaces it, and nowhere else."""

    status, code, title = 403, "must-change-password", "Choisissez d'abord votre mot de passe"
    detail = "Le mot de passe provisoire ne sert qu'une fois."


class Viewer(Struct, frozen=True):
    """Who is looking: an account, the procedures granted to it, and the digest of the session."""

    user: User
    granted: frozenset[int]
    session: str

    @property
    def is_administrator(self) -> bool:
        return self.user.role == "administrator"

    @property
    def may_create(self) -> bool:
        return self.user.role in {"administrator", "manager"}

    def may_read(self, procedure: Procedure) -> bool:
        return self.is_administrator or procedure.id in self.granted

    def may_change(self, procedure: Procedure) -> bool:
        return self.is_administrator or (self.user.role == "manager" and procedure.id in self.granted)


AdminRequest = Request[Viewer, Any, Any]


async def only_whom_it_is_for(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The guard. Raises CrossSite, SignInRequired, MustChangePassword, Forbidden or NotFound."""
    who = handler.opt.get("who")
    if who not in WHO:
        raise Forbidden
    settings: Settings = await _given(connection, "settings")
    request: AdminRequest = Request(connection.scope)
    if request.method not in {"GET", "HEAD"} and not is_same_site(request, settings):
        raise CrossSite
    # Scripts and styles must come while the database is away: the page that says so is made of them too.
    viewer = None if handler.opt.get("same_for_all") else await _viewer(connection, settings)
    connection.scope["user"] = viewer
    if who == "anyone":
        return
    if viewer is None:
        raise SignInRequired
    if viewer.user.must_change and not handler.opt.get("before_password_change"):
        raise MustChangePassword
    await _check(who, viewer, connection)


async def _check(who: Who, viewer: Viewer, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    if who == "administrator" and not viewer.is_administrator:
        raise Forbidden
    if who == "creator" and not viewer.may_create:
        raise Forbidden
    if who in {"reader", "manager"}:
        storage: Storage = await _given(connection, "storage")
        procedure = await storage.catalogue.procedure(connection.path_params["slug"])
        if procedure is None or not viewer.may_read(procedure):
            raise NotFound("Cette démarche n'existe pas, ou ne vous a pas été confiée.")
        if who == "manager" and not viewer.may_change(procedure):
            raise Forbidden("Vous pouvez lire cette démarche, sans la modifier.")
        connection.scope["state"]["procedure"] = procedure


def procedure_in_path(request: AdminRequest) -> Procedure:
    """The dependency `procedure`: there only once the guard has let the viewer in."""
    procedure: Procedure = request.scope["state"]["procedure"]
    return procedure


async def _viewer(connection: ASGIConnection[Any, Any, Any, Any], settings: Settings) -> Viewer | None:
    token = connection.cookies.get(cookie_name(settings))
    if not token:
        return None
    storage: Storage = await _given(connection, "storage")
    clock = await _given(connection, "clock")
    session = digest_of(token)
    user = await storage.accounts.session_user(session, clock())
    if user is None:
        return None
    granted = frozenset[int]() if user.role == "administrator" else await storage.accounts.granted(user)
    return Viewer(user, granted, session)


async def _given(connection: ASGIConnection[Any, Any, Any, Any], name: str) -> Any:
    """What the composition root provides: guards run before dependencies are injected."""
    return await connection.app.dependencies[name]()


def safe_next(path: str | None) -> str:
    """Where to go after signing in: a page of the admin, never another site, whatever the address said."""
    if not path or not path.startswith("/admin") or path[6:7] not in {"", "/", "?"}:
        return "/admin"
    if any(ord(c) <= ord(" ") or c == "\\" for c in path) or "//" in path.partition("?")[0]:
        return "/admin"
    return path


def sign_in_path(request: Request[Any, Any, Any]) -> str:
    """The sign-in page, remembering the page that was asked for when it can be asked for again."""
    if request.method != "GET" or request.url.path in {"/admin", "/admin/"}:
        return "/admin/connexion"
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/admin/connexion?next={quote(request.url.path + query, safe='')}"
