"""The language of the admin's pages, chosen at the foot of each of them."""

from litestar import post
from litestar.di import NamedDependency
from litestar.response import Redirect

from admin.language import LANGUAGES, chosen_cookie
from admin.posted import posted
from admin.rendering import go
from admin.rights import AdminRequest, safe_next
from collector.errors import BadRequest
from collector.settings import Settings


@post("/langue", opt={"who": "anyone", "before_password_change": True})
async def choose_language(request: AdminRequest, settings: NamedDependency[Settings]) -> Redirect:
    """Back to the page that was open, in the other language."""
    form = await posted(request)
    language = form.choice("langue", LANGUAGES)
    if language is None:
        raise BadRequest("Choisissez le français ou l'anglais.")
    return go(safe_next(form["retour"]), cookies=[chosen_cookie(language, settings)])
