"""What is asked on one screen, and which screen comes before or after another.

A step of the questionnaire is one screen, except that a question asked of each desk follows on a screen of its own: it
depends on what the screen before was answered, which without JavaScript only the server knows.
"""

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from collector.forms import Field, Form
from embed.posted import Values, controls, first, is_asked

THANKS = "thanks"


class Screen(Struct, frozen=True):
    """`name` is its first field's; `step` counts from 1."""

    name: str
    step: int
    fields: tuple[Field, ...]


@lru_cache(maxsize=1000)
def screens(form: Form) -> tuple[Screen, ...]:
    found: list[Screen] = []
    for number, step in enumerate(form.steps, 1):
        group: list[Field] = []
        for field in step.fields:
            if group and field.type in {"reached", "scales"}:
                found.append(Screen(group[0].name, number, tuple(group)))
                group = []
            group.append(field)
        found.append(Screen(group[0].name, number, tuple(group)))
    return tuple(found)


def fields(form: Form) -> tuple[Field, ...]:
    return tuple(field for screen in screens(form) for field in screen.fields)


def screen_of(form: Form, asked: str) -> Screen:
    """The screen of that name, or the one that holds the field of that name; the first where there is none."""
    for screen in screens(form):
        if asked == screen.name or any(field.name == asked for field in screen.fields):
            return screen
    return screens(form)[0]


def furthest(form: Form, values: Values) -> Screen:
    """The last screen with an answer: where a citizen is whose page did not say it."""
    answered = [
        screen
        for screen in screens(form)
        if any(first(values, control) for asked in screen.fields for control in controls(asked))
    ]
    return answered[-1] if answered else screens(form)[0]


def after(form: Form, screen: Screen, values: Values) -> str:
    """The name of the next screen that has something to ask; `thanks` after the last."""
    all_screens = screens(form)
    return _first_asked(all_screens[all_screens.index(screen) + 1 :], values) or THANKS


def before(form: Form, screen: Screen, values: Values) -> str:
    all_screens = screens(form)
    return _first_asked(all_screens[: all_screens.index(screen)][::-1], values) or all_screens[0].name


def _first_asked(candidates: Sequence[Screen], values: Values) -> str | None:
    return next((screen.name for screen in candidates if is_asked(screen.fields[0], values)), None)
