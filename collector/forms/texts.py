"""What a text has to be before anybody reads it: not too long, and without what nobody can see."""

import re
from collections.abc import Iterator

from collector.errors import FieldError

# Tab, line feed and carriage return belong to text; every other control character is a paste accident or an attack.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def broken(path: str, text: str, longest: int) -> Iterator[FieldError]:
    if len(text) > longest:
        message = f"{len(text)} caractères : {longest} au plus. Raccourcissez le texte."
        yield FieldError(path, "too-long", message)
    if CONTROL.search(text):
        yield FieldError(path, "control-characters", "Le texte contient des caractères de contrôle invisibles.")
