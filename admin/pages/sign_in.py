"""Coming in and going out."""

from datetime import timedelta
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from admin.accounts import PENDING, session_cookie, sign_in
from admin.openid import token_of
from admin.posted import Posted, asked, posted
from admin.rendering import go, page
from admin.rights import AdminRequest, Viewer, safe_next
from collector.schema import Clock
from collector.settings import Settings
from collector.storage import Storage
from collector.web import client_address

# One sentence for a wrong e-mail, a wrong password and a disabled account: it tells nothing about accounts.
_WRONG = "L'adresse électronique ou le mot de passe ne convient pas. Vérifiez les deux, majuscules comprises."


# What went wrong at the provider says no more, and the password still works.
_PROVIDER = {
    "absent": "{label} ne répond pas. Réessayez dans un instant, ou connectez-vous avec votre mot de passe.",
    "refus": (
        "L'identification avec {label} n'a pas abouti. Recommencez, ou connectez-vous avec votre mot de passe. "
        "Votre compte doit avoir été créé ici avec la même adresse électronique."
    ),
}


@get("/connexion", opt={"who": "anyone"})
async def sign_in_form(request: AdminRequest, settings: NamedDependency[Settings]) -> Response[Any]:
    form = asked(request)
    if request.scope.get("user"):
        return go(safe_next(form["next"]))
    wrong = _PROVIDER.get(form["fournisseur"]) if settings.oidc_issuer else None
    return show_form(request, settings, form, wrong=wrong and wrong.format(label=settings.oidc_label))


@post("/connexion", opt={"who": "anyone"}, status_code=200)
async def sign_in_now(
    request: AdminRequest,
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form = await posted(request)
    opened = await sign_in(
        storage,
        settings,
        email=form["email"],
        password=form["password"],
        address=client_address(request.scope, settings),
        user_agent=request.headers.get("user-agent", ""),
        now=clock(),
    )
    if opened is None:
        return show_form(request, settings, form, wrong=_WRONG, status=401)
    after = safe_next(form["next"])
    if opened.wants_code:
        return go("/admin/connexion/code", cookies=[session_cookie(settings, opened.token, PENDING)], next=after)
    return go(after, cookies=[session_cookie(settings, opened.token)])


@post("/deconnexion", opt={"who": "anyone"}, status_code=200)
async def sign_out(
    request: AdminRequest, settings: NamedDependency[Settings], storage: NamedDependency[Storage]
) -> Response[Any]:
    viewer: Viewer | None = request.scope.get("user")
    if viewer:
        await storage.accounts.close_session(viewer.user, viewer.session)
    ended = [session_cookie(settings, "", timedelta())]
    if settings.oidc_issuer and token_of(settings, request.cookies):
        # By a page: what a form leads to must stay on this site, and the provider's page does not.
        request.scope["user"] = None
        label, onward = settings.oidc_label, "/admin/deconnexion/suite"
        return page(
            request, "signed_out", headers={"Refresh": f"0; url={onward}"}, cookies=ended, label_of=label, onward=onward
        )
    return go("/admin/connexion", "signed-out", cookies=ended)


def show_form(
    request: AdminRequest, settings: Settings, form: Posted, *, wrong: str | None = None, status: int = 200
) -> Response[str]:
    provider = settings.oidc_label if settings.oidc_issuer else None
    return page(
        request, "sign_in", status=status, form=form, wrong=wrong, next=safe_next(form["next"]), provider=provider
    )
