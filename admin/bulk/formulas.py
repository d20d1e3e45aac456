"""Texts in a file that a spreadsheet opens and that we read again: no formula for it, and the same text for us."""

from collector.exports.formats import FORMULA


def guarded(text: str) -> str:
    """A text that no spreadsheet runs. One that looks guarded already is so again: `unguarded` is exact."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text
