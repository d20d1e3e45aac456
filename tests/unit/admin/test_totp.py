"""The codes of RFC 6238, and which of them are taken."""

from base64 import b32decode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from admin.totp import STEP, address, code_at, new_secret, proven_step, readable, step_at

SECRET = b"12345678901234567890"
NOW = datetime(2026, 3, 12, 11, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_codes_are_those_of_the_rfc(second: int, code: str) -> None:
    assert code_at(SECRET, second // STEP, figures=8) == code
    assert code_at(SECRET, second // STEP) == code[2:]


@pytest.mark.parametrize(("off", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephone_may_be_one_step_off(off: int, taken: bool) -> None:
    step = step_at(NOW) + off
    assert proven_step(SECRET, code_at(SECRET, step), NOW) == (step if taken else None)


def test_a_code_that_was_used_and_those_before_it_are_taken_no_more() -> None:
    step = step_at(NOW)
    assert proven_step(SECRET, code_at(SECRET, step), NOW, after=step) is None
    assert proven_step(SECRET, code_at(SECRET, step - 1), NOW, after=step) is None
    later = NOW + timedelta(seconds=STEP)
    assert proven_step(SECRET, code_at(SECRET, step + 1), later, after=step) == step + 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "é" * 6, "abcdef"])
def test_what_is_no_code_proves_nothing(typed: str) -> None:
    assert proven_step(SECRET, typed, NOW) is None


def test_the_picture_and_the_text_say_the_same_secret() -> None:
    secret = new_secret()
    assert secret != new_secret()
    groups = readable(secret).split(" ")
    assert {len(group) for group in groups} == {4}
    assert b32decode("".join(groups)) == secret
    parts = urlsplit(address(secret, "eve+1@exemple.fr", "Avis avis.exemple.fr"))
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/Avis avis.exemple.fr:eve+1@exemple.fr"
    assert parse_qs(parts.query) == {"secret": ["".join(groups)], "issuer": ["Avis avis.exemple.fr"]}
