"""What I want to be told of a procedure, and how often; and the page that a letter's link leads to."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from admin.alerts.stops import subscription_of
from admin.alerts.watching import searches
from admin.posted import Posted, filled, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.errors import BadRequest, NotFound
from collector.fulltext import LONGEST_SEARCH, BadSearch
from collector.rhythms import next_digest
from collector.schema import Clock, Procedure, User
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.journal import NOBODY
from collector.storage.subscriptions import ALERT_KINDS, RHYTHMS, Rhythm, Subscription, Wanted

# What a first visit proposes; nobody gets anything before they have saved it.
PROPOSED: dict[str, str | list[str]] = {
    "kinds": ["problem", "spike", "silence", "fall"],
    "at_once": "1",
    "digest": "weekly",
    "threshold": "5",
    "least": "30",
}
MOVES = ("stop", "resume")


@get("/demarches/{slug:str}/alertes", opt={"who": "reader"})
async def show_alerts(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
) -> Response[str]:
    found = await storage.subscriptions.of(request.user.user, procedure)
    return _page(request, procedure, settings, found, _filled(found.wanted) if found else filled(**PROPOSED))


@post("/demarches/{slug:str}/alertes", opt={"who": "reader", "own": True}, status_code=200)
async def save_alerts(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form, user = await posted(request), request.user.user
    wanted = _wanted(form)
    if form.errors:
        found = await storage.subscriptions.of(user, procedure)
        return _page(request, procedure, settings, found, form, 422)
    await storage.subscriptions.save(user, procedure, wanted, next_digest=_next(wanted.digest, clock()), now=clock())
    return go(_path(procedure), "alerts-saved")


@post("/demarches/{slug:str}/alertes/bouger", opt={"who": "reader", "own": True}, status_code=200)
async def move_alerts(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    """Stop, or take that back."""
    form, user = await posted(request), request.user.user
    move, now = form.choice("move", MOVES), clock()
    if move is None:
        raise BadRequest
    found = await storage.subscriptions.of(user, procedure)
    if found is None:
        raise NotFound("Vous n'avez pas d'alertes sur cette démarche.")
    if move == "stop":
        await storage.subscriptions.stop(found, procedure, user.email, by=user.email, now=now)
    else:
        await storage.subscriptions.resume(found, next_digest=_next(found.wanted.digest, now), now=now)
    return go("/admin/compte" if form["from"] == "account" else _path(procedure), f"alerts-{move}")


@get("/desabonnement/{token:str}", opt={"who": "anyone"})
async def unsubscribe_form(
    request: AdminRequest,
    token: FromPath[str],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
) -> Response[str]:
    """Only asks: programs that look at every link of a letter must not unsubscribe anybody."""
    subscription, _, procedure = await _meant(storage, settings, token)
    return page(request, "unsubscribe", procedure=procedure, stopped=subscription.stopped)


@post("/desabonnement/{token:str}", opt={"who": "anyone", "from_anywhere": True}, status_code=200)
async def unsubscribe(
    request: AdminRequest,
    token: FromPath[str],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
    clock: NamedDependency[Clock],
) -> Response[str]:
    """At once, from our page or by a mail program's own button (RFC 8058): the signed link is all it takes."""
    subscription, user, procedure = await _meant(storage, settings, token)
    await storage.subscriptions.stop(subscription, procedure, user.email, by=NOBODY, now=clock())
    return page(request, "unsubscribe", procedure=procedure, stopped=True)


async def _meant(storage: Storage, settings: Settings, token: str) -> tuple[Subscription, User, Procedure]:
    number = subscription_of(settings, token)
    subscription = await storage.subscriptions.by_id(number) if number is not None else None
    if subscription is None:
        raise NotFound("Ce lien n'est pas complet. Recopiez-le en entier depuis la lettre, ou connectez-vous.")
    user = await storage.accounts.by_id(subscription.account_id)
    procedures = {one.id: one for one in await storage.catalogue.procedures()}
    if user is None:
        raise NotFound
    return subscription, user, procedures[subscription.procedure_id]


def _wanted(form: Posted) -> Wanted:
    kinds = tuple(form.choices("kinds", ALERT_KINDS))
    at_once = form["at_once"] == "1"
    digest: Rhythm = form.choice("digest", RHYTHMS) or "none"
    if not kinds and digest == "none":
        form.refuse("kinds", "Choisissez au moins un événement ou un résumé ; sinon, arrêtez ces alertes.")
    if kinds and not at_once and digest == "none":
        form.refuse("digest", "Choisissez quand les apprendre : dès que cela arrive, ou dans un résumé.")
    threshold = _tenths(form) if "satisfaction" in kinds else 50
    least = _least(form) if "satisfaction" in kinds else 30
    words = form.text("words", longest=LONGEST_SEARCH, required="words" in kinds)
    try:
        searches(words)
    except BadSearch as error:
        form.refuse("words", error.message)
    return Wanted(kinds=kinds, at_once=at_once, digest=digest, threshold=threshold, least=least, words=words)


def _tenths(form: Posted) -> int:
    try:
        tenths = round(float(form["threshold"].strip().replace(",", ".")) * 10)
    except (ValueError, OverflowError):
        tenths = 0
    if not 1 <= tenths <= 100:
        form.refuse("threshold", "Écrivez une note entre 0,1 et 10, par exemple 6,5.")
    return tenths


def _least(form: Posted) -> int:
    text = form["least"].strip()
    if not text.isdecimal() or len(text) > 6 or int(text) < 1:
        form.refuse("least", "Écrivez un nombre d'avis, par exemple 30.")
        return 1
    return int(text)


def _filled(wanted: Wanted) -> Posted:
    return filled(
        kinds=list(wanted.kinds),
        at_once="1" if wanted.at_once else "",
        digest=wanted.digest,
        threshold=f"{wanted.threshold / 10:g}".replace(".", ","),
        least=str(wanted.least),
        words=wanted.words,
    )


def _next(rhythm: Rhythm, now: datetime) -> int | None:
    return None if rhythm == "none" else int(next_digest(rhythm, now).timestamp())


def _path(procedure: Procedure) -> str:
    return f"/admin/demarches/{procedure.slug}/alertes"


def _page(
    request: AdminRequest,
    procedure: Procedure,
    settings: Settings,
    found: Subscription | None,
    form: Posted,
    status: int = 200,
) -> Response[str]:
    return page(
        request,
        "alerts",
        status=status,
        procedure=procedure,
        tab="alertes",
        form=form,
        subscription=found,
        kinds=ALERT_KINDS,
        rhythms=RHYTHMS,
        sends=settings.mail_server is not None,
    )
