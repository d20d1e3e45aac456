"""What a machine can find wrong, on every screen, in light and dark. Keyboard walks are elsewhere."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Collector, Host, Visit

Axe = Callable[[Page], list[str]]


def go_on(page: Page) -> None:
    page.locator("button[name=next]:visible").click()


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_of_the_form_is_without_violations(
    service: Collector, visit: Visit, axe: Axe, scheme: str, lang: str
) -> None:
    page = visit(service.form(lang=lang), color_scheme=scheme)
    assert axe(page) == []
    page.locator("label:has([name=satisfaction][value=good])").click()
    assert axe(page) == []
    page.locator("[name=comprehension][value='5']").check()
    go_on(page)
    for code in ("counter", "phone", "email", "chat", "other"):
        page.locator(f"[name=contact_tried][value={code}]").check()
    assert axe(page) == []
    go_on(page)
    for desk in ("counter", "phone", "email", "chat"):
        page.locator(f"[name='contact_reached.{desk}'][value=true]").check()
    assert axe(page) == []
    go_on(page)
    assert axe(page) == []
    go_on(page)
    page.locator("textarea").fill("x" * 5001)
    go_on(page)
    assert axe(page) == []
    page.locator("textarea").fill("")
    go_on(page)
    expect(page.locator("#thanks")).to_be_visible()
    assert axe(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_malfunction_form_with_its_errors_is_without_violations(
    service: Collector, visit: Visit, axe: Axe, scheme: str
) -> None:
    page = visit(f"{service.url}/avis/{service.malfunction}", color_scheme=scheme)
    assert axe(page) == []
    go_on(page)
    assert axe(page) == []


@pytest.mark.parametrize("attributes", ["", "mode=inline"])
def test_the_widget_in_a_host_page_is_without_violations(
    host: Host, visit: Visit, snippet: Callable[..., str], axe: Axe, attributes: str
) -> None:
    page = visit(host.serve(snippet(attributes)))
    if not attributes:
        page.get_by_role("button", name="Je donne mon avis").click()
    expect(page.frame_locator("iframe").get_by_text("De façon générale")).to_be_visible()
    page.wait_for_timeout(200)
    assert axe(page) == []


def test_the_server_side_steps_are_without_violations(service: Collector, visit: Visit, axe: Axe) -> None:
    page = visit(service.form(), scripts=False)
    html = [page.content()]
    go_on(page)
    html.append(page.content())
    page.locator("[value=good]").check()
    for _ in range(3):
        go_on(page)
        html.append(page.content())
    checked = visit("about:blank")
    for document in html:
        # axe needs scripts: the pages are shown again where they are on, without their own.
        checked.set_content(document.replace("<script", "<template").replace("</script", "</template"))
        assert axe(checked) == []


def test_forced_colours_leave_every_word_readable_and_every_choice_visible(service: Collector, visit: Visit) -> None:
    page = visit(service.form(), forced_colors="active")
    page.locator("label:has([name=satisfaction][value=good])").click()
    page.locator("button[name=back]:visible").click()
    invisible = """[...document.querySelectorAll("button, label, h1, h2, p")].filter((part) => {
      const { color, backgroundColor } = getComputedStyle(part);
      return part.offsetParent && color === backgroundColor;
    }).map((part) => part.textContent)"""
    assert page.evaluate(invisible) == []
    chosen, other = (
        page.locator(f"label:has([value={code}])").evaluate("label => getComputedStyle(label).outlineStyle")
        for code in ("good", "bad")
    )
    assert (chosen, other) == ("solid", "none")


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_cut_off_at_four_hundred_percent(service: Collector, visit: Visit, width: int) -> None:
    page = visit(service.form(), width=width)
    page.locator("label:has([name=satisfaction][value=good])").click()
    for _ in range(2):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        go_on(page)


def test_every_target_is_large_enough_for_a_thumb(service: Collector, visit: Visit) -> None:
    page = visit(service.form(), width=320)
    sizes = """[...document.querySelectorAll("label, button, textarea")]
      .filter((target) => target.offsetParent)
      .map((target) => [target.offsetWidth, target.offsetHeight])"""
    for _ in range(3):
        for width, height in page.evaluate(sizes):
            assert width >= 44
            assert height >= 44
        if page.locator("#satisfaction").is_visible():
            page.locator("label:has([name=satisfaction][value=good])").click()
        else:
            go_on(page)
