"""The page about privacy, as people see it: small screens, dark rooms, large letters."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Collector, Visit


@pytest.mark.parametrize("lang", ["fr", "fr-simple", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_version_is_without_violations(
    service: Collector, visit: Visit, axe: Callable[[Page], list[str]], scheme: str, lang: str
) -> None:
    page = visit(f"{service.url}/vie-privee?lang={lang}", color_scheme=scheme)
    assert axe(page) == []


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_cut_off(service: Collector, visit: Visit, width: int) -> None:
    page = visit(f"{service.url}/vie-privee", width=width)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    line = page.locator("main p").first.evaluate("text => text.getBoundingClientRect().width")
    assert line <= 640, "a line that is too long is lost on the way back"


def test_the_versions_lead_to_each_other_with_the_keyboard(service: Collector, visit: Visit) -> None:
    page = visit(f"{service.url}/vie-privee")
    expect(page.get_by_role("link", name="Français")).to_have_attribute("aria-current", "page")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Facile à lire")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your feedback and your privacy")
    for link in page.get_by_role("navigation").get_by_role("link").all():
        assert link.evaluate("link => link.offsetHeight") >= 44


def test_the_demo_leads_there(demo: Collector, visit: Visit) -> None:
    page = visit(f"{demo.url}/demo")
    page.get_by_role("link", name="votre vie privée").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre avis et votre vie privée")
