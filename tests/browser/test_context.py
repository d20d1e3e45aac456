"""Where in the journey an opinion was given: the owner's words, seen by the citizen, stored with the review."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import Collector, Host, Visit

Snippet = Callable[..., str]
LABEL = "Dépôt du dossier (1/2)"


@pytest.fixture(scope="module")
def key(service: Collector, host: Host) -> str:
    add = ("procedure", "add", "--title", "Bourse", "--slug", "bourse", "--context", LABEL, "--origin", host.origin)
    made: str = service.run(*add)["placements"][0]["key"]
    return made


def rate(form: Page | FrameLocator, code: str) -> None:
    form.locator(f"label:has([value={code}])").click()


def test_the_page_passes_it_and_the_citizen_sees_it(
    service: Collector, host: Host, visit: Visit, snippet: Snippet, key: str
) -> None:
    page = visit(host.serve(snippet(f'context="{LABEL}"', key=key)))
    page.get_by_role("button", name="Je donne mon avis").click()
    form = page.frame_locator("iframe")
    expect(form.get_by_text(LABEL, exact=True)).to_be_visible()
    rate(form, "good")
    service.until(satisfaction="good", context=LABEL)


def test_what_the_owner_did_not_allow_is_neither_shown_nor_stored(service: Collector, visit: Visit, key: str) -> None:
    before = len(service.reviews())
    page = visit(f"{service.url}/avis/{key}?context=Karim Benali")
    expect(page.get_by_text("De façon générale")).to_be_visible()
    expect(page.get_by_text("Karim Benali")).to_have_count(0)
    rate(page, "medium")
    assert "context" not in service.last(after=before)


def test_without_javascript_it_goes_from_step_to_step(service: Collector, visit: Visit, key: str) -> None:
    page = visit(f"{service.url}/avis/{key}?context={LABEL}", scripts=False)
    page.locator("[value=bad]").check()
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text(LABEL, exact=True)).to_be_visible()
    service.until(satisfaction="bad", context=LABEL)
    page.get_by_label("2", exact=True).check()
    page.get_by_role("button", name="Continuer").click()
    service.until(satisfaction="bad", comprehension=2, context=LABEL)
