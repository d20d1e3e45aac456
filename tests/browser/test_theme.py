"""One snippet in a light page and in a dark one, and in a page that changes while the form is open."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Collector, Host, Visit

Snippet = Callable[..., str]

BUTTON = """getComputedStyle(document.querySelector("je-donne-mon-avis").shadowRoot.querySelector("button")).color"""
LIGHT, DARK = "rgb(0, 0, 145)", "rgb(165, 165, 255)"

CHANGES = {
    "the page's color-scheme": ("", "", "document.documentElement.style.colorScheme = 'dark'"),
    "the page's meta": (
        "",
        "<meta name=color-scheme content=light>",
        "document.querySelector('[name=color-scheme]').content = 'dark'",
    ),
    "the element's theme": ("", "", "document.querySelector('je-donne-mon-avis').setAttribute('theme', 'dark')"),
    "a design system's rule": (
        "",
        "<style>[data-fr-theme=dark] { color-scheme: dark }</style>",
        "document.documentElement.dataset.frTheme = 'dark'",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("mode", ["dialog", "inline"])
def test_the_form_changes_with_its_host_while_it_is_open(
    host: Host, visit: Visit, snippet: Snippet, policy: str, change: str, mode: str
) -> None:
    attributes, head, act = CHANGES[change]
    inline = mode == "inline"
    page = visit(
        host.serve(snippet(f"{attributes} mode={mode}", head=head, frame=540 if inline else 0)), color_scheme="light"
    )
    if not inline:
        page.get_by_role("button", name="Je donne mon avis").click()
    expect(page.frame_locator("iframe").get_by_text("De façon générale")).to_be_visible()
    heading = page.frame_locator("iframe").locator("h1")
    expect(heading).to_have_css("color", LIGHT)
    page.evaluate(act)
    expect(heading).to_have_css("color", DARK)
    expect(heading).to_have_css("color-scheme", "dark")


def test_the_visitors_own_change_is_followed_where_the_host_follows_it(
    host: Host, visit: Visit, snippet: Snippet
) -> None:
    page = visit(host.serve(snippet(head="<style>:root { color-scheme: light dark }</style>")), color_scheme="light")
    page.get_by_role("button", name="Je donne mon avis").click()
    expect(page.frame_locator("iframe").get_by_text("De façon générale")).to_be_visible()
    page.emulate_media(color_scheme="dark")
    expect(page.frame_locator("iframe").locator("h1")).to_have_css("color-scheme", "dark")
    assert page.evaluate(BUTTON) == "rgb(0, 0, 0)"


def test_the_hosts_tokens_dress_the_button_and_the_form(
    service: Collector, host: Host, visit: Visit, snippet: Snippet
) -> None:
    head = "<style>je-donne-mon-avis { --avis-accent: rgb(0, 100, 0); --avis-on: rgb(255, 255, 200) }</style>"
    extra = f'<script src="{service.url}/widget/v1-extra.js" defer></script>'
    page = visit(host.serve(snippet(head=head) + extra))
    button = page.get_by_role("button", name="Je donne mon avis")
    expect(button).to_have_css("background-color", "rgb(0, 100, 0)")
    button.click()
    go_on = page.frame_locator("iframe").get_by_role("button", name="Continuer")
    expect(go_on).to_have_css("background-color", "rgb(0, 100, 0)")
    expect(go_on).to_have_css("color", "rgb(255, 255, 200)")
    # A change of theme tells the form anew, and the tokens stay.
    page.evaluate("document.documentElement.style.colorScheme = 'dark'")
    expect(go_on).to_have_css("background-color", "rgb(0, 100, 0)")
