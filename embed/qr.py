"""A QR code that leads to a form: for a counter, a letter, a poster."""

from io import BytesIO

import segno

# Posters get scratched and badly lit: a quarter of the modules may be lost (level Q).
_LEVEL = "q"
# The standard's quiet zone; without it many phones see nothing.
_QUIET = 4


def svg(url: str) -> bytes:
    out = BytesIO()
    segno.make(url, error=_LEVEL, micro=False).save(
        out, kind="svg", scale=8, border=_QUIET, light="#fff", title=url, xmldecl=False, svgns=True
    )
    return out.getvalue()


def inline(text: str) -> str:
    """A picture within a page, without styles of its own: for something that must not have an address."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", scale=4, border=_QUIET, light="#fff", xmldecl=False, svgns=False, nl=False
    )
    return out.getvalue().decode()


def png(url: str) -> bytes:
    out = BytesIO()
    # 12 pixels a module print well at the size of a business card.
    segno.make(url, error=_LEVEL, micro=False).save(out, kind="png", scale=12, border=_QUIET)
    return out.getvalue()


def modules(url: str) -> list[bytes]:
    """The rows of the code, 1 where it is dark, without the quiet zone: for whoever draws it."""
    return [bytes(row) for row in segno.make(url, error=_LEVEL, micro=False).matrix]
