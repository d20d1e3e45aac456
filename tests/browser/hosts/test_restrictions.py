"""Platforms that take no script of an owner's: what is left is a picture in a link, and a sandboxed frame."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Collector, Host, Visit

AMP = Path(__file__).with_name("amp.html")


@pytest.fixture
def page(service: Collector, host: Host, visit: Visit) -> Page:
    address = service.form().removesuffix("?")
    picture = f'<img src="{service.url}/bouton/solid-light.svg" alt="Je donne mon avis">'
    image = f'<a href="{address}" title="Je donne mon avis" target="_blank" rel="noopener">{picture}</a>'
    body = AMP.read_text("utf-8").replace("{{ image }}", image).replace("{{ frame }}", service.form(embed="1"))
    policy = f"default-src 'none'; style-src 'nonce-host'; img-src {service.url}; frame-src {service.url}"
    return visit(host.serve(body, policy))


def test_the_sandboxed_frame_rates_with_one_tap_and_never_leaves_its_place(service: Collector, page: Page) -> None:
    before = len(service.reviews())
    frame = page.locator("iframe")
    place = frame.bounding_box()
    frame.scroll_into_view_if_needed()
    form = page.frame_locator("iframe")
    form.locator("label:has([name=satisfaction][value=good])").click()
    assert service.last(after=before)["satisfaction"] == "good"
    expect(form.get_by_role("heading", name="Qu'avez-vous pensé")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    assert frame.bounding_box() == place


def test_the_picture_in_a_link_opens_the_form_in_a_page_of_its_own(service: Collector, page: Page) -> None:
    before = len(service.reviews())
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Je donne mon avis").click()
    popup.value.locator("label:has([name=satisfaction][value=medium])").click()
    assert service.last(after=before)["satisfaction"] == "medium"
