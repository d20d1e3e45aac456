"""Where a widget may find itself: in other trees and frames, in strict browsers, and moved about while it is used."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.conftest import Collector, Host, Visit
from tests.browser.test_widget import form, opened, rate
from tests.services import CHROMIUM_ARGUMENTS, chromium_executable

Snippet = Callable[..., str]

WIDGET = "document.querySelector('je-donne-mon-avis')"
MOVE = """how => {
  const widget = document.querySelector("je-donne-mon-avis");
  const { body } = document;
  if (how === "adoptNode") document.adoptNode(widget);
  if (how === "insertBefore") body.insertBefore(widget, body.firstChild);
  else body.append(widget);
}"""
IS_MODAL = f"{WIDGET}.shadowRoot.querySelector('dialog').matches(':modal')"


def rated(service: Collector, inside: FrameLocator) -> None:
    before = len(service.reviews())
    inside.locator("label:has([name=satisfaction][value=good])").click()
    assert service.last(after=before)["satisfaction"] == "good"


# ---- Other trees -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["open", "closed"])
def test_inside_the_shadow_root_of_another_component(
    service: Collector, host: Host, visit: Visit, snippet: Snippet, policy: str, mode: str
) -> None:
    page = visit(host.serve(snippet(), policy))
    page.evaluate(
        """mode => {
          const widget = document.querySelector("je-donne-mon-avis");
          const around = document.createElement("mairie-carte");
          widget.replaceWith(around);
          window.inner = around.attachShadow({ mode });
          inner.append(widget);
          window.heard = 0;
          addEventListener("avis:sent", () => { heard += 1; });
        }""",
        mode,
    )
    if mode == "open":
        opened(page)
    else:
        # Nothing but its own code sees into it: what a citizen presses is found by its place.
        page.locator("mairie-carte").click()
    frame = page.wait_for_function(
        "() => inner.querySelector('je-donne-mon-avis').shadowRoot.querySelector('iframe[src]')"
    ).as_element()
    assert frame
    inside = frame.content_frame()
    assert inside
    before = len(service.reviews())
    inside.locator("label:has([name=satisfaction][value=good])").click()
    service.last(after=before)
    page.wait_for_function("() => heard === 1")


def test_cloned_from_a_template_and_adopted_from_a_document_that_was_fetched(
    service: Collector, host: Host, visit: Visit, snippet: Snippet
) -> None:
    page = visit(host.serve(snippet()))
    for make in (
        "const t = document.createElement('template'); t.innerHTML = html; return t.content.cloneNode(true).firstChild",
        "return document.adoptNode(new DOMParser().parseFromString(html, 'text/html').body.firstChild)",
        "return document.importNode(new DOMParser().parseFromString(html, 'text/html').body.firstChild, true)",
        "return document.querySelector('je-donne-mon-avis').cloneNode(true)",
    ):
        page.evaluate(
            "make => {"
            " const before = document.querySelector('je-donne-mon-avis');"
            " before.replaceWith(new Function('html', make)(before.outerHTML)); }",
            make,
        )
        opened(page)
        rated(service, form(page))


def test_a_script_in_the_head_without_defer(
    service: Collector, host: Host, visit: Visit, snippet: Snippet, policy: str
) -> None:
    tag = f'<script src="{service.url}/widget/v1.js"></script>'
    body = snippet(head=tag).replace(tag.replace("></", " defer></"), "")
    assert body.count("<script") == 1
    page = visit(host.serve(body, policy))
    opened(page)
    rated(service, form(page))


# ---- Moved about -----------------------------------------------------------------------------------------------------


def test_taken_out_of_the_page_while_the_dialog_is_open_it_gives_the_page_back(
    host: Host, visit: Visit, snippet: Snippet, policy: str
) -> None:
    page = opened(visit(host.serve(snippet(), policy)))
    page.evaluate(f"{WIDGET}.remove()")
    page.get_by_role("link", name="Avant").click()
    assert page.evaluate("document.activeElement.id") == "before"


def test_an_element_around_it_may_be_emptied_hidden_and_shown_again(
    service: Collector, host: Host, visit: Visit, snippet: Snippet, policy: str
) -> None:
    page = opened(visit(host.serve(snippet(), policy)))
    rate(page)
    form(page).get_by_label("4", exact=True).check()
    page.evaluate("document.querySelector('main').hidden = true")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.evaluate("document.querySelector('main').hidden = false")
    # What was hidden with the page comes back with it: the dialog, and the draft in it.
    expect(form(page).get_by_label("4", exact=True)).to_be_checked()
    assert page.evaluate(IS_MODAL)
    page.get_by_role("button", name="Fermer").click()
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("how", ["append", "insertBefore", "adoptNode"])
def test_moved_to_another_parent_while_closed_it_opens_again(
    service: Collector, host: Host, visit: Visit, snippet: Snippet, policy: str, how: str
) -> None:
    page = opened(visit(host.serve(snippet(), policy)))
    page.get_by_role("button", name="Fermer").click()
    page.evaluate(MOVE, how)
    page.mouse.move(1, 1)
    opened(page)
    rated(service, form(page))


# ---- Frames ----------------------------------------------------------------------------------------------------------


def test_an_allowed_site_in_a_frame_of_another_allowed_site(
    service: Collector, host: Host, chromium: Browser, snippet: Snippet
) -> None:
    portal = host.origin.replace("localhost", "portail.localhost")
    add = ["procedure", "add", "--title", "Imbriquée", "--slug", "imbriquee", "--origin", host.origin]
    key = service.run(*add, "--origin", portal)["placements"][0]["key"]
    host.serve(snippet(key=key), path="/demarche")
    frame = f'<iframe src="{host.origin}/demarche" title="Démarche" width=800 height=600></iframe>'
    with chromium.new_context(locale="fr-FR") as context:
        page = context.new_page()
        page.goto(host.serve(f"<!doctype html><title>Portail</title>{frame}").replace(host.origin, portal))
        inner = page.frame_locator("iframe")
        inner.get_by_role("button", name="Je donne mon avis").click()
        inside = inner.locator("je-donne-mon-avis").frame_locator("iframe")
        rated(service, inside)
        page.keyboard.press("Escape")
        expect(inner.get_by_role("dialog")).to_be_hidden()


# ---- Browsers --------------------------------------------------------------------------------------------------------


# What a browser's settings say: nothing is kept for anybody; nothing for those whom a page frames.
SETTINGS: dict[str, dict[str, Any]] = {
    "blocked": {"default_content_setting_values": {"cookies": 2}},
    "third-party": {"cookie_controls_mode": 1, "block_third_party_cookies": True},
}
KEPT = """() => {
  const can = [];
  try { localStorage.setItem("a", 1); can.push("localStorage"); } catch {}
  try { document.cookie = "a=1; SameSite=None; Secure"; if (document.cookie) can.push("cookie"); } catch {}
  return can;
}"""


@contextmanager
def strict(chromium: Browser, folder: Path, settings: dict[str, Any]) -> Iterator[Page]:
    """A person's own profile, whose settings were changed before it was first opened."""
    (folder / "Default").mkdir(parents=True)
    (folder / "Default" / "Preferences").write_text(json.dumps({"profile": settings}))
    context = chromium.browser_type.launch_persistent_context(
        folder, executable_path=chromium_executable(), args=list(CHROMIUM_ARGUMENTS), locale="fr-FR"
    )
    yield context.pages[0]
    context.close()


@pytest.mark.parametrize("name", SETTINGS)
def test_in_a_browser_that_keeps_nothing(
    service: Collector, host: Host, chromium: Browser, snippet: Snippet, policy: str, tmp_path: Path, name: str
) -> None:
    with strict(chromium, tmp_path / "profile", SETTINGS[name]) as page:
        failed: list[str] = []
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.goto(host.serve(snippet(), policy))
        opened(page)
        rated(service, form(page))
        assert page.frames[1].evaluate(KEPT) == []
        assert failed == []
