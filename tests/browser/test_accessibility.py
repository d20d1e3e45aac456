"""What one engine shows for all: the form on paper, without scripts, in forced colours. The rest is in `engines`."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Collector, Visit

Axe = Callable[[Page], list[str]]


def go_on(page: Page) -> None:
    page.locator("button[name=next]:visible").click()


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


def test_on_paper_the_question_and_what_was_answered_are_whole_and_dark_on_white(
    service: Collector, visit: Visit
) -> None:
    page = visit(service.form().replace(service.key, service.malfunction))
    page.locator("[name=kind]").first.check()
    page.get_by_label("Pouvez-vous nous en dire plus ?").fill("Page blanche")
    assert page.pdf().startswith(b"%PDF")
    # As wide as a sheet of paper between its margins, at 96 dots to the inch.
    page.set_viewport_size({"width": 718, "height": 1000})
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    inks = """[...document.querySelectorAll("h1, h2, p, label, legend, small, textarea, select")]
      .filter((part) => part.offsetParent)
      .map((part) => Math.max(...getComputedStyle(part).color.match(/\\d+/g).slice(0, 3)))"""
    assert max(page.evaluate(inks)) < 150
    expect(page.get_by_label("Je rencontre un problème technique")).to_be_checked()
    expect(page.get_by_label("Pouvez-vous nous en dire plus ?")).to_have_value("Page blanche")
