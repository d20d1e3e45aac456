"""A poster for a counter or a waiting room, as a PDF ready to print: what about, a QR code, its address in letters.

Everything is drawn as shapes and embedded letters, so it prints sharp at any size.
"""

from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any, Literal

from msgspec import Struct

from embed.qr import modules

Format = Literal["a4", "a5"]
FORMATS: dict[Format, tuple[float, float]] = {"a4": (210, 297), "a5": (148, 210)}
"""Width and height, in millimetres."""

MM = 72 / 25.4
_BLUE = (0, 0, 0x91 / 255)
_LIGHT, _BOLD = "Vera", "VeraBd"
_MOST_LINES = 3
_FEWEST_POINTS = 8
"""Smaller letters are not read at arm's length."""


class Poster(Struct, frozen=True):
    """What is said on it: the invitation, the procedure's title, how to answer, and where."""

    invitation: str
    title: str
    how: str
    promise: str
    url: str


def pdf(poster: Poster, format: Format) -> bytes:
    """One page. Its title and language are said to whatever reads it aloud."""
    out = BytesIO()
    width, height = (side * MM for side in FORMATS[format])
    sheet = _canvas()(
        out, pagesize=(width, height), lang="fr-FR", invariant=1, pageCompression=1, initialFontName=_LIGHT
    )
    sheet.setTitle(f"{poster.invitation} – {poster.title}")
    sheet.setSubject(poster.url)
    sheet.setCreator("Avis")
    _draw(sheet, poster, width, height)
    sheet.showPage()
    sheet.save()
    return out.getvalue()


@cache
def _canvas() -> Any:
    """The library and its fonts (Bitstream Vera, which it brings along), loaded with the first poster."""
    from reportlab.pdfbase.pdfmetrics import registerFont  # noqa: PLC0415 - ten megabytes, for a page now and then
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415 - as above
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - as above

    for name in (_LIGHT, _BOLD):
        with (files("reportlab") / "fonts" / f"{name}.ttf").open("rb") as file:
            registerFont(TTFont(name, BytesIO(file.read())))
    return Canvas


def _draw(sheet: Any, poster: Poster, width: float, height: float) -> None:
    """From top to bottom, in parts of the page's width."""
    part = width / 100
    sheet.setFillColorRGB(*_BLUE)
    sheet.rect(0, height - 22 * part, width, 22 * part, stroke=0, fill=1)
    sheet.setFillColorRGB(1, 1, 1)
    _lines(sheet, poster.invitation, _BOLD, 8 * part, height - 14 * part, width)
    sheet.setFillColorRGB(0, 0, 0)
    below = _lines(sheet, poster.title, _BOLD, 5.2 * part, height - 32 * part, width)
    below = _lines(sheet, poster.how, _LIGHT, 3.4 * part, below - 3 * part, width)
    # Between six parts of white, more than the four modules that phones ask for.
    side = 46 * part
    _qr(sheet, poster.url, (width - side) / 2, 25 * part + (below - 27 * part - side) / 2, side)
    _address(sheet, poster.url, 2.8 * part, 17 * part, width)
    _lines(sheet, poster.promise, _LIGHT, 2.6 * part, 8 * part, width)


def _lines(sheet: Any, text: str, font: str, size: float, top: float, width: float) -> float:
    """Centred lines that fit, the first at `top`: where the next would be. A long text is set smaller."""
    lines = _wrapped(sheet, text, font, size, width * 0.86)
    while len(lines) > _MOST_LINES and size > _FEWEST_POINTS:
        size *= 0.9
        lines = _wrapped(sheet, text, font, size, width * 0.86)
    sheet.setFont(font, size)
    for line in lines:
        sheet.drawCentredString(width / 2, top, line)
        top -= size * 1.3
    return top


def _wrapped(sheet: Any, text: str, font: str, size: float, room: float) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if sheet.stringWidth(longer, font, size) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _address(sheet: Any, url: str, size: float, top: float, width: float) -> None:
    """To be typed by whoever cannot scan, and a link on a screen. A long one breaks at its path."""
    room = width * 0.9
    host, slash, path = url.rpartition("/avis/")
    wide = sheet.stringWidth(url, _BOLD, size)
    lines = [url] if wide * _FEWEST_POINTS <= room * size else [host, slash + path]
    size = min(size, *(room * size / sheet.stringWidth(line, _BOLD, size) for line in lines))
    sheet.setFont(_BOLD, size)
    for down, line in enumerate(lines):
        sheet.drawCentredString(width / 2, top - down * size * 1.2, line)
    sheet.linkURL(url, (width - room, top - (len(lines) - 1) * size * 1.2, room, top + size))


def _qr(sheet: Any, url: str, left: float, bottom: float, side: float) -> None:
    """Each row's dark modules as rectangles; the page's white is its quiet zone."""
    rows = modules(url)
    module = side / len(rows)
    path = sheet.beginPath()
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                path.rect(left + across * module, bottom + side - (down + 1) * module, module, module)
    sheet.drawPath(path, stroke=0, fill=1)
