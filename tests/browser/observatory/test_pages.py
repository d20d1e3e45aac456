"""The public's pages in a browser: read by a machine for what is wrong, on a phone, in the dark, without scripts."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from collector.editions import last_over
from collector.schema import PARIS
from tests.browser.conftest import Collector, Host, Visit, passeport

PAGES = {
    "table": "/observatoire",
    "sorted": "/observatoire?tri=satisfaction&sens=inverse",
    "nothing": "/observatoire?q=rien",
    "procedure": "/observatoire/{slug}",
    "without-figures": "/observatoire/passeport",
    "ministries": "/observatoire/ministeres",
    "editions": "/observatoire/editions",
    "edition": "/observatoire/editions/{edition}",
    "methodology": "/observatoire/methodologie",
    "accessibility": "/observatoire/accessibilite",
    "error": "/observatoire/?tri=rien",
}
QUARTER = last_over(datetime.now(PARIS).date()).name
"""The one that the demo's edition is of."""

# 24 px is what WCAG 2.2 asks of every target; links inside a sentence are exempt. Our own rule for controls is 44.
SMALL = """[...document.querySelectorAll('button, .button, input:not([type=hidden]), select, summary, thead a, nav a')]
    .filter(e => e.checkVisibility())
    .map(e => [e, e.getBoundingClientRect()])
    .filter(([e, box]) => box.height < 43.5 || box.width < 24)
    .map(([e, box]) => `${e.outerHTML.slice(0, 80)} ${Math.round(box.width)}x${Math.round(box.height)}`)"""


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory, host: Host) -> Iterator[tuple[Collector, str]]:
    """A collector with enough reviews to show and an edition, and the name of a procedure that has them."""
    data: Path = tmp_path_factory.mktemp("observatoire")
    with passeport(data, host) as made:
        demo = made.run("demo", "--reviews", "1500", "--days", "120", "--seed", "1")
        yield made, demo["procedures"][0]


def address(observed: tuple[Collector, str], name: str) -> str:
    made, slug = observed
    return made.url + PAGES[name].format(slug=slug, edition=QUARTER)


@pytest.mark.parametrize(
    "options",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"width": 390}, {"width": 320, "color_scheme": "dark"}],
)
def test_every_page_is_without_violations_and_fits_its_screen(
    observed: tuple[Collector, str], visit: Visit, axe: Callable[[Page], list[str]], options: dict[str, Any]
) -> None:
    page = visit(address(observed, "table"), **{"width": 1280, **options})
    found = {}
    for name in PAGES:
        page.goto(address(observed, name))
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        broken = axe(page) + page.evaluate(SMALL) + ([f"{over} px too wide"] if over > 0 else [])
        if broken:
            found[name] = broken
    assert found == {}


def test_on_a_phone_the_table_is_stacked_and_still_a_table(observed: tuple[Collector, str], visit: Visit) -> None:
    page = visit(address(observed, "table"), width=320)
    table = page.get_by_role("table")
    assert page.evaluate("getComputedStyle(document.querySelector('.procedures tbody tr')).display") == "grid"
    expect(table.get_by_role("columnheader")).to_have_count(7)
    row = table.get_by_role("row").nth(1)
    expect(row.get_by_role("rowheader")).to_have_count(1)
    assert row.get_by_role("cell").count() in {2, 6}
    said = page.evaluate("getComputedStyle(document.querySelector('.procedures td:nth-child(3)'), '::before').content")
    assert "Clarté" in said


def test_it_is_filtered_and_sorted_without_javascript_and_keeps_both(
    observed: tuple[Collector, str], visit: Visit
) -> None:
    page = visit(address(observed, "table"), width=390, scripts=False)
    page.get_by_role("link", name="Satisfaction", exact=True).click()
    assert "tri=satisfaction" in page.url
    expect(page.get_by_role("columnheader", name="Satisfaction")).to_have_attribute("aria-sort", "descending")
    page.get_by_label("Chercher").fill("passeport")
    page.get_by_role("button", name="Filtrer").click()
    assert "tri=satisfaction" in page.url
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Demander un passeport").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Demander un passeport")
    page.get_by_role("link", name="Je donne mon avis").click()
    expect(page.get_by_role("radio", name="Très bien")).to_be_visible()


def test_the_keyboard_begins_at_the_skip_link(observed: tuple[Collector, str], visit: Visit) -> None:
    page = visit(address(observed, "table"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Chercher")).to_be_focused()


def test_in_forced_colours_levels_bars_and_points_still_show(observed: tuple[Collector, str], visit: Visit) -> None:
    page = visit(address(observed, "procedure"), forced_colors="active")
    assert page.locator("i").first.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"
    fill, ground = page.evaluate(
        "[getComputedStyle(document.querySelector('.bar rect')).fill, getComputedStyle(document.body).backgroundColor]"
    )
    assert fill != ground
    dots = page.locator(".chart circle").count()
    assert dots >= 2
    rows = page.get_by_role("table", name="Satisfaction par mois").get_by_role("row")
    expect(rows).to_have_count(dots + 1)
