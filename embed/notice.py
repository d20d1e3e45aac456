"""A page that only says something: an address that leads nowhere, a form that is closed."""

from markupsafe import Markup

from embed.assets import Assets, Theme
from embed.language import Language
from embed.templates import template


def render(words: Language, text: str, assets: Assets, theme: Theme = "auto", link: str | None = None) -> str:
    """`link` is where to go on, in a new tab: the page may be in a frame of somebody else's."""
    return template("notice.html").render(
        words=words,
        text=text,
        link=link,
        style=Markup(assets.style[theme]),  # noqa: S704 - our own built file
    )
