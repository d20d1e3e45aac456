"""A citizen's e-mail is readable with the secret key only."""

from hypothesis import given, settings
from hypothesis import strategies as st

from collector.privacy.contacts import FACTOR, seal, unseal

OLD, NEW = "the-key-of-last-year-which-is-long-enough", "the-key-of-this-year-which-is-long-enough"


@settings(max_examples=20)
@given(st.text(max_size=254))
def test_what_was_sealed_can_be_read_again(email: str) -> None:
    assert unseal(seal(email, (NEW,)), (NEW,)) == email


def test_a_seal_hides_the_address_and_is_never_twice_the_same() -> None:
    first, second = (seal("alice@exemple.fr", (NEW,)) for _ in range(2))
    assert first != second
    assert b"alice" not in first


def test_after_a_rotation_the_old_key_still_opens_and_the_new_one_seals() -> None:
    before = seal("alice@exemple.fr", (OLD,))
    assert unseal(before, (NEW, OLD)) == "alice@exemple.fr"
    assert unseal(seal("alice@exemple.fr", (NEW, OLD)), (NEW,)) == "alice@exemple.fr"


def test_what_was_sealed_for_one_purpose_opens_for_no_other() -> None:
    sealed = seal("a secret", (NEW,), FACTOR)
    assert unseal(sealed, (NEW,), FACTOR) == "a secret"
    assert unseal(sealed, (NEW,)) is None


def test_without_its_key_a_seal_stays_closed() -> None:
    sealed = seal("alice@exemple.fr", (OLD,))
    assert unseal(sealed, (NEW,)) is None
    assert unseal(sealed[:-1], (OLD,)) is None
    assert unseal(b"", (OLD,)) is None
