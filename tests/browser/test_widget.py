"""The widget in somebody else's page, on another origin and under the strictest policy."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from embed.assets import RELEASED, integrity
from tests.browser.conftest import Collector, Host, Visit

Snippet = Callable[..., str]

WHERE = """() => {
  const widget = document.querySelector("je-donne-mon-avis");
  const inside = widget.shadowRoot.activeElement;
  return document.activeElement === widget && inside ? inside.localName : document.activeElement.id || "body";
}"""

HEARD = """() => {
  window.heard = [];
  for (const name of ["open", "step", "sent", "close", "error"]) {
    addEventListener(`avis:${name}`, ({ detail }) => heard.push([name, detail && detail.step]));
  }
}"""


def form(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def rate(page: Page, code: str = "good") -> None:
    form(page).locator(f"label:has([name=satisfaction][value={code}])").click()


def opened(page: Page) -> Page:
    page.get_by_role("button", name="Je donne mon avis").click()
    expect(form(page).get_by_text("De façon générale")).to_be_visible()
    return page


def hears(page: Page, expression: str, expected: object) -> None:
    """A browser tells of what happened a moment after it has: asked again for two seconds at most."""
    for _ in range(40):
        if page.evaluate(expression) == expected:
            return
        page.wait_for_timeout(50)
    assert page.evaluate(expression) == expected


def test_the_button_opens_the_form_and_one_click_rates(
    service: Collector, host: Host, visit: Visit, snippet: Snippet, policy: str
) -> None:
    before = len(service.reviews())
    page = visit(host.serve(snippet(), policy))
    page.evaluate(HEARD)
    opened(page)
    rate(page)
    assert service.last(after=before)["satisfaction"] == "good"
    expect(form(page).get_by_role("heading", name="Qu'avez-vous pensé")).to_be_focused()
    expect(form(page).get_by_role("status")).to_contain_text("enregistrée")
    hears(page, "heard", [["open", None], ["step", "comprehension"], ["sent", None]])
    assert service.reviews()[-1]["page"] == "/fin"


def test_without_javascript_the_link_stays_and_leads_to_the_form(
    service: Collector, host: Host, visit: Visit, snippet: Snippet, policy: str
) -> None:
    page = visit(host.serve(snippet(), policy), scripts=False)
    page.get_by_role("link", name="Je donne mon avis").click()
    expect(page.get_by_text("De façon générale")).to_be_visible()


def test_sixty_tabs_never_reach_the_host_in_either_direction(
    host: Host, visit: Visit, snippet: Snippet, policy: str
) -> None:
    page = visit(host.serve(snippet(), policy))
    opened(page)
    for key in ("Tab", "Shift+Tab"):
        seen = set()
        for _ in range(60):
            page.keyboard.press(key)
            where = page.evaluate(WHERE)
            if where == "body":
                # On its way into the frame's process the focus is nowhere for an instant.
                page.wait_for_timeout(100)
                where = page.evaluate(WHERE)
            seen.add(where)
        assert seen <= {"iframe", "button"}, f"{key} reached {seen}"
        assert seen == {"iframe", "button"}, f"{key} is stuck in {seen}"


def test_shift_tab_enters_the_form_at_its_end(host: Host, visit: Visit, snippet: Snippet, policy: str) -> None:
    page = visit(host.serve(snippet(), policy))
    opened(page)
    page.get_by_role("button", name="Fermer").focus()
    page.keyboard.press("Shift+Tab")
    expect(form(page).get_by_role("button", name="Continuer")).to_be_focused()


def test_escape_inside_the_form_closes_the_dialog_and_the_focus_returns(
    host: Host, visit: Visit, snippet: Snippet, policy: str
) -> None:
    page = visit(host.serve(snippet(), policy))
    page.evaluate(HEARD)
    button = page.get_by_role("button", name="Je donne mon avis")
    button.focus()
    page.keyboard.press("Enter")
    expect(form(page).get_by_text("De façon générale")).to_be_visible()
    form(page).locator("[value=bad]").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(button).to_be_focused()
    hears(page, "heard.at(-1)", ["close", None])


def test_closing_keeps_the_draft_while_the_page_lives(
    service: Collector, host: Host, visit: Visit, snippet: Snippet, policy: str
) -> None:
    page = opened(visit(host.serve(snippet(), policy)))
    rate(page)
    form(page).get_by_role("button", name="Continuer").click()
    form(page).get_by_role("button", name="Continuer").click()
    text = form(page).get_by_label("Souhaitez-vous nous en dire plus ?")
    text.fill("Je reviens dans un instant")
    page.get_by_role("button", name="Fermer").click()
    page.mouse.move(1, 1)
    page.get_by_role("button", name="Je donne mon avis").click()
    expect(text).to_have_value("Je reviens dans un instant")


def test_messages_from_anybody_else_are_ignored(host: Host, visit: Visit, snippet: Snippet, policy: str) -> None:
    page = opened(visit(host.serve(snippet(), policy)))
    page.evaluate("""() => {
      for (const data of [{ avis: "close" }, { avis: "size", height: 9 }, { avis: "sent" }, null, 1, "close", []])
        postMessage(data, "*");
    }""")
    page.wait_for_timeout(200)
    expect(page.get_by_role("dialog")).to_be_visible()
    # The frame hears its host, but only in the words that are agreed.
    page.evaluate("""() => {
      const { contentWindow } = document.querySelector("je-donne-mon-avis").shadowRoot.querySelector("iframe");
      const hello = (page) => ({ avis: "hello", page });
      for (const data of [null, 7, "hello", [], {}, { avis: {} }, hello({}), hello(null), hello("/a?b")])
        contentWindow.postMessage(data, "*");
    }""")
    rate(page)
    expect(form(page).get_by_role("heading", name="Qu'avez-vous pensé")).to_be_visible()


def test_an_origin_that_is_not_allowed_cannot_embed_the_form(service: Collector, host: Host, visit: Visit) -> None:
    answer = visit(service.form()).request.get(service.form(embed="1"))
    assert f"frame-ancestors 'self' {host.origin}" in answer.headers["content-security-policy"]
    alone = visit(service.form()).request.get(service.form())
    assert "frame-ancestors 'none'" in alone.headers["content-security-policy"]


def test_a_site_that_is_not_allowed_shows_a_link_to_the_full_form(
    service: Collector, host: Host, visit: Visit, snippet: Snippet, policy: str
) -> None:
    foreign = host.serve(snippet(), policy).replace("localhost", "127.0.0.1")
    page = visit(foreign)
    page.get_by_role("button", name="Je donne mon avis").click()
    with page.expect_popup() as popup:
        form(page).get_by_role("link", name="nouvel onglet").click()
    expect(popup.value.get_by_text("De façon générale")).to_be_visible()
    page.keyboard.press("Escape")
    page = visit(host.serve(snippet("mode=inline", frame=540), policy).replace("localhost", "127.0.0.1"))
    expect(form(page).get_by_role("link", name="nouvel onglet")).to_be_visible()


def test_two_widgets_and_the_script_twice_live_on_one_page(
    service: Collector, host: Host, visit: Visit, snippet: Snippet, policy: str
) -> None:
    second = snippet(key=service.malfunction).replace("Je donne mon avis", "Je signale un problème")
    page = visit(host.serve(snippet() + second, policy))
    page.get_by_role("button", name="Je signale un problème").click()
    expect(page.frame_locator("iframe").get_by_text("De quoi s'agit-il ?")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Je donne mon avis").click()
    expect(page.frame_locator("iframe").first.get_by_text("De façon générale")).to_be_visible()


def test_a_page_may_add_remove_and_move_a_widget_at_any_time(
    service: Collector, host: Host, visit: Visit, snippet: Snippet, policy: str
) -> None:
    page = visit(host.serve(snippet(), policy))
    page.evaluate(
        """key => {
          document.querySelector("je-donne-mon-avis").remove();
          const widget = document.createElement("je-donne-mon-avis");
          widget.setAttribute("key", key);
          document.body.append(widget);
          document.body.prepend(widget);
        }""",
        service.key,
    )
    opened(page)
    rate(page)
    expect(form(page).get_by_role("heading", name="Qu'avez-vous pensé")).to_be_visible()


def test_the_form_follows_the_hosts_theme(host: Host, visit: Visit, snippet: Snippet) -> None:
    ground = "getComputedStyle(document.documentElement).colorScheme"
    accent = "getComputedStyle(document.querySelector('h1')).color"
    for attributes, head, expected in (
        ("", "", "light"),
        ("theme=dark", "", "dark"),
        ("", "<style>:root { color-scheme: light dark }</style>", "dark"),
        ("", "<style>:root { color-scheme: dark }</style>", "dark"),
    ):
        page = opened(visit(host.serve(snippet(attributes, head=head)), color_scheme="dark"))
        assert page.frames[1].evaluate(ground) == expected, (attributes, head)
        light = page.frames[1].evaluate(accent) == "rgb(0, 0, 145)"
        assert light == (expected == "light"), (attributes, head)


def test_the_language_is_the_widgets_then_the_pages(host: Host, visit: Visit, snippet: Snippet, policy: str) -> None:
    page = visit(host.serve(snippet("lang=en"), policy))
    page.get_by_role("button", name="Je donne mon avis").click()
    expect(form(page).get_by_text("Overall, how did it go?")).to_be_visible()
    expect(page.get_by_role("button", name="Close")).to_be_visible()


@pytest.mark.parametrize("name", sorted(file.name for file in RELEASED.glob("v1.*.js")))
def test_a_page_that_pinned_an_older_script_keeps_working(
    service: Collector, host: Host, visit: Visit, snippet: Snippet, policy: str, name: str
) -> None:
    before = len(service.reviews())
    pin = f'"{service.url}/widget/{name}" integrity="{integrity((RELEASED / name).read_bytes())}" crossorigin'
    page = visit(host.serve(snippet().replace(f'"{service.url}/widget/v1.js"', pin), policy))
    opened(page)
    rate(page)
    service.last(after=before)
