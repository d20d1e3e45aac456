"""The form as one self-contained document: all that a citizen's browser needs, in a single answer.

`live` is the first page: it holds every screen, the later ones inert in a <template>, and the script that brings them
to life. Without JavaScript its first screen is an ordinary form; each post is then answered by a page with the next
screen alone, and that page carries all earlier answers in hidden inputs. So no cookie and no session is needed, and
going back loses nothing.
"""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from markupsafe import Markup, escape
from msgspec import Struct, field, structs

from collector.forms import Field, Form, form_of
from collector.privacy.likely import LIKELY
from collector.schema import STANDARD, Target
from embed.assets import Assets, Theme
from embed.language import DEFAULT, Language
from embed.posted import TRAP, Values, controls, first, is_asked, reached, tried
from embed.screens import screen_of, screens
from embed.templates import template
from embed.trial import Line

FACES: Mapping[str, str] = {"bad": "17q4-4 8 0", "medium": "15h8", "good": "14q4 4 8 0"}
"""The mouth of each smiley, as the end of an SVG path."""

FEATURES: Mapping[str, str] = {
    "phone": "(pointer:coarse) and (max-device-width:599px), (pointer:coarse) and (max-device-height:599px)",
    "tablet": "(pointer:coarse) and (min-device-width:600px) and (min-device-height:600px)",
    "computer": "(pointer:fine)",
    "chrome": "(-webkit-app-region:drag)",
    "firefox": "(-moz-appearance:none)",
    "safari": "(font:-apple-system-body)",
}
"""How a class of devices or browsers shows itself to a style sheet. Edge shows itself as the Chrome it is made of."""

LONG = ("verbatim", "contact_tried_other")
"""Texts that may be left out, and may get too long."""

NOT_KEPT = "Essai : rien n'est enregistré."
"""Said in French in every language: trials are for owners and their developers."""

# The words that the script may have to say, in the order in which it knows them.
_SPOKEN = ("saving", "saved", "waiting", "personal")


class FormState(Struct, frozen=True, kw_only=True):
    """Where the citizen is. `errors` and `message` are ready sentences; `errors` is by the name of the control."""

    id: UUID
    step: str
    values: Values = {}
    page: str | None = None
    context: str | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    message: str | None = None
    live: bool = False
    kept: Sequence[Line] | None = None
    """What a trial would have stored of the last answers."""

    def text(self, name: str) -> str:
        return first(self.values, name)


class Frame(Struct, frozen=True, kw_only=True):
    """How the page is shown: alone, embedded by the origins the owner allowed (`theme` is the host's), or a kiosk.

    `video` is the address of the questions in sign language.
    """

    embed: bool = False
    kiosk: bool = False
    theme: Theme = "auto"
    hosts: tuple[str, ...] = ()
    video: str = ""


def render(target: Target, words: Language, state: FormState, frame: Frame, assets: Assets) -> str:
    """The whole document. Everything that varies is escaped; the style and the script are ours, byte for byte."""
    name, form = target.placement.form, form_of(target)
    all_screens = tuple(
        structs.replace(screen, fields=tuple(asked for asked in screen.fields if _is_open(asked, target)))
        for screen in screens(form)
    )
    current = screen_of(form, state.step)
    page = template("form.html").render(
        words=words,
        opening=words.opening(name),
        title=target.procedure.title,
        introduction=_introduction(target, words),
        state=state,
        live=state.live,
        version=target.version if target.version != STANDARD else None,
        embed=frame.embed,
        kiosk=frame.kiosk,
        trial=NOT_KEPT if target.trial else None,
        screens=all_screens,
        steps=all_screens[-1].step,
        current=next(screen for screen in all_screens if screen.name == current.name),
        asked=lambda screen: [f for f in screen.fields if state.live or _is_shown(f, state.values)],
        desks=lambda asked: _desks(asked, state),
        trap=TRAP,
        carried=[] if state.live else _carried(form, current.name, state.values),
        faces=FACES,
        features=FEATURES if state.live else {},
        video=frame.video,
        refusals=_refusals(form, words),
        long=(*LONG, *_own_texts(form)),
        owners=lambda text: _in_french(text, words),
        ends=lambda asked: {end.code: _in_french(end.label, words) for end in asked.options},
        warn=LIKELY,
        spoken="|".join((*_spoken(words, trial=target.trial), words.loader.close)),
        style=Markup(assets.style[frame.theme]),  # noqa: S704 - our own built file
        script=Markup(assets.script),  # noqa: S704 - our own built file
        trial_script=Markup(assets.trial),  # noqa: S704 - our own built file
        kiosk_script=Markup(assets.kiosk),  # noqa: S704 - our own built file
        start=f"/avis/{target.placement.key}{_action(words, frame)}",
    )
    # Every attribute with a varying value is in double quotes, so an apostrophe is safe as itself, and French has many.
    return page.replace("&#39;", "'")


def _spoken(words: Language, *, trial: bool) -> list[str]:
    return [NOT_KEPT if trial and word == "saved" else getattr(words.messages, word) for word in _SPOKEN]


def _introduction(target: Target, words: Language) -> Markup:
    """The owner's own words are in French, so they are for those who read it; all others have ours."""
    own, title, lang = target.adjustments.introduction, target.procedure.title, words.code
    if own and lang == DEFAULT:
        return escape(own)
    return _filled(words.opening(target.placement.form).introduction, title, lang)


def _own_texts(form: Form) -> list[str]:
    return [asked.name for step in form.steps for asked in step.fields if asked.own and asked.type == "text"]


def _in_french(text: str, words: Language) -> Markup:
    """What an owner asks is in the owner's French, whatever the form's language and its direction are."""
    if words.code.startswith(DEFAULT):
        return escape(text)
    return Markup('<bdi lang="fr">{}</bdi>').format(text)


def _filled(text: str, title: str, lang: str) -> Markup:
    """`*…*` is emphasis; the title is the owner's text, so it is put in last, and in the owner's language."""
    opening = "<em>" if lang.startswith("fr") else "<em lang=fr dir=ltr>"
    emphasised = re.sub(r"\*([^*]*)\*", rf"{opening}\1</em>", str(escape(text)))
    return Markup(emphasised.replace("{title}", str(escape(title))))  # noqa: S704 - both parts were escaped


def _action(words: Language, frame: Frame) -> str:
    theme = "" if frame.theme == "auto" else f"&theme={frame.theme}"
    return f"?lang={words.code}{'&embed=1' if frame.embed else ''}{'&kiosk=1' if frame.kiosk else ''}{theme}"


def _is_open(asked: Field, target: Target) -> bool:
    """An address is only asked for where the owner turned it on."""
    return asked.name != "contact_email" or target.placement.contact


def _is_shown(asked: Field, values: Values) -> bool:
    # Without JavaScript nothing can unfold when "other" is ticked, so its text is always there.
    return asked.name == "contact_tried_other" or is_asked(asked, values)


def _desks(asked: Field, state: FormState) -> list[str]:
    if state.live:
        return list(asked.codes)
    given = tried(state.values) if asked.type == "reached" else reached(state.values)
    return [desk for desk in given if desk in asked.codes]


def _carried(form: Form, current: str, values: Values) -> list[tuple[str, str]]:
    """Every answer of the other screens, so that the next post says all of them again."""
    return [
        (control, value)
        for screen in screens(form)
        if screen.name != current
        for asked in screen.fields
        for control in controls(asked)
        for value in values.get(control, ())
    ]


def _refusals(form: Form, words: Language) -> dict[str, str]:
    """What the script says where nothing was answered. A text too long needs no sentence: its counter is one."""
    found = {}
    for screen in screens(form):
        for asked in screen.fields:
            if asked.type == "email":
                found[asked.name] = words.fields.email
            elif asked.type == "text" and asked.required:
                found[asked.name] = words.fields.describe.format(longest=asked.longest)
            elif asked.required:
                found[asked.name] = words.fields.choose
    return found
