"""Applications in real React and real Vue that embed the widget, under the strictest policy.

Both have the same two screens and the same list of widgets (`apps/`), and `app.set()` to change them as their own logic
would. React mounts everything twice (`StrictMode`), and both are development builds, which complain aloud.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from tests.browser.conftest import Collector, Host, Visit
from tests.browser.hosts.libraries import application as bundle

NAME = "je-donne-mon-avis"
OPINION, PROBLEM, OTHER = "Je donne mon avis", "Je signale un problème", "Mon avis sur l'accueil"

# Vue makes a policy of its own as it starts; React needs none, and neither do we.
FRAMEWORKS = {"react": "'none'", "vue": "vue"}

Application = Callable[..., Page]


@pytest.fixture(params=FRAMEWORKS)
def framework(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def application(framework: str, service: Collector, host: Host, visit: Visit) -> Application:
    """The application in a citizen's browser; `hydrated` is when its server has sent it, ready to be read."""
    policy = (
        f"default-src 'none'; script-src 'nonce-host' {service.url}; style-src 'nonce-host'; frame-src {service.url}; "
        f"require-trusted-types-for 'script'; trusted-types {FRAMEWORKS[framework]}"
    )

    def go(*labels: str, hydrated: bool = False, **state: Any) -> Page:
        given = json.dumps({"route": "fin", "widgets": widgets(service, *(labels or (OPINION,))), **state})
        # A module runs after the loader: what the framework then finds are widgets, no longer plain elements.
        own = f'type="{"module" if hydrated else "text/javascript"}"'
        body = (
            f"<!doctype html><html lang=fr><title>{framework}</title>"
            # A button is as tall as the touch of a finger, and takes no more than its line: lists of them need room.
            "<style nonce=host>li { margin-block: 2em }</style>"
            f"<div id=app>{bundle(framework, given) if hydrated else ''}</div>"
            f"<script nonce=host>window.found = document.querySelector('{NAME}')</script>"
            f'<script id=state type="application/json">{given}</script>'
            f'<script src="{service.url}/widget/v1.js" defer></script>'
            f"<script nonce=host {own}>{bundle(framework)}</script>"
        )
        page = visit("about:blank")
        complaints: list[str] = []

        def heard(message: ConsoleMessage) -> None:
            if message.type in {"warning", "error"}:
                complaints.append(message.text)

        page.on("console", heard)
        page.goto(host.serve(body, policy))
        page.wait_for_function(f"() => window.app && document.querySelector('{NAME}').shadowRoot")
        assert complaints == []
        return page

    return go


def widgets(service: Collector, *labels: str) -> list[dict[str, str]]:
    keys = {PROBLEM: service.malfunction}
    return [
        {"code": key, "address": f"{service.url}/avis/{key}", "label": label}
        for label in labels
        for key in [keys.get(label, service.key)]
    ]


def change(page: Page, **state: Any) -> None:
    page.evaluate("state => app.set(state)", state)


def widget(page: Page, label: str = OPINION) -> Locator:
    return page.locator(NAME).filter(has_text=label)


def opened(page: Page, label: str = OPINION) -> Locator:
    """The widget whose form is there, in its dialog over the page."""
    found = widget(page, label)
    found.get_by_role("button", name=label).click()
    question = "De quoi s'agit-il" if label == PROBLEM else "De façon générale"
    expect(found.frame_locator("iframe").get_by_text(question)).to_be_visible()
    assert found.evaluate("({ shadowRoot }) => shadowRoot.querySelector('dialog').matches(':modal')")
    return found


def rated(service: Collector, found: Locator) -> None:
    before = len(service.reviews())
    found.frame_locator("iframe").locator("label:has([name=satisfaction][value=good])").click()
    assert service.last(after=before)["satisfaction"] == "good"


def closed(page: Page, found: Locator) -> None:
    found.get_by_role("button", name="Fermer").click()
    expect(found.get_by_role("dialog")).to_be_hidden()
    page.mouse.move(1, 1)


@pytest.mark.parametrize("hydrated", [False, True], ids=["rendered", "hydrated"])
def test_an_application_shows_the_widget_and_hears_that_an_opinion_was_given(
    service: Collector, application: Application, hydrated: bool
) -> None:
    page = application(hydrated=hydrated)
    rated(service, opened(page))
    page.wait_for_function("label => app.heard.join() === label", arg=OPINION)
    # What the server sent is the very element that works now, and its link is still in it.
    assert page.evaluate(f"() => window.found === document.querySelector('{NAME}')") == hydrated
    assert widget(page).locator("a").get_attribute("href") == service.form().removesuffix("?")


def test_mounting_leaving_and_mounting_again_gives_a_widget_that_works(
    service: Collector, application: Application
) -> None:
    page = application()
    for _ in range(3):
        page.evaluate("app.leave()")
        expect(page.locator(NAME)).to_have_count(0)
        page.evaluate("app.enter()")
    rated(service, opened(page))


def test_leaving_the_screen_while_the_dialog_is_open_gives_the_page_back(
    service: Collector, application: Application
) -> None:
    page = application()
    opened(page)
    change(page, route="accueil")
    expect(page.get_by_role("heading", name="Mes démarches")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    # Nothing is over the page and nothing keeps the focus: a click on the heading reaches it.
    page.get_by_role("heading").click()
    assert page.evaluate("document.activeElement.localName") == "body"
    change(page, route="fin")
    rated(service, opened(page))


def test_widgets_of_a_list_stay_themselves_when_it_is_sorted_and_filtered(
    service: Collector, application: Application
) -> None:
    page = application(OPINION, PROBLEM, OTHER)
    closed(page, opened(page, OPINION))
    for labels in ((OTHER, PROBLEM, OPINION), (PROBLEM, OTHER), (OPINION, OTHER, PROBLEM)):
        change(page, widgets=widgets(service, *labels))
        assert page.locator(NAME).all_text_contents() == list(labels)
    for label in (OPINION, PROBLEM, OTHER):
        closed(page, opened(page, label))
    rated(service, opened(page, OTHER))
    page.wait_for_function("label => app.heard.join() === label", arg=OTHER)


def test_a_theme_that_the_application_changes_reaches_the_open_form(
    service: Collector, application: Application
) -> None:
    page = application()
    opened(page)
    scheme = "() => document.documentElement.style.colorScheme"
    [own] = widgets(service, OPINION)
    for theme in ("dark", "light", "dark"):
        change(page, widgets=[{**own, "theme": theme}])
        page.frames[1].wait_for_function(f"theme => ({scheme})() === theme", arg=theme)
    rated(service, widget(page))


def test_a_language_set_before_the_form_is_asked_for_is_the_forms(service: Collector, application: Application) -> None:
    page = application()
    change(page, widgets=[{**widgets(service, OPINION)[0], "lang": "en"}])
    widget(page).get_by_role("button", name=OPINION).click()
    expect(widget(page).frame_locator("iframe").get_by_text("Overall, how did it go?")).to_be_visible()


@pytest.mark.parametrize("framework", ["vue"], indirect=True)
def test_a_screen_that_is_kept_alive_comes_back_with_a_widget_that_works(
    service: Collector, application: Application
) -> None:
    page = application(isKept=True)
    closed(page, opened(page))
    change(page, route="accueil")
    expect(page.locator(NAME)).to_have_count(0)
    change(page, route="fin")
    rated(service, opened(page))
