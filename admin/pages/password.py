"""Choose a password with a link, and ask for such a link."""

from typing import Any

from litestar import Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency

from admin import throttle
from admin.accounts import InvalidEmail, plain_email
from admin.password_links import DeadLink, choose_password, recover
from admin.passwords import SHORTEST
from admin.posted import Posted, nothing, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.schema import Clock
from collector.settings import Settings
from collector.storage import Storage
from collector.web import client_address

MOST_LETTERS = 5
"""To one address or for one visitor, in a quarter of an hour: a mailbox must not be filled from here."""


@get("/mot-de-passe", opt={"who": "anyone"}, sync_to_thread=False)
def password_form(request: AdminRequest) -> Response[str]:
    return _form(request, nothing())


@post("/mot-de-passe", opt={"who": "anyone"}, status_code=200)
async def password_chosen(
    request: AdminRequest,
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form = await posted(request)
    if form["new"] != form["again"]:
        form.refuse("again", "Les deux saisies du mot de passe diffèrent.")
        return _form(request, form, 422)
    try:
        wrong = await choose_password(storage, settings, form["code"], form["new"], clock())
    except DeadLink as error:
        form.refuse("code", error.message)
        return _form(request, form, 422)
    if wrong:
        form.refuse("new", wrong)
        return _form(request, form, 422)
    return go("/admin/connexion", "password-chosen")


@get("/mot-de-passe-oublie", opt={"who": "anyone"}, sync_to_thread=False)
def forgotten(request: AdminRequest, settings: NamedDependency[Settings]) -> Response[str]:
    return page(request, "password_forgotten", form=nothing(), sends=settings.mail_server is not None, asked=False)


@post("/mot-de-passe-oublie", opt={"who": "anyone"}, status_code=200)
async def send_link(
    request: AdminRequest,
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[str]:
    """The same answer, as fast, whether there is such an account: it is looked for once the answer has left."""
    form = await posted(request)
    sends = settings.mail_server is not None
    try:
        now, email = clock(), plain_email(form["email"])
    except InvalidEmail as error:
        form.refuse("email", error.message)
        return page(request, "password_forgotten", status=422, form=form, sends=sends, asked=False)
    counted = await throttle.names(
        storage, settings, email, client_address(request.scope, settings), now, kind="forgotten"
    )
    await throttle.charge(storage, counted, now, MOST_LETTERS)
    answer = page(request, "password_forgotten", form=form, sends=sends, asked=True)
    answer.background = BackgroundTask(recover, storage, settings, email, now)
    return answer


def _form(request: AdminRequest, form: Posted, status: int = 200) -> Response[str]:
    return page(request, "password", status=status, form=form, shortest=SHORTEST)
