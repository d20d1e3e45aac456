"""Reviews are read by the keyboard, and no letter is a shortcut anywhere but in the list."""

from collections.abc import Callable
from uuid import uuid4

import httpx
from playwright.sync_api import Page, expect

from tests.browser.admin.conftest import Owner
from tests.browser.conftest import Collector

AVIS = "/admin/demarches/passeport/avis"
HERE = "document.activeElement.closest('.review')?.id ?? document.activeElement.id"


def spots(page: Page) -> list[str]:
    return [str(one.get_attribute("id")) for one in page.locator(".review").all()]


def test_j_and_k_move_the_focus_from_review_to_review_and_say_where_the_list_ends(owner: Owner) -> None:
    page = owner.open(f"{AVIS}?satisfaction=bad")
    first, second, *_, last = spots(page)
    page.get_by_role("button", name="Lire au clavier").click()
    assert page.evaluate(HERE) == first
    page.keyboard.press("j")
    assert page.evaluate(HERE) == second
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert page.evaluate(HERE) == first
    expect(page.locator("[data-keys-said]")).to_have_text("Premier avis de cette page.")
    for _ in range(10):
        page.keyboard.press("j")
    assert page.evaluate(HERE) == last
    expect(page.locator("[data-keys-said]")).to_have_text("Dernier avis de la liste.")
    expect(page.locator("article:focus")).to_be_in_viewport()


def test_the_focus_has_a_name_that_says_which_review_this_is(owner: Owner) -> None:
    page = owner.open(f"{AVIS}?satisfaction=bad")
    page.get_by_role("button", name="Lire au clavier").click()
    when = page.locator(".review time").first.inner_text()
    expect(page.locator("article:focus")).to_have_accessible_name(f"Pas bien {when}")


def test_o_and_enter_open_what_can_be_done_and_escape_leads_back(owner: Owner) -> None:
    page = owner.open(AVIS)
    for key in ("o", "Enter"):
        page.get_by_role("button", name="Lire au clavier").click()
        page.keyboard.press(key)
        field = page.locator(".review").first.get_by_label("Nouvelle étiquette")
        expect(field).to_be_visible()
        field.fill("")
        page.keyboard.type("joker")
        expect(field).to_have_value("joker")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.tagName") == "ARTICLE"


def test_letters_are_letters_outside_of_the_list_and_in_fields(owner: Owner) -> None:
    page = owner.open(AVIS)
    page.locator("main").focus()
    for key in ("j", "?", "/", "o"):
        page.keyboard.press(key)
    assert page.evaluate(HERE) == "contenu"
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Lire au clavier").click()
    page.keyboard.press("Control+k")
    page.keyboard.press("/")
    page.keyboard.type("jk?")
    expect(page.locator("#q")).to_have_value("jk?")


def test_the_list_of_keys_is_shown_and_the_focus_returns(owner: Owner, axe: Callable[[Page], list[str]]) -> None:
    page = owner.open(AVIS)
    page.get_by_role("button", name="Lire au clavier").click()
    page.keyboard.press("j")
    at = page.evaluate(HERE)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Les touches, dans la liste")).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate(HERE) == at


def test_after_the_last_review_of_a_page_comes_the_next_page(owner: Owner, service: Collector) -> None:
    for n in range(53):
        answers = {"satisfaction": "medium", "comprehension": 1, "verbatim": f"Trop de papiers, page {n}"}
        body = {"id": str(uuid4()), "key": service.key, "answers": answers}
        assert httpx.post(f"{service.url}/api/v1/reviews", json=body).status_code == 201
    page = owner.open(f"{AVIS}?clarity=1")
    page.locator(".review article").last.focus()
    page.keyboard.press("j")
    expect(page.locator(".review")).to_have_count(3)
    assert page.evaluate(HERE) == spots(page)[0]
    assert "clarity=1" in page.url


def test_without_javascript_nothing_is_promised(owner: Owner) -> None:
    page = owner.open(AVIS, scripts=False)
    expect(page.locator(".review").first).to_be_visible()
    expect(page.get_by_text("Lire au clavier")).to_be_hidden()
