"""What is kept of a User-Agent: two words out of few."""

import pytest

from admin.devices import Family, family

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "kept"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", Family("firefox", "computer")),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64) {_WEBKIT} Chrome/140.0 Safari/537.36",
            Family("chrome", "computer"),
        ),
        (f"Mozilla/5.0 (Windows NT 10.0) {_WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0", Family("edge", "computer")),
        (f"Mozilla/5.0 (Linux; Android 14; K) {_WEBKIT} Chrome/140.0 Mobile Safari/537.36", Family("chrome", "phone")),
        (f"Mozilla/5.0 (Linux; Android 14; SM-X) {_WEBKIT} Chrome/140.0 Safari/537.36", Family("chrome", "tablet")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile/15E Safari/604.1", Family("safari", "phone")),
        ("Mozilla/5.0 (iPad; CPU OS 18_0) CriOS/140.0 Mobile/15E Safari/604.1", Family("chrome", "tablet")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18.0 Safari/605.1", Family("safari", "computer")),
        ("curl/8", Family("other", "other")),
        ("", Family("other", "other")),
        ("<script>" * 1000, Family("other", "other")),
    ],
)
def test_a_browser_is_a_family_and_a_kind_of_machine(user_agent: str, kept: Family) -> None:
    assert family(user_agent) == kept
