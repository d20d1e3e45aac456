"""What is wrong with each field, in the citizen's language and in the page's order."""

import re
from collections.abc import Sequence

from collector.errors import FieldError
from collector.forms import Field, Form
from embed.language import Language
from embed.screens import fields

_FIELD = re.compile(r"\$\.answers\.(\w+)")


def sentences(form: Form, errors: Sequence[FieldError], words: Language) -> dict[str, str]:
    """One sentence a field, by the field's name: the first thing to correct in it."""
    codes: dict[str, str] = {}
    for error in errors:
        if found := _FIELD.match(error.path):
            codes.setdefault(found[1], error.code)
    return {field.name: _sentence(field, codes[field.name], words) for field in fields(form) if field.name in codes}


def _sentence(field: Field, code: str, words: Language) -> str:
    match code:
        case "required" if field.type == "text":
            return words.fields.describe.format(longest=field.longest)
        case "required":
            return words.fields.choose
        case "too-long":
            return words.fields.too_long.format(longest=field.longest)
        case "control-characters":
            return words.fields.control_characters
        case "exclusive":
            return words.fields.exclusive
        case "email":
            return words.fields.email
    return words.fields.invalid
