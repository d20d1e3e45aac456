"""Each change of the form is said with what it does to the figures, and nothing else is."""

import pytest

from admin.effects import effects
from admin.words import labels
from collector.schema import Adjustments


@pytest.mark.parametrize(
    ("adjustments", "expected"),
    [
        (Adjustments(), ()),
        (Adjustments(introduction="Bonjour"), ("introduction",)),
        (Adjustments(hidden_steps=("comprehension",)), ("comprehension",)),
        (Adjustments(hidden_steps=("contact",), hidden_means=("none",)), ("contact",)),
        (Adjustments(hidden_means=("chat",)), ("desk",)),
        (Adjustments(hidden_means=("counter", "phone", "email", "chat")), ("no-desk",)),
        (Adjustments(hidden_means=("none", "website")), ("none", "means")),
    ],
)
def test_what_a_change_does_to_the_figures(adjustments: Adjustments, expected: tuple[str, ...]) -> None:
    assert effects(adjustments) == expected
    assert set(expected) <= labels()["effects"].keys()
