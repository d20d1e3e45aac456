"""Hosts that cannot say who they are: a page on a disk, and a site that sends no Referer."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Collector, Host, Visit

Snippet = Callable[..., str]


def test_a_page_on_a_disk_shows_the_form_and_its_opinion_is_stored(
    service: Collector, visit: Visit, snippet: Snippet, tmp_path: Path
) -> None:
    file = tmp_path / "essai.html"
    file.write_text(snippet(), "utf-8")
    before = len(service.reviews())
    page = visit(file.as_uri())
    page.get_by_role("button", name="Je donne mon avis").click()
    form = page.frame_locator("iframe")
    form.locator("label:has([value=good])").click()
    assert service.last(after=before)["satisfaction"] == "good"
    form.get_by_label("4", exact=True).focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_site_without_referer_that_is_not_allowed_still_gets_a_page_with_a_link(
    service: Collector, host: Host, visit: Visit, snippet: Snippet
) -> None:
    key = service.run("procedure", "add", "--title", "Ailleurs", "--slug", "ailleurs")["placements"][0]["key"]
    head = '<meta name="referrer" content="no-referrer">'
    page = visit(host.serve(snippet(key=key, head=head)))
    page.get_by_role("button", name="Je donne mon avis").click()
    with page.expect_popup() as popup:
        page.frame_locator("iframe").get_by_role("link", name="Ouvrir le questionnaire").click()
    expect(popup.value.get_by_text("De façon générale")).to_be_visible()


def test_a_site_without_referer_that_is_allowed_shows_the_form(host: Host, visit: Visit, snippet: Snippet) -> None:
    page = visit(host.serve(snippet(head='<meta name="referrer" content="no-referrer">')))
    page.get_by_role("button", name="Je donne mon avis").click()
    expect(page.frame_locator("iframe").get_by_text("De façon générale")).to_be_visible()
