"""Each page of the admin by keyboard, from its first stop to its last, and as a screen reader is told of it.

`AVIS_WALK=write` writes what was met, page by page, into docs/accessibility-admin.md.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from playwright.sync_api import Page

from tests.browser.admin.conftest import Owner
from tests.browser.admin.test_accessibility import PAGES, without_preview
from tests.browser.conftest import Collector

BOOK = Path(__file__).parents[3] / "docs" / "accessibility-admin.md"
HEAD = """# The admin, page by page

Written by `AVIS_WALK=write .venv/bin/python -m pytest tests/browser/admin/test_page_by_page.py` from a walk through
every page in Chromium, with the Tab key alone: each control is reached once, in the order of the page, with a focus
that shows, and nothing holds it. Then the accessibility tree is read: one title, headings that skip no level, one main
part, no control, picture or table without a name. The same test fails when one of these is not so.

*Stops* are controls that Tab reaches, the menu's and the skip link among them. *Headings* are the outline that a screen
reader lists, each with its level.

| page | stops | headings |
|---|---|---|
"""

# What Tab should reach: of a group of radio buttons one, of what is folded nothing.
MARK = """() => {
    window.stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
        .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0)
        .filter(e => {
            if (e.type !== 'radio') return true;
            const group = [...e.form.elements[e.name] instanceof RadioNodeList ? e.form.elements[e.name] : [e]];
            return e === (group.find(one => one.checked) || group[0]);
        });
    return window.stops.length;
}"""
HERE = """() => {
    const e = document.activeElement, style = getComputedStyle(e);
    const ring = s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
    const shown = [e, e.closest('label'), e.nextElementSibling].some(one => one && ring(getComputedStyle(one)));
    return [e === document.body ? -1 : window.stops.indexOf(e), shown, e.outerHTML.slice(0, 90)];
}"""
NAMED = re.compile(
    r"- (button|link|textbox|searchbox|combobox|listbox|checkbox|radio|spinbutton|img|table|dialog|region)(?! \")"
)
HEADING = re.compile(r'- heading "(.*)" \[level=(\d)\]')


class Walked(Struct):
    """What was met on a page, and what is wrong with it."""

    stops: int
    headings: list[tuple[int, str]]
    wrong: list[str]


def test_every_page_is_walked_by_keyboard_and_told_in_order(owner: Owner, service: Collector) -> None:
    page = owner.open("/admin")
    walked: dict[str, Walked] = {}
    for name, path in PAGES.items():
        page.goto(owner.url + path.format(key=service.key))
        without_preview(page)
        tree = page.locator("body").aria_snapshot()
        headings = [(int(level), text) for text, level in HEADING.findall(tree)]
        wrong = [*_unheard(tree, headings), *_walk(page)]
        walked[name] = Walked(page.evaluate("window.stops.length"), headings, wrong)
    if os.environ.get("AVIS_WALK") == "write":
        BOOK.write_text(HEAD + "".join(_line(name, one) for name, one in walked.items()))
    assert {name: one.wrong for name, one in walked.items() if one.wrong} == {}


def test_the_walk_finds_what_is_wrong(owner: Owner) -> None:
    page = owner.open("/admin/compte")
    page.evaluate("""() => {
        const made = document.querySelector('main form').appendChild(document.createElement('div'));
        const late = made.appendChild(document.createElement('button'));
        late.style.outline = 'none';
        const early = made.appendChild(document.createElement('button'));
        early.tabIndex = 5;
        early.textContent = 'Avant tout';
        made.appendChild(document.createElement('h5')).textContent = 'Trop bas';
    }""")
    tree = page.locator("body").aria_snapshot()
    found = "\n".join([*_unheard(tree, [(int(level), text) for text, level in HEADING.findall(tree)]), *_walk(page)])
    for wanted in ("without a name", "skips a level", "out of order", "does not show"):
        assert wanted in found


def _walk(page: Page) -> Iterator[str]:
    """Tab from the top until the focus leaves the page."""
    number = page.evaluate(MARK)
    page.evaluate("document.activeElement.blur()")
    met: list[int] = []
    for _ in range(10 * number + 20):
        page.keyboard.press("Tab")
        place, shows, html = page.evaluate(HERE)
        if place == -1 or (met and place == met[0] and len(met) > 1):
            break
        if met and place == met[-1]:
            continue  # the parts of a date
        met.append(place)
        if not shows:
            yield f"focus does not show: {html}"
    else:
        yield "Tab goes round and round"
    if met != sorted(met):
        yield f"out of order: {met}"
    if missed := sorted(set(range(number)) - set(met)):
        yield f"not reached: {[page.evaluate('n => window.stops[n].outerHTML.slice(0, 90)', one) for one in missed]}"


def _unheard(tree: str, headings: list[tuple[int, str]]) -> Iterator[str]:
    for line in tree.splitlines():
        if NAMED.search(line) and not line.rstrip().endswith('"'):
            yield f"without a name: {line.strip()[:90]}"
    if [level for level, _ in headings].count(1) != 1:
        yield f"not one title: {headings}"
    before = 0
    for level, text in headings:
        if level > before + 1 and before:
            yield f"skips a level: {text}"
        before = level
    if len(re.findall(r"^- main\b", tree, re.MULTILINE)) != 1:
        yield "not one main part"


def _line(name: str, walked: Walked) -> str:
    path = PAGES[name].partition("?")[0].replace("{key}", "…")
    shown = " · ".join(f"{level} {text}" for level, text in walked.headings[:9])
    more = " …" if len(walked.headings) > 9 else ""
    return f"| {name} `{path}` | {walked.stops} | {shown.replace('|', '/')}{more} |\n"
