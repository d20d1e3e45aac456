"""What a screen reader is told on each screen, compared with what was agreed: the files in `trees`, for each engine.

After a change that is meant, write them anew and read the difference:

    AVIS_TREES=write .venv/bin/python -m pytest tests/browser/engines/test_trees.py
"""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Collector
from tests.browser.engines.engine import Engine, wait_for
from tests.browser.engines.said import said
from tests.browser.engines.walk import Walk

TREES = Path(__file__).parent / "trees"
# An engine brings its tree up to date a moment after the page, and the counter is said once the typing rests.
WITHIN_SECONDS = 5
# Each engine has its own word for a thing; WebKitGTK calls a list that unfolds a button.
SAME = {
    "radiobutton": "radio",
    "checkbutton": "checkbox",
    "pushbutton": "button",
    "combobox": "button",
    "entry": "textbox",
    "grouping": "group",
}
# A role, a name in quotation marks, and states that nobody needs to compare.
LINE = re.compile(r'^ *([a-z]+)(?: "(.*?)")?(?: (?:[\w-]+|\w+="?.*))*$', re.MULTILINE)
MEANT = {"heading", "group", "radio", "checkbox", "button", "textbox"}

Compare = Callable[[str], None]


@pytest.fixture
def compare(engine: Engine) -> Compare:
    def compare(name: str) -> None:
        file = TREES / engine.name / f"{name}.txt"
        if os.environ.get("AVIS_TREES") == "write":
            file.parent.mkdir(exist_ok=True)
            file.write_text(settled(engine), "utf-8")
        agreed = file.read_text("utf-8")
        deadline = time.monotonic() + WITHIN_SECONDS
        while (heard := spoken(engine)) != agreed and time.monotonic() < deadline:
            time.sleep(0.1)
        assert heard == agreed, f"{engine.name}/{name} says something else"

    return compare


def spoken(engine: Engine) -> str:
    lines: list[str] = wait_for(lambda: said(engine), "a tree")
    return "\n".join([*lines, ""])


def settled(engine: Engine) -> str:
    """Said twice in the same words."""
    before, now = "", spoken(engine)
    while now != before:
        time.sleep(2)
        before, now = now, spoken(engine)
    return now


def test_every_screen_of_the_form_is_said_as_agreed(service: Collector, engine: Engine, compare: Compare) -> None:
    engine.open(service.form(lang="fr"))
    for screen in Walk(engine).satisfaction():
        compare(screen)


def test_the_malfunction_form_and_its_errors_are_said_as_agreed(
    service: Collector, engine: Engine, compare: Compare
) -> None:
    engine.open(f"{service.url}/avis/{service.malfunction}?lang=fr")
    for screen in Walk(engine).malfunction():
        compare(screen)


def test_the_form_in_arabic_is_said_as_agreed(service: Collector, engine: Engine, compare: Compare) -> None:
    engine.open(service.form(lang="ar"))
    for screen in Walk(engine).satisfaction():
        if screen in {"satisfaction", "contact_tried", "verbatim-too-long"}:
            compare(f"{screen}-ar")
    engine.open(f"{service.url}/avis/{service.malfunction}?lang=ar")
    for screen in Walk(engine).malfunction():
        compare(f"{screen}-ar")


def test_the_pages_without_a_script_are_said_as_agreed(service: Collector, engine: Engine, compare: Compare) -> None:
    engine.open(service.form(lang="fr"))
    for screen in Walk(engine).posts():
        compare(screen)


def test_the_three_engines_say_the_same_questions_answers_and_buttons() -> None:
    told = {
        folder.name: {file.name: meant(file.read_text("utf-8")) for file in folder.iterdir()}
        for folder in TREES.iterdir()
    }
    assert len(told) == 3
    assert told["chromium"] == told["firefox"] == told["webkit"]


def meant(tree: str) -> list[tuple[str, str]]:
    """What matters of a tree: the role and the name of each thing that a citizen reads, chooses or presses."""
    found = [(SAME.get(role, role), name) for role, name in LINE.findall(tree)]
    return [(role, name) for role, name in found if role in MEANT]
