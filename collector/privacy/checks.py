"""Check digits: the only door to python-stdnum."""

from stdnum import iban, luhn
from stdnum.fr import nir


def is_nir(digits: str) -> bool:
    return bool(nir.is_valid(digits))


def is_iban(compact: str) -> bool:
    return bool(iban.is_valid(compact, check_country=False))


def passes_luhn(digits: str) -> bool:
    """Payment cards, and the numbers of French companies."""
    return bool(luhn.is_valid(digits))
