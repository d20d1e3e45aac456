"""Masking what was left over, as an owner does it: by clicking, by selecting, by writing, with the keyboard."""

from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.admin.conftest import Owner
from tests.browser.admin.test_accessibility import SMALL
from tests.browser.conftest import Collector

COMMENT = "Trois semaines d'attente, puis bidulotron zarbique m'a reçu au guichet 3.\nMerci bidulotron !"


@pytest.fixture
def left_over(owner: Owner, service: Collector) -> Callable[..., Page]:
    """The page on which a fresh review's words can be masked."""

    def visit(**options: object) -> Page:
        answers = {"satisfaction": "good", "verbatim": COMMENT}
        body = {"id": str(uuid4()), "key": service.key, "answers": answers, "page": "/fin"}
        assert httpx.post(f"{service.url}/api/v1/reviews", json=body).status_code == 201
        page = owner.open("/admin/demarches/passeport/avis", **options)
        page.get_by_role("link", name="Masquer un passage").first.click()
        expect(page.get_by_role("heading", name="Masquer un passage")).to_be_visible()
        return page

    return visit


def comment(page: Page) -> Locator:
    return page.get_by_role("group", name="Commentaire")


def ticked(page: Page) -> list[str]:
    found: list[str] = page.locator(".words input:checked + span").all_inner_texts()
    return found


def select(page: Page, first: str, last: str) -> None:
    """Draw the mouse over the text as with a marker."""
    start = comment(page).get_by_text(first, exact=True).first.bounding_box()
    end = comment(page).get_by_text(last, exact=True).first.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] - 2, end["y"] + end["height"] / 2, steps=5)
    page.mouse.up()


@pytest.mark.parametrize("scripts", [True, False])
def test_words_are_masked_by_clicking_on_them(left_over: Callable[..., Page], scripts: bool) -> None:
    page = left_over(scripts=scripts)
    comment(page).get_by_text("bidulotron", exact=True).first.click()
    comment(page).get_by_text("zarbique", exact=True).click()
    comment(page).get_by_text("guichet", exact=True).click()
    comment(page).get_by_text("guichet", exact=True).click()
    page.get_by_role("button", name="Masquer").click()
    expect(page.get_by_role("status")).to_contain_text("C'est masqué")
    expect(comment(page).locator(".said")).to_have_text(
        "Trois semaines d'attente, puis [nom] m'a reçu au guichet 3. Merci bidulotron !"
    )


def test_words_to_mask_read_as_the_text_they_are(left_over: Callable[..., Page]) -> None:
    page = left_over()
    first, second = (comment(page).get_by_text(word, exact=True).first.bounding_box() for word in ("Trois", "semaines"))
    assert first
    assert second
    assert first["y"] == second["y"]
    assert second["x"] - first["x"] - first["width"] < 10, "a space between them, no more"


def test_words_are_ticked_by_selecting_them(left_over: Callable[..., Page]) -> None:
    page = left_over()
    expect(page.get_by_text("Ou sélectionnez le passage.")).to_be_visible()
    select(page, "bidulotron", "reçu")
    assert ticked(page) == ["bidulotron", "zarbique", "m", "a", "reçu"]
    page.mouse.click(5, 5)
    assert len(ticked(page)) == 5, "what was ticked stays when the selection is gone"
    comment(page).get_by_text("reçu", exact=True).click()
    select(page, "m", "a")
    assert ticked(page) == ["bidulotron", "zarbique", "m", "a"], "selecting again takes nothing back"


def test_a_selection_that_shrinks_takes_its_words_back(left_over: Callable[..., Page]) -> None:
    page = left_over()
    start = comment(page).get_by_text("puis", exact=True).bounding_box()
    far = comment(page).get_by_text("guichet", exact=True).bounding_box()
    near = comment(page).get_by_text("bidulotron", exact=True).first.bounding_box()
    assert start
    assert far
    assert near
    page.mouse.move(start["x"] + 2, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(far["x"] + 5, far["y"] + 10, steps=4)
    page.wait_for_function("document.querySelectorAll('.words input:checked').length > 4")
    page.mouse.move(near["x"] + near["width"] - 2, near["y"] + 10, steps=4)
    page.mouse.up()
    page.wait_for_function("document.querySelectorAll('.words input:checked').length === 2")
    assert ticked(page) == ["puis", "bidulotron"]


def test_a_passage_is_written_and_its_errors_are_said(left_over: Callable[..., Page]) -> None:
    page = left_over()
    passage = page.get_by_label("Ou écrivez le passage à masquer")
    passage.fill("Machin")
    page.get_by_role("button", name="Masquer").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(passage).to_have_value("Machin")
    passage.fill("BIDULOTRON")
    page.get_by_label("De quoi s’agit-il ?").select_option("Identifiant")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("C'est masqué")
    expect(comment(page)).not_to_contain_text("bidulotron")
    expect(comment(page)).to_contain_text("Merci [identifiant] !")


def test_the_keyboard_ticks_words_with_a_focus_that_shows(left_over: Callable[..., Page]) -> None:
    page = left_over()
    page.get_by_role("checkbox", name="Trois").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert ticked(page) == ["semaines"]
    outline = "getComputedStyle(document.activeElement.nextElementSibling).outlineWidth"
    assert page.evaluate(outline) == "3px"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_without_violations(
    left_over: Callable[..., Page], axe: Callable[[Page], list[str]], scheme: str
) -> None:
    page = left_over(color_scheme=scheme)
    comment(page).get_by_text("zarbique", exact=True).click()
    assert axe(page) == []
    page.get_by_label("Ou écrivez").fill("Machin")
    page.get_by_role("button", name="Masquer").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert axe(page) == []


@pytest.mark.parametrize("width", [320, 1280])
def test_it_fits_a_narrow_screen(left_over: Callable[..., Page], width: int) -> None:
    page = left_over(width=width)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert page.evaluate(SMALL) == []


def test_in_forced_colours_a_ticked_word_still_shows(left_over: Callable[..., Page]) -> None:
    page = left_over(forced_colors="active")
    word = comment(page).get_by_text("zarbique", exact=True)
    before = word.evaluate("e => getComputedStyle(e).backgroundColor")
    word.click()
    assert word.evaluate("e => getComputedStyle(e).backgroundColor") != before
