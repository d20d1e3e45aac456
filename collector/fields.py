"""What people and programs may write into a field, whichever way it comes. Pure.

Each function returns a usable value or raises `Unfit`, which says in French what to do.
"""

import unicodedata
from urllib.parse import urlsplit

from collector.schema import CONTEXT, CONTEXT_RULE

LONGEST_TITLE = 150
LONGEST_LABEL = 80
MOST_CONTEXTS = 50
REQUIRED = "Ce champ est à remplir."
NOT_YET = "Notez une amélioration une fois qu'elle est en ligne : choisissez un jour passé."


class Unfit(Exception):
    """`message` is a sentence with the names of `values` in braces; `text` is what was written, put in order."""

    def __init__(self, code: str, message: str, text: str = "", **values: object) -> None:
        super().__init__(code)
        self.code, self.message, self.text, self.values = code, message, text, values


def line(written: str, *, longest: int, required: bool = True) -> str:
    """One line, with its blanks put in order."""
    text = " ".join(unicodedata.normalize("NFC", written).split())
    if required and not text:
        raise Unfit("required", REQUIRED, text)
    if len(text) > longest:
        raise Unfit("too-long", "Raccourcissez ce texte : {n} caractères au plus.", text, n=longest)
    if any(unicodedata.category(c) in {"Cc", "Cs"} for c in text):
        raise Unfit("control-characters", "Ce texte contient des caractères invisibles : recopiez-le sans eux.", text)
    return text


def site(written: str) -> str:
    """A site as browsers name it: `https://host[:port]`."""
    origin = _origin(written)
    if origin is None:
        raise Unfit(
            "no-site",
            "« {line} » n'est pas l'adresse d'un site. Exemple : https://demarche.exemple.fr",
            line=written[:80],
        )
    return origin


def context(written: str) -> str:
    """A label that a page may send along."""
    label = " ".join(written.split())
    if not CONTEXT.fullmatch(label):
        raise Unfit("no-label", "« {label} » ne convient pas : {rule}.", label=label[:80], rule=CONTEXT_RULE)
    return label


def _origin(line: str) -> str | None:
    # A name without a scheme is a site only if it looks like one: `demarche.exemple.fr`, not a stray word.
    if any(c.isspace() for c in line) or not ("://" in line or "." in line):
        return None
    try:
        parts = urlsplit(line if "://" in line else f"https://{line}")
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    plain = host.replace("-", "").replace(".", "").replace(":", "")
    if parts.scheme not in {"http", "https"} or parts.username or not plain.isalnum() or not plain.isascii():
        return None
    standard = 443 if parts.scheme == "https" else 80
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + ("" if port in {None, standard} else f":{port}")
