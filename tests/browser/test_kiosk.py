"""A screen that everybody shares: the next person finds the form as if nobody had been there."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Collector, Visit


def begun(service: Collector, visit: Visit, **options: object) -> Page:
    page = visit("about:blank", **options)
    page.clock.install()
    page.goto(service.form(kiosk="1", lang="fr"))
    page.locator("label:has([name=satisfaction][value=good])").click()
    expect(page.get_by_role("heading", name="Qu'avez-vous pensé")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("enregistrée")
    return page


def at_the_start(page: Page) -> None:
    expect(page.get_by_text("De façon générale")).to_be_visible()
    expect(page.locator("[name=satisfaction]:checked")).to_have_count(0)
    expect(page.locator("[name=comprehension]").first).to_be_hidden()


def test_after_the_thanks_it_returns_to_the_start_and_leaves_no_history(service: Collector, visit: Visit) -> None:
    page = begun(service, visit)
    entries = page.evaluate("history.length")
    for _ in range(2):
        page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("heading", name="Merci !")).to_be_visible()
    page.clock.fast_forward(9_000)
    at_the_start(page)
    assert page.evaluate("history.length") == entries


def test_it_asks_whether_somebody_is_there_before_it_returns(service: Collector, visit: Visit) -> None:
    page = begun(service, visit)
    page.clock.fast_forward(46_000)
    expect(page.get_by_role("alert")).to_contain_text("toujours là")
    page.locator("h1").click()
    expect(page.get_by_role("alert")).to_be_empty()
    page.clock.fast_forward(46_000)
    expect(page.get_by_role("alert")).to_contain_text("toujours là")
    page.clock.fast_forward(16_000)
    at_the_start(page)


def test_without_javascript_the_thanks_return_by_themselves(service: Collector, visit: Visit) -> None:
    page = visit(service.form(kiosk="1", lang="fr"), scripts=False)
    assert 'content="180;url=/avis/' in page.content()
    page.locator("label:has([name=satisfaction][value=good])").click()
    for name in ("Continuer", "Continuer", "Continuer", "Envoyer"):
        page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", name="Merci !")).to_be_visible()
    expect(page.get_by_text("De façon générale")).to_be_visible(timeout=15_000)
    assert "kiosk=1" in page.url
