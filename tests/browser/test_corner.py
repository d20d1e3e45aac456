"""The button in a corner: never in the way, gone when the citizen says so, invited as often as the host allows."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Collector, Host, Visit

Snippet = Callable[..., str]

NAME = "je-donne-mon-avis"
FIELDS = "".join(f'<p><input id="f{number}" aria-label="Champ {number}" style="width: 100%">' for number in range(40))


@pytest.fixture
def corner(service: Collector, host: Host, visit: Visit, snippet: Snippet) -> Callable[..., Page]:
    """A long form of a host, with the button in its corner."""

    def shown(attributes: str = "", *, html: str = "", **options: object) -> Page:
        extra = f'<script src="{service.url}/widget/v1-extra.js" defer></script>'
        return visit(host.serve(snippet(f"mode=corner {attributes}", head=html) + FIELDS + extra), **options)

    return shown


def test_the_button_stays_in_the_logical_corner_and_opens_the_form(corner: Callable[..., Page]) -> None:
    page = corner()
    button = page.get_by_role("button", name="Je donne mon avis")
    page.mouse.wheel(0, 500)
    box = button.bounding_box()
    assert box
    assert box["x"] > 450
    assert box["y"] > 600
    page.evaluate("document.documentElement.dir = 'rtl'")
    box = button.bounding_box()
    assert box
    assert box["x"] < 100
    button.click()
    expect(page.frame_locator("iframe").get_by_text("De façon générale")).to_be_visible()


def test_it_leaves_the_place_to_what_has_the_focus(corner: Callable[..., Page]) -> None:
    page = corner()
    widget = page.get_by_role("button", name="Je donne mon avis", include_hidden=True)
    page.locator("#f0").focus()
    expect(widget).to_be_visible()
    for _ in range(39):
        page.keyboard.press("Tab")
        covered = page.evaluate(
            """name => {
              const a = document.querySelector(name).getBoundingClientRect();
              const b = document.activeElement.getBoundingClientRect();
              return a.top < b.bottom && b.top < a.bottom;
            }""",
            NAME,
        )
        expect(widget).to_be_visible(visible=not covered)


def test_it_hides_while_something_is_typed_on_a_touch_screen(corner: Callable[..., Page]) -> None:
    page = corner(has_touch=True, is_mobile=True, width=360)
    widget = page.get_by_role("button", name="Je donne mon avis", include_hidden=True)
    expect(widget).to_be_visible()
    page.locator("#f0").tap()
    expect(widget).to_be_hidden()
    page.locator("#f0").blur()
    expect(widget).to_be_visible()


def test_a_keyboard_that_opens_hides_the_button_and_never_the_open_form(corner: Callable[..., Page]) -> None:
    page = corner(width=360)
    button = page.get_by_role("button", name="Je donne mon avis")
    expect(button).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 350})
    expect(button).to_be_hidden()
    page.set_viewport_size({"width": 360, "height": 700})
    button.click()
    form = page.frame_locator("iframe").get_by_text("De façon générale")
    expect(form).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 350})
    page.wait_for_timeout(300)
    expect(form).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_the_citizen_hides_it_for_the_pages_life(corner: Callable[..., Page]) -> None:
    page = corner()
    page.get_by_role("button", name="Masquer le bouton").click()
    expect(page.get_by_role("button")).to_have_count(0)
    page.evaluate(
        """name => {
          const old = document.querySelector(name);
          const fresh = old.cloneNode(true);
          fresh.hidden = false;
          old.replaceWith(fresh);
        }""",
        NAME,
    )
    expect(page.locator(NAME)).to_be_hidden()


def test_an_invitation_waits_and_happens_as_often_as_the_host_says(corner: Callable[..., Page]) -> None:
    page = corner('invite="after 4s"')
    expect(page.locator(NAME)).to_be_hidden()
    expect(page.locator(NAME)).to_be_visible(timeout=10_000)
    assert page.evaluate("name => document.querySelector(name).invite()", NAME) is False
    for invite, invited, happens in (("after 60s at most 3", 2, True), ("after 60s at most 3", 3, False)):
        page = corner(f'invite="{invite}" invited={invited}')
        page.evaluate("addEventListener('avis:invite', () => { window.heard = 1 })")
        assert page.evaluate("name => document.querySelector(name).invite()", NAME) is happens
        expect(page.locator(NAME)).to_be_visible(visible=happens)
        assert page.evaluate("window.heard || 0") == int(happens)


def test_tokens_dress_the_button_and_the_systems_attribute_sets_the_theme(corner: Callable[..., Page]) -> None:
    page = corner(html=f"<style>{NAME} {{ --avis-accent: #c00; --avis-on: #ff0; --avis-radius: 0 }}</style>")
    button = page.get_by_role("button", name="Je donne mon avis")
    expect(button).to_have_css("background-color", "rgb(204, 0, 0)")
    expect(button).to_have_css("color", "rgb(255, 255, 0)")
    expect(button).to_have_css("border-radius", "0px")
    page.evaluate("document.documentElement.dataset.frTheme = 'dark'")
    expect(page.locator(NAME)).to_have_css("color-scheme", "dark")
