"""Which language a page of the admin speaks: French, unless somebody chose another one in this browser.

A sentence stands in French where it is used, and is its own key: `languages/en.toml` says it in English. What has no
English yet is said in French rather than not at all; a test names each such sentence.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

import msgspec
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from collector.settings import Settings

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
COOKIE = "avis_langue"
_YEAR = int(timedelta(days=365).total_seconds())

_spoken: ContextVar[Language] = ContextVar("spoken", default="fr")


def spoken() -> Language:
    """The language of the page that is being made."""
    return _spoken.get()


def speak(language: Language) -> None:
    """From here to the end of this request."""
    _spoken.set(language)


def chosen(connection: ASGIConnection[Any, Any, Any, Any]) -> Language:
    said = connection.cookies.get(COOKIE)
    return next((language for language in LANGUAGES if language == said), "fr")


def chosen_cookie(language: Language, settings: Settings) -> Cookie:
    """Holds two letters, for whoever looks after procedures; citizens never get one."""
    return Cookie(
        key=COOKIE,
        value=language,
        path="/admin",
        max_age=_YEAR,
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )


def translated(text: str, /, **values: object) -> str:
    """A sentence in the language spoken, with its values."""
    said = vocabulary(spoken()).get("sentences", {}).get(text, text)
    return said.format(**values) if values else said


@cache
def vocabulary(language: Language) -> Mapping[str, Mapping[str, str]]:
    """The words of codes by table; of another language than French also `sentences`, by their French."""
    text = (files("admin") / "languages" / f"{language}.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, dict[str, str]])
