"""The last page of a procedure that does not exist, on a site with a design of its own, which embeds the widget.

It is served under a policy stricter than most hosts have, so it shows what an owner must allow: two sources, no more.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from markupsafe import Markup
from msgspec import Struct

from embed.assets import Assets
from embed.templates import template


class Page(Struct, frozen=True):
    body: str
    policy: str


def render(key: str, malfunction_key: str | None, assets: Assets) -> Page:
    """Addresses are relative: the demo works under whatever name it is reached."""
    style = _style()
    body = template("demo.html").render(
        key=key,
        malfunction_key=malfunction_key,
        style=Markup(style),  # noqa: S704 - our own file
        loader=assets.loader_path,
        integrity=assets.loader_integrity,
    )
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "frame-src 'self'",
            "img-src 'self'",
            f"style-src 'sha256-{digest}'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )
    return Page(body, policy)


@cache
def _style() -> str:
    return (files("embed") / "templates" / "demo.css").read_text("utf-8").strip()
