"""Coming in, second step: the code, where an account asks for one."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from admin.accounts import cookie_name, digest_of, session_cookie
from admin.pages.sign_in import show_form
from admin.posted import Posted, asked, posted
from admin.rendering import go, page
from admin.rights import AdminRequest, safe_next
from admin.second_factor import enter
from collector.schema import Clock
from collector.settings import Settings
from collector.storage import Storage
from collector.web import client_address

# One sentence for a code that is wrong, too old or used, and for a recovery code that is wrong or used.
_WRONG = "Ce code ne convient pas. Attendez que l'application en affiche un autre, ou écrivez un code de secours."
_LATE = "Trop de temps a passé depuis la première étape. Connectez-vous de nouveau."


@get("/connexion/code", opt={"who": "anyone"})
async def code_form(
    request: AdminRequest,
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form = asked(request)
    if request.scope.get("user"):
        return go(safe_next(form["next"]))
    if await storage.factors.waiting(_session(request, settings), clock()) is None:
        return go("/admin/connexion")
    return _form(request, form)


@post("/connexion/code", opt={"who": "anyone"}, status_code=200)
async def enter_code(
    request: AdminRequest,
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form, now, waiting = await posted(request), clock(), _session(request, settings)
    if request.scope.get("user"):
        return go(safe_next(form["next"]))
    user = await storage.factors.waiting(waiting, now)
    if user is None:
        return show_form(request, settings, form, wrong=_LATE, status=401)
    token = await enter(
        storage,
        settings,
        user,
        form["code"],
        waiting=waiting,
        address=client_address(request.scope, settings),
        now=now,
    )
    if token is None:
        return _form(request, form, wrong=_WRONG, status=401)
    return go(safe_next(form["next"]), cookies=[session_cookie(settings, token)])


def _session(request: AdminRequest, settings: Settings) -> str:
    return digest_of(request.cookies.get(cookie_name(settings), ""))


def _form(request: AdminRequest, form: Posted, *, wrong: str | None = None, status: int = 200) -> Response[str]:
    return page(request, "sign_in_code", status=status, form=form, wrong=wrong, next=safe_next(form["next"]))
