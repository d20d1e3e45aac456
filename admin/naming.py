"""How a procedure is named: by a title for people, and by a slug in addresses and exports."""

import re

from collector.plain import plain

LONGEST_SLUG = 80
SLUG_RESERVED = "Cet identifiant est celui d'une page de l'observatoire. Choisissez-en un autre."
SLUG_RULE = "Utilisez des lettres sans accent, des chiffres et des tirets : demander-un-passeport."
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def slug_of(title: str) -> str:
    """A readable address from a title: `Demander un passeport` → `demander-un-passeport`."""
    words = re.sub(r"[^a-z0-9]+", "-", plain(title)).strip("-")
    return words[:LONGEST_SLUG].rstrip("-")


def is_slug(text: str) -> bool:
    return bool(_SLUG.fullmatch(text))
