"""Passwords: hashed slowly, never guessable by a list, and made by us where nobody has chosen one yet.

The one door to argon2. Hashing takes 64 MiB and tens of milliseconds on purpose, so it runs beside the event loop and
two at a time: a burst of sign-ins must neither stop the citizens' answers nor fill the memory.
"""

import asyncio
import re
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from admin.language import translated

SHORTEST = 12
# Longer ones would let anybody spend our memory on hashing; no passphrase that people type is that long.
LONGEST = 256
FEWEST_DIFFERENT = 5
# Letters and figures that are not mistaken for one another when read out on the telephone.
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"
_LEET = str.maketrans("013457@$!€", "oieastasie")
_MOST_STEMS = 2


def check_password_rules(text: str, email: str) -> str | None:
    """What is wrong with a new password, as a French sentence; None when nothing is.

    Length and a list of common ones, as CNIL and NIST advise; no rule about kinds of characters, which only makes
    people write `Motdepasse1!`.
    """
    text = _normal(text)
    if len(text) < SHORTEST:
        return translated(
            "Choisissez au moins {n} caractères. Plusieurs mots séparés par des espaces conviennent bien.", n=SHORTEST
        )
    if len(text) > LONGEST:
        return translated("Choisissez au plus {n} caractères.", n=LONGEST)
    if len(set(text.casefold())) < FEWEST_DIFFERENT:
        return "Ce mot de passe répète trop peu de caractères différents. Choisissez-en un plus varié."
    if _is_common(text):
        return "Ce mot de passe est trop courant : il serait essayé en premier. Choisissez-en un autre."
    if _tells_email(text, email):
        return "Ce mot de passe reprend votre adresse électronique. Choisissez-en un autre."
    return None


def one_time_password() -> str:
    """A password to be changed at the first sign-in: 79 bits, easy to read out."""
    return "-".join("".join(secrets.choice(_CLEAR) for _ in range(4)) for _ in range(4))


def hash_password(text: str) -> str:
    """Blocks for tens of milliseconds: in a request use `hashed`."""
    return _hasher().hash(_normal(text))


def verify_password(stored: str, text: str) -> bool:
    """Blocks for tens of milliseconds: in a request use `is_right`."""
    try:
        return _hasher().verify(stored, _normal(text[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False


async def hashed(text: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_beside(), hash_password, text)


async def is_right(stored: str | None, text: str) -> bool:
    """Whether `text` is the password; takes as long where there is no account, or no password: time tells nothing."""
    right = await asyncio.get_running_loop().run_in_executor(_beside(), verify_password, stored or _decoy(), text)
    return right and bool(stored)


def _normal(text: str) -> str:
    # An accent typed on a phone and on a computer may be different code points of the same letter.
    return unicodedata.normalize("NFKC", text)


def _is_common(text: str) -> bool:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    words = _common()
    if plain in words or re.sub(r"[\W_]+", "", plain) in words:
        return True
    bare = re.sub(r"[\W\d_]+", "", plain)
    # Figures at the ends are an addition (`P@ssw0rd123`), those inside stand for letters.
    undone = re.sub(r"[\W\d_]+", "", re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain).translate(_LEET))
    return not bare or any(_made_of(letters, words, _MOST_STEMS) for letters in (bare, undone))


def _made_of(letters: str, words: frozenset[str], most: int) -> bool:
    """Whether the letters are nothing but one common word, or two: `motdepasse`, `soleilsoleil`."""
    if letters in words:
        return True
    return most > 1 and any(
        letters[:cut] in words and _made_of(letters[cut:], words, most - 1) for cut in range(3, len(letters) - 2)
    )


def _tells_email(text: str, email: str) -> bool:
    name, _, host = email.casefold().partition("@")
    rest = re.sub(r"[\W\d_]+", "", text.casefold())
    parts = {re.sub(r"[\W\d_]+", "", part) for part in (email, name, name + host, host)}
    return email.casefold() in text.casefold() or (bool(rest) and rest in parts)


@cache
def _common() -> frozenset[str]:
    lines = (files("admin") / "common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _decoy() -> str:
    return hash_password(secrets.token_urlsafe(24))


@cache
def _beside() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="avis-passwords")
