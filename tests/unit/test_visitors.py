"""A visitor has a name for one day, and nobody has a name for two."""

import pytest

from collector.privacy.visitors import day_key, visitor

SECRET = "a secret that the database does not hold"
TODAY, TOMORROW = (day_key(SECRET, salt) for salt in (b"today", b"tomorrow"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
    ],
)
def test_an_address_or_a_whole_ipv6_subscription_is_one_visitor(one: str, other: str, same: bool) -> None:
    assert (visitor(one, TODAY) == visitor(other, TODAY)) is same


def test_tomorrow_everybody_is_somebody_else() -> None:
    assert visitor("203.0.113.7", TODAY) != visitor("203.0.113.7", TOMORROW)


def test_a_name_needs_both_halves_of_its_key() -> None:
    assert day_key(SECRET, b"today") != day_key("another secret", b"today")
    assert visitor("203.0.113.7", TODAY) != visitor("203.0.113.7", day_key("another secret", b"today"))


def test_a_name_shows_nothing_of_the_address() -> None:
    name = visitor("203.0.113.7", TODAY)
    assert len(name) == 24
    assert int(name, 16)
    assert "203" not in name or visitor("203.0.113.7", TOMORROW)[:8] != name[:8]


def test_a_long_secret_is_a_key_all_the_same() -> None:
    assert len(day_key("s" * 500, b"today")) == 32
