"""The form inside the host's page: it grows with its content and moves nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Collector, Host, Visit

SHIFT = """() => {
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}"""


def height(page: Page) -> float:
    box = page.locator("iframe").bounding_box()
    assert box is not None
    return box["height"]


# What docs/embedding.md says of room: as pasted, and what a phone's list of desks takes.
@pytest.mark.parametrize(("width", "room"), [(320, 540), (390, 540), (768, 540), (1280, 540), (390, 850)])
def test_one_tap_rates_and_nothing_ever_moves(
    service: Collector, host: Host, visit: Visit, snippet: Callable[..., str], policy: str, width: int, room: int
) -> None:
    before = len(service.reviews())
    page = visit(host.serve(snippet("mode=inline", frame=room), policy), width=width)
    page.evaluate(SHIFT)
    form = page.frame_locator("iframe")
    expect(form.get_by_text("De façon générale")).to_be_visible()
    page.wait_for_timeout(600)
    assert page.evaluate("shift") == 0
    form.locator("label:has([name=satisfaction][value=good])").click()
    service.last(after=before)
    page.wait_for_timeout(600)
    assert page.evaluate("shift") == 0
    form.get_by_role("button", name="Continuer").click()
    form.get_by_label("Par téléphone avec l'administration").check()
    for answer in ("Oui", "Bonne"):
        form.get_by_role("button", name="Continuer").click()
        form.locator("label:visible").filter(has_text=answer).last.click()
        page.wait_for_timeout(600)
        assert page.frames[1].evaluate("document.documentElement.scrollHeight <= innerHeight")
    form.get_by_role("button", name="Continuer").click()
    form.get_by_role("button", name="Envoyer").click()
    expect(form.locator("#thanks")).to_be_visible()
    page.wait_for_timeout(600)
    if width > 640 or room > 800:
        assert page.evaluate("shift") == 0
    else:
        # A phone's list of desks is longer than the room, and grows under the citizen's own tap.
        assert height(page) > 700


def test_loading_does_not_take_the_focus_or_scroll_the_host(
    host: Host, visit: Visit, snippet: Callable[..., str], policy: str
) -> None:
    page = visit(host.serve(snippet("mode=inline"), policy))
    expect(page.frame_locator("iframe").get_by_text("De façon générale")).to_be_visible()
    assert page.evaluate("[document.activeElement.localName, scrollY]") == ["body", 0]


def test_the_bare_iframe_works_without_our_script(service: Collector, host: Host, visit: Visit) -> None:
    before = len(service.reviews())
    frame = f'<iframe src="{service.form(embed="1")}" title="Avis" height=640></iframe>'
    body = f"<!doctype html><html lang=fr><title>Hôte</title>{frame}"
    page = visit(host.serve(body, f"default-src 'none'; frame-src {service.url}"))
    page.frame_locator("iframe").locator("label:has([value=medium])").click()
    assert service.last(after=before)["satisfaction"] == "medium"
