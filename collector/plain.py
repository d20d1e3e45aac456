"""A text as two people who spell differently would write it: for names of columns and words that are looked up."""

import re
import unicodedata


def plain(text: str) -> str:
    """Small letters without accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in letters if not unicodedata.combining(c)).replace("œ", "oe").replace("æ", "ae")


def bare(text: str) -> str:
    """Its words alone: `Délai_médian (jours)` as `delai median jours`."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain(text)).split())
