"""What a new password may be, and how it is kept."""

import re
from time import perf_counter

import pytest

from admin.passwords import check_password_rules, hash_password, is_right, one_time_password, verify_password

BRUNO = "bruno.durand@mairie.exemple.fr"


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("court", "au moins 12"),
        ("onze-signes", "au moins 12"),
        ("x" * 257, "au plus 256"),
        ("aaaaaaaaaaaaaaaa", "trop peu de caractères différents"),
        ("123123123123", "trop peu de caractères différents"),
        ("123456789012", "trop courant"),
        ("Motdepasse2026!", "trop courant"),
        ("MotDePasse-MotDePasse", "trop courant"),
        ("P@ssw0rd123456", "trop courant"),
        ("Azertyuiop123!", "trop courant"),
        ("soleil-soleil-12", "trop courant"),
        ("Été2026été2026", "trop courant"),
        ("nicolas-marseille13", "trop courant"),
        ("31415926535897932", "trop courant"),
        ("bruno.durand@mairie.exemple.fr", "adresse électronique"),
        ("bruno.durand.2026", "adresse électronique"),
    ],
)
def test_a_password_that_would_be_guessed_is_refused_with_a_sentence(password: str, says: str) -> None:
    assert says in (check_password_rules(password, BRUNO) or "")


@pytest.mark.parametrize(
    "password",
    [
        "abeilles et tournesols 88",
        "le canard lit sous la pluie",
        "tK4-vbn9-qq2w-m7xd",
        "une licorne regarde le train",
        "жар-птица-летит",
        "三重県の海女さんは元気です",
    ],
)
def test_a_passphrase_is_accepted_without_rules_about_kinds_of_characters(password: str) -> None:
    assert check_password_rules(password, BRUNO) is None


def test_a_one_time_password_is_accepted_by_our_own_rules_and_never_the_same() -> None:
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", one) for one in made)
    assert all(check_password_rules(one, BRUNO) is None for one in made)


def test_a_password_is_kept_as_argon2id_and_recognised() -> None:
    stored = hash_password("le canard lit sous la pluie")
    assert stored.startswith("$argon2id$")
    assert "canard" not in stored
    assert verify_password(stored, "le canard lit sous la pluie")
    assert not verify_password(stored, "le canard lit sous la neige")


def test_an_accent_typed_in_two_ways_is_the_same_password() -> None:
    assert verify_password(hash_password("le caf\u00e9 est servi"), "le cafe\u0301 est servi")


@pytest.mark.parametrize("stored", ["", "not a hash", "$argon2id$v=19$m=65536"])
def test_a_broken_hash_lets_nobody_in(stored: str) -> None:
    assert not verify_password(stored, "le canard lit sous la pluie")


@pytest.mark.parametrize("nothing", [None, ""])
async def test_without_an_account_or_a_password_none_is_right_and_saying_so_takes_as_long(nothing: str | None) -> None:
    stored = hash_password("le canard lit sous la pluie")
    await is_right(None, "la première fois fait le leurre")
    known, unknown = [await _seconds(kept) for kept in (stored, nothing)]
    # Skipping the work would be ten thousand times faster, so a loose bound is enough and never flickers.
    assert unknown > known / 5


async def _seconds(stored: str | None) -> float:
    fastest = float("inf")
    for _ in range(3):
        began = perf_counter()
        assert not await is_right(stored, "le canard lit sous la neige")
        fastest = min(fastest, perf_counter() - began)
    return fastest
