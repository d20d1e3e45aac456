"""One's own account: who one is here, and one's password."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from admin.accounts import change_password
from admin.passwords import SHORTEST
from admin.posted import Posted, nothing, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.schema import Clock
from collector.settings import Settings
from collector.storage import Storage
from collector.web import client_address


@get("/compte", opt={"who": "signed-in", "before_password_change": True}, sync_to_thread=False)
def account(request: AdminRequest) -> Response[str]:
    return _page(request, nothing())


@post("/compte", opt={"who": "signed-in", "before_password_change": True}, status_code=200)
async def new_password(
    request: AdminRequest,
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form = await posted(request)
    if form["new"] != form["again"]:
        form.refuse("again", "Les deux saisies du nouveau mot de passe diffèrent.")
        return _page(request, form, 422)
    viewer = request.user
    wrong = await change_password(
        storage,
        settings,
        viewer.user,
        old=form["old"],
        new=form["new"],
        session=viewer.session,
        address=client_address(request.scope, settings),
        now=clock(),
    )
    for field, message in wrong.items():
        form.refuse(field, message)
    if wrong:
        return _page(request, form, 422)
    return go("/admin" if viewer.user.must_change else "/admin/compte", "password-changed")


def _page(request: AdminRequest, form: Posted, status: int = 200) -> Response[str]:
    return page(request, "account", status=status, form=form, shortest=SHORTEST)
