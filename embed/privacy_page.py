"""What becomes of an opinion, in plain words: French, easy-to-read French and English.

The ages are those that this service really keeps, so the page cannot promise what the settings do not hold.
"""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Literal

from markupsafe import Markup
from msgspec import Struct

from collector.ages import Age
from collector.privacy.anonymise import CONTACT_KEPT
from collector.schema import EDITABLE
from collector.settings import Settings
from embed.assets import Assets
from embed.language import Language
from embed.templates import template

Code = Literal["fr", "fr-simple", "en"]


class Version(Struct, frozen=True):
    """One way to say it. `lang` is the language tag: easy-to-read French is French for a screen reader."""

    code: Code
    lang: str
    name: str
    choice: str
    title: str
    units: tuple[str, str, str, str]
    for_ever: str


VERSIONS: dict[str, Version] = {
    "fr": Version(
        "fr", "fr", "Français", "Choisir une version", "Votre avis et votre vie privée",
        ("mois", "mois", "jour", "jours"), "sans limite de durée",
    ),
    "fr-simple": Version(
        "fr-simple", "fr", "Facile à lire", "Choisir une version", "Votre avis et votre vie privée – facile à lire",
        ("mois", "mois", "jour", "jours"), "toujours",
    ),
    "en": Version(
        "en", "en", "English", "Choose a version", "Your feedback and your privacy",
        ("month", "months", "day", "days"), "without a limit",
    ),
}  # fmt: skip


class Page(Struct, frozen=True):
    body: str
    policy: str
    lang: str


def version_of(words: Language) -> Version:
    """English for whoever reads neither kind of French."""
    return VERSIONS.get(words.code, VERSIONS["en"])


def render(version: Version, settings: Settings, assets: Assets) -> Page:
    style = f"{assets.style['auto']}{_style()}"
    contact = settings.privacy_contact
    text = template(f"privacy.{version.code}.html").render(
        verbatims=age(settings.keep_verbatims, version),
        reviews=age(settings.keep_reviews, version),
        contact_days=CONTACT_KEPT.days,
        minutes=int(EDITABLE.total_seconds() // 60),
        least=settings.small_number,
        contact=contact,
        mail=bool(contact) and not contact.startswith("https://"),
    )
    body = template("privacy.html").render(
        code=version.code,
        lang=version.lang,
        title=version.title,
        choice=version.choice,
        versions=VERSIONS.values(),
        text=Markup(_unbroken(text)),  # noqa: S704 - rendered from our own template, its values escaped
        style=Markup(style),  # noqa: S704 - our own files
    )
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return Page(body, policy, version.lang)


def age(kept: Age | None, version: Version) -> str:
    """An age in words. Whole months and days are never mixed in a setting."""
    if kept is None:
        return version.for_ever
    month, months, day, days = version.units
    number, one, several = (kept.months, month, months) if kept.months else (kept.days, day, days)
    return f"{number}\u00a0{one if number == 1 else several}"


def _unbroken(text: str) -> str:
    """French puts a space before some signs, and no line may begin with one of them."""
    return re.sub(r"(?<=«) | (?=[»:;?!])", "\u00a0", text)


@cache
def _style() -> str:
    return (files("embed") / "templates" / "privacy.css").read_text("utf-8").strip()
