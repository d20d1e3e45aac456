"""A problem that citizens reported, dealt with in a browser: by keyboard, without a script, on a phone."""

from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.admin.conftest import Owner
from tests.browser.admin.test_accessibility import SMALL
from tests.browser.conftest import Collector

Axe = Callable[[Page], list[str]]
TEXTS = ("Page blanche après le paiement", "page blanche au paiement", "La liste des communes ne s'affiche pas")


@pytest.fixture
def queue(owner: Owner, reviews: Collector) -> str:
    """The path of the queue of a procedure with two problems."""
    slug = f"panne-{uuid4().hex[:6]}"
    add = ("--title", "Demander une panne", "--organisation", "Mairie", "--ministry", "Intérieur")
    made = reviews.run("procedure", "add", "--slug", slug, "--form", "malfunction", *add)
    key = made["placements"][0]["key"]
    for text in TEXTS:
        answers = {"kind": "technical", "verbatim": text, "browser": "chrome"}
        body = {"id": str(uuid4()), "key": key, "answers": answers, "page": "/paiement"}
        assert httpx.post(f"{reviews.url}/api/v1/reviews", json=body).status_code == 201
    path = f"/admin/demarches/{slug}/signalements"
    page = owner.open(path)
    # Sorted within a second or two, apart from what citizens wait for.
    for _ in range(40):
        if page.locator("li.problem").count() == 2 and page.get_by_text("2 signalements").count():
            return path
        page.wait_for_timeout(250)
        page.reload()
    raise AssertionError("the reports were never sorted")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_problem_is_taken_on_where_it_stands_and_taken_back(owner: Owner, queue: str, scripts: bool) -> None:
    page = owner.open(queue, width=390, scripts=scripts)
    blank = page.locator("li.problem", has_text="Page blanche")
    blank.get_by_label("État").select_option("En cours")
    blank.get_by_label("Suivi par").select_option("Claude Martin (moi)")
    blank.get_by_role("button", name="Enregistrer").click()
    expect(blank).to_be_in_viewport()
    expect(blank.get_by_role("status")).to_contain_text("en cours, suivi par Claude Martin")
    blank.get_by_role("button", name="Annuler ce changement").click()
    expect(blank.get_by_role("status")).to_contain_text("nouveau, suivi par personne")
    expect(blank.get_by_label("État")).to_have_value("new")


def test_what_leaves_the_list_can_still_be_taken_back(owner: Owner, queue: str) -> None:
    page = owner.open(f"{queue}?etat=new")
    page.locator("li.problem", has_text="communes").get_by_label("État").select_option("Corrigé")
    page.locator("li.problem", has_text="communes").get_by_role("button", name="Enregistrer").press("Enter")
    expect(page.locator("li.problem")).to_have_count(1)
    page.get_by_role("button", name="Annuler ce changement").click()
    expect(page.locator("li.problem")).to_have_count(2)


def test_two_colleagues_meet_and_nothing_is_lost(owner: Owner, queue: str) -> None:
    first, second = owner.open(queue), owner.open(queue)
    for page, status in ((first, "Corrigé"), (second, "Sans suite")):
        blank = page.locator("li.problem", has_text="Page blanche")
        blank.get_by_label("État").select_option(status)
        blank.get_by_role("button", name="Enregistrer").click()
    expect(second.get_by_role("alert")).to_be_focused()
    expect(second.get_by_role("alert")).to_contain_text("Claude Martin a changé ce problème entre-temps")
    expect(second.get_by_label("État")).to_have_value("wont_fix")
    second.get_by_role("button", name="Enregistrer").click()
    expect(second.get_by_role("status")).to_contain_text("sans suite")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_queue_and_problem_are_without_violations(owner: Owner, queue: str, axe: Axe, scheme: str, width: int) -> None:
    page = owner.open(queue, color_scheme=scheme, width=width)
    for _ in range(2):
        assert axe(page) == []
        assert page.evaluate(SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("li.problem h2 a, #problem-title").first.click()
    expect(page.locator("blockquote").first).to_be_visible()


@pytest.mark.parametrize(
    ("scripts", "scheme", "width"), [(True, "light", 1280), (False, "light", 390), (True, "dark", 320)]
)
def test_what_sorting_got_wrong_is_put_right_and_taken_back(
    owner: Owner, queue: str, axe: Axe, scripts: bool, scheme: str, width: int
) -> None:
    def sound() -> None:
        if scripts:
            assert axe(page) == []
            assert page.evaluate(SMALL) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width

    page = owner.open(queue, scripts=scripts, color_scheme=scheme, width=width)
    page.locator("li.problem", has_text="Page blanche").locator("h2 a").click()
    page.get_by_label("À déplacer").first.check()
    page.get_by_role("button", name="Déplacer").click()
    expect(page.get_by_role("status")).to_contain_text("sont déplacés")
    sound()
    page.get_by_role("button", name="Annuler ce déplacement").click()
    expect(page.get_by_role("heading", name="2 signalements")).to_be_visible()
    page.get_by_text("Réunir ce problème à un autre").click()
    page.get_by_label("Le problème qui reste").select_option("« La liste des communes ne s'affiche pas »")
    page.get_by_role("button", name="Réunir").click()
    expect(page.get_by_role("heading", name="3 signalements")).to_be_visible()
    sound()
    page.get_by_role("button", name="Séparer").click()
    expect(page.get_by_role("heading", name="2 signalements")).to_be_visible()
