"""Plain text in which addresses can be followed: `https://` alone, shown as it is, so that nobody is led elsewhere."""

import re

from markupsafe import Markup, escape

# What ends a sentence or encloses an address is no part of it.
_ADDRESS = re.compile(r"https://[a-zA-Z0-9][^\s<>\"'«»“”()\[\]{}]*[^\s<>\"'«»“”()\[\]{}.,;:!?…]")


def linked(text: str) -> Markup:
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        parts += [escape(text[end : found.start()]), Markup('<a href="{0}" rel="noopener">{0}</a>').format(found[0])]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])
