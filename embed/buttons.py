"""Pictures of the button, for e-mails and for platforms that accept nothing but `<a><img>`.

The label is text in the picture, not outlines: it stays sharp, small, and readable by whoever opens the file.
"""

from collections.abc import Mapping
from unicodedata import east_asian_width

from msgspec import Struct

from embed.language import Language
from embed.templates import template

STYLES = ("solid", "outline")
THEMES = ("light", "dark")


class Paint(Struct, frozen=True):
    """Colours of one button: its ground, its text, and the line around it. Text and ground contrast by 7:1 or more."""

    ground: str
    ink: str
    line: str


PAINTS: Mapping[str, Paint] = {
    "solid-light": Paint("#000091", "#ffffff", "#000091"),
    "solid-dark": Paint("#a5a5ff", "#161616", "#a5a5ff"),
    "outline-light": Paint("#ffffff", "#000091", "#000091"),
    "outline-dark": Paint("#161616", "#a5a5ff", "#a5a5ff"),
}

# Fonts differ from machine to machine, so the label is stretched or squeezed to the room it was given.
_PIXELS_A_LETTER = 8.4
_PIXELS_A_WIDE_LETTER = 16
_BESIDE_THE_LABEL = 68


def svg(style: str, theme: str, words: Language) -> str:
    """Raises KeyError for a style or a theme that does not exist."""
    label = words.loader.button
    wide = sum(east_asian_width(letter) in "WF" for letter in label)
    room = round((len(label) - wide) * _PIXELS_A_LETTER + wide * _PIXELS_A_WIDE_LETTER)
    return template("button.svg").render(
        paint=PAINTS[f"{style}-{theme}"],
        label=label,
        room=room,
        width=room + _BESIDE_THE_LABEL,
        direction=words.direction,
    )
