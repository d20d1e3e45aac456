"""A token is what we signed, for the purpose we signed it for, or it is nothing."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from collector.signing import Signer

OLD, NEW = "the-key-of-last-year-which-is-long-enough", "the-key-of-this-year-which-is-long-enough"
GRANT = ["a1b2c3", ["passeport"], "reviews", "csv", None, "2026-03-31", 1_800_000_000]
LINKS = Signer((NEW,), "export-link")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


@given(values)
def test_what_was_signed_is_read_back(value: Any) -> None:
    token = LINKS.sign(value)
    assert LINKS.read(token) == value
    assert set(token) <= set(ALPHABET + ".")


@given(st.data())
def test_any_change_of_any_character_is_refused(data: st.DataObject) -> None:
    token = LINKS.sign(GRANT)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from(ALPHABET + ".=+/ é").filter(lambda letter: letter != token[at]))
    changed = token[:at] + other + token[at + 1 :]
    assert LINKS.read(changed) is None


@given(st.integers(0, len(LINKS.sign(GRANT))), st.sampled_from(ALPHABET + ".=+/ é\n\0"))
def test_any_character_more_is_refused(at: int, more: str) -> None:
    token = LINKS.sign(GRANT)
    assert LINKS.read(token[:at] + more + token[at:]) is None


@given(st.integers(0, len(LINKS.sign(GRANT)) - 1))
def test_a_truncated_token_is_refused(length: int) -> None:
    assert LINKS.read(LINKS.sign(GRANT)[:length]) is None


@given(st.text(max_size=200))
def test_no_text_is_taken_for_a_token(text: str) -> None:
    assert LINKS.read(text) is None


def test_a_token_for_another_purpose_is_refused() -> None:
    assert LINKS.read(Signer((NEW,), "password-reset").sign(GRANT)) is None


def test_an_old_key_still_verifies_and_the_newest_signs() -> None:
    before = Signer((OLD,), "export-link").sign(GRANT)
    rotated = Signer((NEW, OLD), "export-link")
    assert rotated.read(before) == GRANT
    assert LINKS.read(rotated.sign(GRANT)) == GRANT


def test_a_key_that_was_removed_verifies_nothing_any_more() -> None:
    assert LINKS.read(Signer((OLD,), "export-link").sign(GRANT)) is None
