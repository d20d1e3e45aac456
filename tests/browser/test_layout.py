"""The widget moves nothing of its host: layout shifts as the browser itself counts them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Host, Visit

Snippet = Callable[..., str]

SHIFTS = """() => new Promise((resolve) => {
  const seen = [];
  new PerformanceObserver((list) => seen.push(...list.getEntries())).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(seen.reduce((sum, { value }) => sum + value, 0)), 300);
})"""


def shifted(page: Page) -> float:
    found: float = page.evaluate(SHIFTS)
    return found


@pytest.mark.parametrize("width", [390, 900])
def test_a_button_that_comes_late_moves_nothing(
    service: object, host: Host, visit: Visit, snippet: Snippet, policy: str, width: int
) -> None:
    page = visit("about:blank", width=width)

    # The link has been painted long before the script arrives.
    def later(route: Route) -> None:
        page.wait_for_timeout(700)
        route.continue_()

    page.route("**/widget/v1.js", later)
    page.goto(host.serve(snippet(), policy), wait_until="load")
    expect(page.get_by_role("button", name="Je donne mon avis")).to_be_visible()
    assert shifted(page) == 0
    page.get_by_role("button", name="Je donne mon avis").click()
    expect(page.frame_locator("iframe").get_by_text("De façon générale")).to_be_visible()
    page.wait_for_timeout(700)
    assert shifted(page) == 0


@pytest.mark.parametrize("width", [390, 900])
def test_a_form_prepared_before_its_dialog_opens_comes_in_its_place(
    host: Host, visit: Visit, snippet: Snippet, policy: str, width: int
) -> None:
    page = visit(host.serve(snippet(), policy), width=width)
    button = page.get_by_role("button", name="Je donne mon avis")
    button.hover()
    page.wait_for_function("document.querySelector('je-donne-mon-avis').shadowRoot.querySelector('iframe')")
    page.wait_for_load_state("networkidle")
    button.click()
    expect(page.frame_locator("iframe").get_by_text("De façon générale")).to_be_visible()
    page.wait_for_timeout(500)
    found: float = page.frames[1].evaluate(SHIFTS)
    assert found == 0


def test_a_button_can_be_clicked_where_it_is_seen(host: Host, visit: Visit, snippet: Snippet, policy: str) -> None:
    page = visit(host.serve(snippet(), policy), width=390)
    box = page.get_by_role("button", name="Je donne mon avis").bounding_box()
    assert box
    assert box["height"] >= 44
    # Where the link was, and a little above and below it; never out of the page.
    assert box["x"] >= 0
    for y in (box["y"] + 2, box["y"] + box["height"] - 2):
        page.mouse.click(box["x"] + box["width"] / 2, y)
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
