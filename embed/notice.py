"""A page that only says something: an address that leads nowhere, a form that is closed."""

from markupsafe import Markup

from embed.assets import Assets
from embed.language import Language
from embed.templates import template


def render(words: Language, text: str, assets: Assets) -> str:
    return template("notice.html").render(
        words=words,
        text=text,
        style=Markup(assets.style["auto"]),  # noqa: S704 - our own built file
    )
