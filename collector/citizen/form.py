"""The form's pages.

The form needs no cookie, no session and no JavaScript: its page carries everything, and each post says it all again.
"""

from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from msgspec import structs

from collector.citizen.answers import ANYONE, PAGE
from collector.errors import (
    AvisError,
    ForeignOrigin,
    InvalidAnswers,
    PlacementClosed,
    ReviewClosed,
    TrialOver,
)
from collector.forms import form_of
from collector.forms.answers import convert
from collector.intake import LONGEST_BODY, Intake, Receipt
from collector.schema import STANDARD, Target
from collector.settings import Settings
from collector.storage import Storage
from collector.web import client_address, headers_of, is_same_site, is_scripted, origin_of, own_origin, packed
from embed import form_page, notice
from embed.assets import Assets, built, theme_of
from embed.form_page import FormState, Frame
from embed.language import DEFAULT, Language, choose, languages
from embed.posted import Values, answers, first, gather, host_path, identity, is_trapped, version_seen
from embed.refusals import sentences
from embed.screens import THANKS, after, before, fields, furthest, screen_of, screens
from embed.trial import kept

# Pages that isolate themselves (COEP) may embed the form too: it loads nothing from anywhere.
EMBEDDABLE = {"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Resource-Policy": "cross-origin"}


class _View:
    """One request for the form: whose words, which frame. `embed=1` is the iframe's address."""

    def __init__(
        self,
        request: Request[Any, Any, Any],
        settings: Settings,
        lang: str | None,
        embed: str | None,
        theme: str | None,
    ) -> None:
        self.request = request
        self.video = settings.sign_language_video
        self.words = choose(lang, request.headers.get("accept-language"))
        self.embed = embed == "1"
        self.theme = theme_of(theme)
        self.kiosk = request.query_params.get("kiosk") == "1" and not self.embed

    def frame(self, target: Target) -> Frame:
        hosts = target.procedure.origins
        return Frame(embed=self.embed, kiosk=self.kiosk, theme=self.theme, hosts=hosts, video=self.video)

    def page(
        self, target: Target, state: FormState, status: int = 200, retry_after: int | None = None
    ) -> Response[bytes]:
        frame = self.frame(target)
        allowed = policy(built(), frame, trial=target.trial)
        headers = {"Content-Security-Policy": allowed, **PAGE, "Content-Language": self.words.code}
        if frame.embed:
            headers |= EMBEDDABLE
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        body = form_page.render(target, self.words, state, frame, built()).encode()
        return packed(self.request, Response(body, status_code=status, media_type="text/html", headers=headers))


def policy(assets: Assets, frame: Frame, *, trial: bool = False) -> str:
    """Exactly the page's own style and script, its own service, and as ancestors only who the owner allowed.

    A page on a disk (`file:`) is nobody's site: whoever opened it may try the snippet in it, or keep a form in it.
    """
    scripts = [assets.script_source]
    if frame.kiosk:
        scripts.append(assets.kiosk_source)
    if trial:
        scripts.append(assets.trial_source)
    hosts = " ".join(("'self'", *frame.hosts, "file:")) if frame.embed else "'none'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(scripts)}",
            f"style-src {assets.style_source[frame.theme]}",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
            f"frame-ancestors {hosts}",
        )
    )


async def _refuse(view: _View, target: Target, origin: str, storage: Storage) -> Response[bytes]:
    """What a site that is not allowed shows instead of the form: a link to it. Any site may show that."""
    if not target.trial:
        with suppress(AvisError):
            await storage.refused.count(target.procedure, origin)
    headers = {
        "Content-Security-Policy": f"default-src 'none'; style-src {built().style_source[view.theme]}; base-uri 'none'",
        **PAGE,
        **EMBEDDABLE,
    }
    link = f"/avis/{target.placement.key}?lang={view.words.code}"
    body = notice.render(view.words, view.words.messages.not_embedded, built(), view.theme, link)
    return packed(view.request, Response(body.encode(), status_code=403, media_type="text/html", headers=headers))


def _embedder(request: Request[Any, Any, Any], target: Target, settings: Settings) -> str | None:
    """The foreign site that shows this page in a frame, if it is not allowed to.

    A host that sends no Referer is believed by what our script says for it; without that script too, the page's own
    policy is what keeps the form from being shown.
    """
    # Over plain HTTP browsers do not say what a page is for; its address does.
    if request.headers.get("sec-fetch-dest", "iframe") != "iframe":
        return None
    try:
        origin = origin_of(request.headers.get("referer") or str(request.query_params.get("host", "")))
    except ValueError:
        # No browser writes such an address.
        return None
    # A page on a disk has no host, however its browser writes that.
    allowed = {"://", "file://", *own_origin(request.scope, settings), *target.procedure.origins}
    return None if origin in allowed else origin


def say(request: Request[Any, Any, Any], error: AvisError) -> Response[str]:
    """A refusal before there is a form to show it in."""
    words = choose(request.query_params.get("lang"), request.headers.get("accept-language"))
    headers = {
        "Content-Security-Policy": f"default-src 'none'; style-src {built().style_source['auto']}; base-uri 'none'",
        **PAGE,
    }
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    # Whoever only opens the page has typed nothing that could be kept.
    if isinstance(error, TrialOver):
        # For developers, in the language of who gave them the link.
        words, text = languages()[DEFAULT], error.message
    else:
        text = words.messages.closed if isinstance(error, PlacementClosed) else words.messages.of(error.code)
    body = notice.render(words, text, built())
    return Response(body, status_code=error.status, media_type="text/html", headers=headers)


@get("/avis/{key:str}", opt=ANYONE, exception_handlers={AvisError: say}, media_type="text/html")
async def show_form(
    request: Request[Any, Any, Any],
    key: FromPath[str],
    intake: NamedDependency[Intake],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
    lang: FromQuery[str | None] = None,
    embed: FromQuery[str | None] = None,
    theme: FromQuery[str | None] = None,
    page: FromQuery[str | None] = None,
    context: FromQuery[str | None] = None,
) -> Response[bytes]:
    """The form, complete and alive.

    `page` is the path of the host's page, for whoever embeds it without our script; `context` is a label that the
    owner allowed.
    """
    target = await intake.target(key)
    if not target.is_open:
        with suppress(AvisError):
            await storage.closed.count(target.placement, "opened")
        raise PlacementClosed
    view = _View(request, settings, lang, embed, theme)
    if view.embed and (origin := _embedder(request, target, settings)):
        return await _refuse(view, target, origin, storage)
    step = screens(form_of(target))[0].name
    state = FormState(id=uuid4(), step=step, page=host_path(page), context=_allowed(target, context), live=True)
    return view.page(target, state)


@post(
    "/avis/{key:str}",
    status_code=200,
    opt=ANYONE,
    exception_handlers={AvisError: say},
    media_type="text/html",
    request_max_body_size=LONGEST_BODY,
)
async def answer_form(
    request: Request[Any, Any, Any],
    key: FromPath[str],
    intake: NamedDependency[Intake],
    settings: NamedDependency[Settings],
    lang: FromQuery[str | None] = None,
    embed: FromQuery[str | None] = None,
    theme: FromQuery[str | None] = None,
) -> Response[bytes]:
    """One step without JavaScript: all answers so far are stored, and the next screen is shown."""
    if not is_same_site(request, settings):
        raise ForeignOrigin
    target = await intake.target(key)
    view = _View(request, settings, lang, embed, theme)
    posted = await request.form()
    values = gather((name, text) for name, text in posted.multi_items() if isinstance(text, str))
    # Whoever began before the owner published goes on with what they began.
    target = await intake.as_seen(target, version_seen(values))
    form = form_of(target)
    is_back = "back" in values
    named = first(values, "back" if is_back else "next")
    here = screen_of(form, named) if named else furthest(form, values)
    state = FormState(
        id=identity(values),
        step=here.name,
        values=values,
        page=host_path(first(values, "page")),
        context=_allowed(target, first(values, "context")),
    )
    try:
        receipt = await intake.accept(
            id=state.id,
            target=target,
            lang=view.words.code,
            page=state.page,
            context=state.context,
            answers=convert(form.name, _said(target, values)),
            address=client_address(request.scope, settings),
            trapped=is_trapped(values),
            scripted=is_scripted(headers_of(request.scope)),
        )
    except InvalidAnswers as error:
        receipt = Receipt(created=False)
        if not is_back:
            return view.page(target, _corrected(state, target, view.words, error), error.status)
    except AvisError as error:
        return view.page(target, _told(state, view.words, error), error.status, error.retry_after)
    step = before(form, here, values) if is_back else after(form, here, values)
    if receipt.tried:
        state = structs.replace(state, kept=kept(receipt.tried, receipt.asked))
    return view.page(target, _moved(state, step))


def _said(target: Target, values: Values) -> dict[str, object]:
    said = answers(fields(form_of(target)), values)
    return said if target.version == STANDARD else {**said, "form_version": target.version}


def _allowed(target: Target, label: str | None) -> str | None:
    return label if label in target.procedure.contexts else None


def _corrected(state: FormState, target: Target, words: Language, error: InvalidAnswers) -> FormState:
    """The same page with what is wrong beside each field; the screen is the one that holds the first of them."""
    errors = sentences(form_of(target), error.errors, words)
    step = state.step if not errors else screen_of(form_of(target), next(iter(errors))).name
    return structs.replace(state, step=step, errors=errors)


def _told(state: FormState, words: Language, error: AvisError) -> FormState:
    """The same page with what happened above it. A review that can no longer be completed makes place for a new one."""
    fresh: UUID = uuid4() if isinstance(error, ReviewClosed) else state.id
    message = words.messages.of(error.code)
    return structs.replace(state, id=fresh, message=message)


def _moved(state: FormState, step: str) -> FormState:
    values: Values = {} if step == THANKS else state.values
    return structs.replace(state, step=step, values=values)
