"""Messages between the page and the frame, from anybody and with anything in them.

`messages.js` makes them, thousands for each case and the same ones for the same seed. Beyond what the protocol is for,
they may change nothing, and after them the form must still take an opinion.
"""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Frame, Page, expect

from tests.browser.conftest import Collector, Host, Visit
from tests.browser.test_widget import form, opened, rate

Snippet = Callable[..., str]

MESSAGES = Path(__file__).with_name("messages.js").read_text("utf-8").replace("export ", "")
SEED, COUNT = 20261122, 6000

# In the window that is spoken to: what was heard, and what was thrown meanwhile.
LISTEN = """() => {
  window.heard = 0;
  window.thrown = [];
  window.events = [];
  addEventListener("message", () => { heard += 1; });
  addEventListener("error", ({ message }) => thrown.push([message, heard]));
  for (const name of ["open", "step", "sent", "close", "error"]) {
    addEventListener(`avis:${name}`, () => events.push(name));
  }
}"""
SPEAK = f"""([target, seed, count]) => {{
  {MESSAGES}
  const made = messages(seed, count);
  for (const message of made) target.postMessage(message, "*");
  return made.length;
}}"""
# Everything that a message could change on a page, and what it may: how high its frame is, whether its dialog is open.
FRAME = "document.querySelector('je-donne-mon-avis').shadowRoot.querySelector('iframe').contentWindow"
HOST = """() => [location.href, document.title, history.length, document.documentElement.outerHTML, ({}).key ?? ""]"""
WIDGET = """() => document.querySelector("je-donne-mon-avis").shadowRoot.innerHTML"""


def send(speaker: Frame, listener: Frame, target: str) -> None:
    """Send everything to the window that `target` names in the speaker's; nothing may be thrown there."""
    listener.evaluate(LISTEN)
    window = speaker.evaluate_handle(target)
    sent = speaker.evaluate(SPEAK, [window, SEED, COUNT])
    listener.wait_for_function("count => heard >= count", arg=sent)
    assert listener.evaluate("thrown") == []


def shown(page: Page) -> Frame:
    """The form's frame, once the form is there."""
    expect(form(page).locator("h1")).to_be_visible()
    return page.frames[1]


def test_whatever_its_own_frame_says_the_page_only_sizes_it_and_closes_its_dialog(
    service: Collector, host: Host, visit: Visit, snippet: Snippet, policy: str
) -> None:
    page = opened(visit(host.serve(snippet(), policy)))
    before = page.evaluate(HOST)
    send(shown(page), page.main_frame, "parent")
    assert page.evaluate(HOST) == before
    parts = "[...document.querySelector('je-donne-mon-avis').shadowRoot.querySelectorAll('*')]"
    names = page.evaluate(f"{parts}.map(({{ localName }}) => localName)")
    assert names == ["button", "dialog", "i", "button", "iframe", "i"]
    opened(page)
    room = page.locator("iframe").bounding_box()
    assert room
    assert room["height"] <= 700
    stored = len(service.reviews())
    rate(page)
    assert service.last(after=stored)["satisfaction"] == "good"


def test_in_the_page_whatever_its_own_frame_says_it_takes_room_and_nothing_else(
    service: Collector, host: Host, visit: Visit, snippet: Snippet, policy: str
) -> None:
    page = visit(host.serve(snippet("mode=inline", frame=540), policy))
    frame = shown(page)
    before = page.evaluate(HOST)
    # Only while the citizen is in it does it grow at all.
    form(page).locator("[value=good]").focus()
    send(frame, page.main_frame, "parent")
    room = page.locator("iframe").bounding_box()
    assert room
    assert room["height"] >= 540
    assert room["height"] <= 10_000
    assert set(page.evaluate("[...document.querySelector('iframe').style]")) <= {"height"}
    page.evaluate("document.querySelector('iframe').removeAttribute('style')")
    assert page.evaluate(HOST) == before
    stored = len(service.reviews())
    rate(page)
    assert service.last(after=stored)["satisfaction"] == "good"


def test_the_page_hears_no_other_window_not_even_one_of_the_collectors(
    service: Collector, host: Host, visit: Visit, snippet: Snippet
) -> None:
    host.serve("<!doctype html><title>Autre</title>", path="/autre")
    others = f'<iframe src="{service.form(embed="1")}" title=A></iframe><iframe src="/autre" title=B></iframe>'
    page = visit(host.serve(snippet() + others))
    page.get_by_role("button", name="Je donne mon avis").click()
    expect(page.locator("je-donne-mon-avis").frame_locator("iframe").get_by_text("De façon générale")).to_be_visible()
    before = page.evaluate(HOST), page.evaluate(WIDGET)
    others_there = [frame for frame in page.frames if "theme=" not in frame.url]
    assert {urlsplit(frame.url).path for frame in others_there} == {"/fin", "/autre", f"/avis/{service.key}"}
    for frame in others_there:
        send(frame, page.main_frame, "parent")
    assert (page.evaluate(HOST), page.evaluate(WIDGET)) == before
    assert page.evaluate("events") == []


def test_its_own_frame_is_no_longer_heard_once_it_shows_another_site(
    service: Collector, host: Host, visit: Visit, snippet: Snippet
) -> None:
    host.serve("<!doctype html><title>Autre</title>", path="/autre")
    page = opened(visit(host.serve(snippet())))
    with page.expect_event("framenavigated"):
        page.evaluate("document.querySelector('je-donne-mon-avis').shadowRoot.querySelector('iframe').src = '/autre'")
    frame = page.frames[1]
    assert frame.url == f"{host.origin}/autre"
    before = page.evaluate(HOST), page.evaluate(WIDGET)
    send(frame, page.main_frame, "parent")
    assert (page.evaluate(HOST), page.evaluate(WIDGET)) == before
    assert page.evaluate("events") == []


def test_whatever_an_allowed_site_says_the_form_only_takes_a_path_and_a_theme(
    service: Collector, host: Host, visit: Visit, snippet: Snippet, policy: str
) -> None:
    page = opened(visit(host.serve(snippet(), policy)))
    frame = shown(page)
    before = frame.evaluate("() => [location.href, document.title, document.body.outerHTML]")
    send(page.main_frame, frame, FRAME)
    assert frame.evaluate("() => [location.href, document.title, document.body.outerHTML]") == before
    assert frame.evaluate("() => [...document.documentElement.style].join()") in {"", "color-scheme"}
    stored = len(service.reviews())
    rate(page)
    assert not {"?", "#"} & set(service.last(after=stored).get("page", ""))


def test_a_malfunction_report_shows_and_sends_a_path_and_nothing_after_it(
    service: Collector, host: Host, visit: Visit, snippet: Snippet, policy: str
) -> None:
    page = visit(host.serve(snippet(key=service.malfunction), policy))
    page.get_by_role("button", name="Je donne mon avis").click()
    frame = shown(page)
    send(page.main_frame, frame, FRAME)
    path = form(page).locator(".w").inner_text()
    assert path.startswith("/")
    assert not {"?", "#"} & set(path)
    page.evaluate(
        """([window]) => window.postMessage({ avis: "hello", page: "/etape-2" }, "*")""", [page.evaluate_handle(FRAME)]
    )
    expect(form(page).locator(".w")).to_have_text("/etape-2")
    stored = len(service.reviews())
    form(page).get_by_label("Je rencontre un problème technique").check()
    form(page).get_by_label("Pouvez-vous nous en dire plus").fill("Le bouton ne répond pas.")
    form(page).locator("button[name=next]:visible").click()
    assert service.last(after=stored)["page"] == "/etape-2"


def test_the_form_hears_no_window_but_the_one_around_it(service: Collector, host: Host, visit: Visit) -> None:
    host.serve("<!doctype html><title>Autre</title>", path="/autre")
    foreign = host.origin.replace("localhost", "127.0.0.1")
    frame = service.form(embed="1", page="/fin").replace(service.key, service.malfunction)
    frames = [frame, f"{host.origin}/autre", f"{foreign}/autre"]
    body = "".join(f'<iframe src="{source}" title="{place}"></iframe>' for place, source in enumerate(frames))
    page = visit(host.serve(f"<!doctype html><html lang=fr><title>Hôte</title>{body}"))
    expect(page.frame_locator("iframe").first.locator("h1")).to_be_visible()
    listener, *others = page.frames[1:]
    whole = "() => document.documentElement.outerHTML"
    before = listener.evaluate(whole)
    for other in others:
        send(other, listener, "parent.frames[0]")
    assert listener.evaluate(whole) == before
