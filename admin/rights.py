"""Who may do what: denied unless a handler says whom it is for, in `opt={"who": …}`, and `LETS_IN` names the role.

One guard on the admin's router reads it before anything else of the request. A procedure that is not yours does not
exist for you (404), so that addresses cannot be tried out.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args
from urllib.parse import quote

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from msgspec import Struct

from admin.accounts import cookie_name, digest_of
from admin.language import chosen, speak
from collector.errors import AvisError, CrossSite, Forbidden, NotFound, SignInRequired
from collector.schema import Procedure, Right, Role, User, day_of, strongest
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.acting import acting
from collector.storage.announcements import Announcement
from collector.web import is_same_site

Who = Literal["anyone", "signed-in", "reader", "manager", "organisation-manager", "administrator"]
"""`reader` and `manager` are of the procedure in the path, `organisation-manager` of any organisation."""

WHO: tuple[Who, ...] = get_args(Who)

LETS_IN: Mapping[Who, frozenset[Role]] = {
    "reader": frozenset({"reader", "manager", "administrator"}),
    "manager": frozenset({"manager", "administrator"}),
    "organisation-manager": frozenset({"manager", "administrator"}),
    "administrator": frozenset({"administrator"}),
}
"""Which role each is for. What is not here is refused."""


class MustChangePassword(AvisError):
    """Somebody who signed in with a one-time password goes to the page that replaces it, and nowhere else."""

    status, code, title = 403, "must-change-password", "Choisissez d'abord votre mot de passe"
    detail = "Le mot de passe provisoire ne sert qu'une fois."


class MustSetUpTwoSteps(AvisError):
    """Somebody of whom a second step is asked goes to the page that sets it up, and nowhere else."""

    status, code, title = 403, "must-set-up-two-steps", "Activez d'abord la connexion en deux étapes"
    detail = "Ce service la demande pour votre compte."


class Viewer(Struct, frozen=True):
    """Who is looking: an account, the rights given to it, the digest of the session, and what is asked of it first."""

    user: User
    rights: tuple[Right, ...]
    session: str
    lacks_second_step: bool = False
    announcements: tuple[Announcement, ...] = ()
    """What is to be told on each page."""

    @property
    def is_administrator(self) -> bool:
        return self.user.administrator

    @property
    def is_held_back(self) -> bool:
        """Whether there is something to do before anything else."""
        return self.user.must_change or self.lacks_second_step

    @property
    def organisations(self) -> frozenset[int]:
        """Those that this account manages as a whole."""
        return frozenset(one.id for one in self.rights if (one.kind, one.role) == ("organisation", "manager"))

    @property
    def may_create(self) -> bool:
        return self.role in LETS_IN["organisation-manager"]

    @property
    def role(self) -> Role | None:
        """The role where no procedure is meant: that of an administrator or of an organisation's manager."""
        return "administrator" if self.is_administrator else "manager" if self.organisations else None

    def role_in(self, procedure: Procedure) -> Role | None:
        """The strongest of the rights that reach this procedure."""
        return "administrator" if self.is_administrator else strongest(self.rights, procedure)

    def may_read(self, procedure: Procedure) -> bool:
        return self.role_in(procedure) in LETS_IN["reader"]

    def may_change(self, procedure: Procedure) -> bool:
        return self.role_in(procedure) in LETS_IN["manager"]

    def keeps(self, right: Right) -> bool:
        """Whether this right is this viewer's to give and to take."""
        return self.is_administrator or right.organisation_id in self.organisations

    def looks_after(self, rights: Iterable[Right]) -> bool:
        """Whether an account with these rights is this viewer's to see."""
        return self.is_administrator or any(map(self.keeps, rights))


AdminRequest = Request[Viewer, Any, Any]


async def only_whom_it_is_for(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The guard. Raises CrossSite, SignInRequired, MustChangePassword, MustSetUpTwoSteps, Forbidden or NotFound."""
    speak(chosen(connection))
    who = handler.opt.get("who")
    if who not in WHO:
        raise Forbidden
    settings: Settings = await _given(connection, "settings")
    request: AdminRequest = Request(connection.scope)
    from_anywhere = handler.opt.get("from_anywhere", False)
    if request.method not in {"GET", "HEAD"} and not from_anywhere and not is_same_site(request, settings):
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
    if viewer.lacks_second_step and not viewer.user.must_change and not handler.opt.get("before_two_steps"):
        raise MustSetUpTwoSteps
    await _check(who, viewer, connection)


async def _check(who: Who, viewer: Viewer, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    if who == "signed-in":
        return
    if who in {"reader", "manager"}:
        storage: Storage = await _given(connection, "storage")
        procedure = await storage.catalogue.procedure(connection.path_params["slug"])
        if procedure is None or not viewer.may_read(procedure):
            raise NotFound("Cette démarche n'existe pas, ou ne vous a pas été confiée.")
        if viewer.role_in(procedure) not in LETS_IN[who]:
            raise Forbidden("Vous pouvez lire cette démarche, sans la modifier.")
        connection.scope["state"]["procedure"] = procedure
    elif viewer.role not in LETS_IN.get(who, frozenset()):
        raise Forbidden


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
    acting(user.email, session)
    is_asked = settings.two_steps == "everyone" or (settings.two_steps == "administrators" and user.administrator)
    lacks_second_step = is_asked and await storage.factors.of(user) is None
    rights = tuple(await storage.accounts.rights(user))
    told = await storage.announcements.to(user, rights, day_of(clock()))
    return Viewer(user, rights, session, lacks_second_step, tuple(told))


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
