"""Pages that are unkind to what they embed. Each is a file beside this one; what only HTTP can say is in `Unkind`.

The files carry `{{ snippet }}` where an owner pastes, and the name of a library where they load it. Their policy is the
strictest one that their libraries stand: what is their own scripts and styles says `nonce="host"`.
"""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from msgspec import Struct
from playwright.sync_api import Browser, Frame, Page, Route, expect
from typing_extensions import override

from tests.browser.conftest import Collector, Visit
from tests.browser.hosts.libraries import application, library

HERE = Path(__file__).parent
NAME = "je-donne-mon-avis"


STRICT = (
    "default-src 'none'; style-src 'nonce-host'; script-src 'nonce-host' {url}; frame-src 'self' {url}; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
MOUNTED = "() => 'mounted' in document.documentElement.dataset"


class Unkind(Struct, frozen=True):
    """What a page needs besides its file."""

    file: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    policy: str = STRICT
    jquery: str = ""
    # Runs in every frame, the form's too: what a browser's settings would do.
    everywhere: str = ""
    blocked: str = ""
    ready: str = "() => true"


NO_STORAGE = """
  for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
    Object.defineProperty(window, name, { get() { throw new DOMException("Blocked", "SecurityError"); } });
  }
"""

PAGES = {
    "plain": Unkind(),
    "universal-reset": Unkind(),
    "all-revert": Unkind(),
    "hidden-buttons": Unkind(),
    "overlays": Unkind(),
    "transforms": Unkind(),
    "overflow": Unkind(),
    "right-to-left": Unkind(),
    "small-root": Unkind(),
    "polluted-prototypes": Unkind(),
    "patched-globals": Unkind(),
    "patched-document": Unkind(),
    # Neither jQuery stands Trusted Types; the old one writes handlers into attributes as it starts.
    "old-jquery": Unkind(policy="", jquery="jquery-1/dist/jquery.js", ready=MOUNTED),
    "jquery": Unkind(file="old-jquery", policy="", jquery="jquery-3/dist/jquery.js", ready=MOUNTED),
    "no-storage": Unkind(everywhere=NO_STORAGE),
    "nested": Unkind(),
    "isolated": Unkind(
        headers=(("Cross-Origin-Embedder-Policy", "require-corp"), ("Cross-Origin-Opener-Policy", "same-origin")),
        ready="() => crossOriginIsolated",
    ),
    "ad-blocker": Unkind(blocked=r"feedback-button|feedback[-_.]|track|survey|analytics|beacon|popup|[/.]ads?[/.]|/t/"),
    "react": Unkind(ready=MOUNTED),
    "vue": Unkind(policy=STRICT.replace("trusted-types 'none'", "trusted-types vue"), ready=MOUNTED),
    "angular": Unkind(ready=MOUNTED),
}

# What the host's own parts look like: everything that does not follow from how much room the widget takes.
STYLES = f"""() => [...document.querySelectorAll("html, body, body *")]
  .filter((part) => !part.closest("{NAME}, script, template"))
  .map((part) => {{
    const style = getComputedStyle(part);
    const room = /^(width|height|(block|inline)-size|(perspective|transform)-origin|.*inset.*|top|right|bottom|left)$/;
    const names = [...style].filter((name) => !room.test(name));
    return [part.localName, ...names.map((name) => `${{name}}:${{style[name]}}`)];
  }})"""

PLACES = f"""() => [scrollX, scrollY, ...[...document.querySelectorAll("body, body *")]
  .filter((part) => !part.closest("{NAME} > *, script, template"))
  .map((part) => {{
    const {{ x, y, width, height }} = part.getBoundingClientRect();
    return [part.localName, x, y, width, height].join(" ");
  }})]"""

WATCH = """
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
"""

SIZES = f"""() => [...document.querySelector("{NAME}").shadowRoot.querySelectorAll("button, iframe")]
  .map((part) => [part.offsetWidth, part.offsetHeight])"""

FOCUSED = f"""() => {{
  const {{ shadowRoot }} = document.querySelector("{NAME}");
  return shadowRoot.activeElement === shadowRoot.querySelector("button");
}}"""


class Site(Struct, frozen=True):
    """The unkind site: its address, and what its owner pasted."""

    origin: str
    snippet: str


@pytest.fixture(scope="module")
def site(service: Collector) -> Iterator[Site]:
    made: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            name = address.path.removeprefix("/").removesuffix(".html")
            if name not in PAGES:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if PAGES[name].policy:
                self.send_header("Content-Security-Policy", PAGES[name].policy.format(url=service.url))
            for header in PAGES[name].headers:
                self.send_header(*header)
            self.end_headers()
            snippet = made[0].replace("<script ", '<script type="text/plain" ') if address.query else made[0]
            self.wfile.write(pasted(name, snippet).encode())

        @override
        def log_message(self, format: str, *args: Any) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    origin = f"http://localhost:{server.server_port}"
    added = service.run("procedure", "add", "--title", "Pages rudes", "--slug", "pages-rudes", "--origin", origin)
    made.append(added["placements"][0]["snippet"])
    yield Site(origin, made[0])
    server.shutdown()
    server.server_close()
    thread.join()


def pasted(name: str, snippet: str) -> str:
    """The page, with what an owner pasted and what the page loads in their places."""
    element, script = snippet.split("\n")
    given = re.search(r'key="(?P<code>.*?)".*href="(?P<address>.*?)">(?P<label>.*?)<', element)
    assert given
    parts = {
        "snippet": lambda: snippet,
        "element": lambda: element,
        "script": lambda: script,
        "state": lambda: json.dumps({"route": "fin", "widgets": [given.groupdict()]}),
        "react": lambda: application("react"),
        "vue": lambda: application("vue"),
        "jquery": lambda: library(PAGES[name].jquery),
        "zone.js/bundles/zone.umd.js": lambda: library("zone.js/bundles/zone.umd.js"),
    }
    text = (HERE / f"{PAGES[name].file or name}.html").read_text("utf-8")
    return re.sub(r"{{ (\S+) }}", lambda part: parts[part[1]](), text)


@pytest.fixture(scope="module")
def usual(chromium: Browser, site: Site) -> list[int]:
    """Width and height of the button on a page that does nothing to it."""
    with chromium.new_context(locale="fr-FR") as context:
        page = context.new_page()
        page.goto(f"{site.origin}/plain.html")
        sizes: list[list[int]] = page.evaluate(SIZES)
        return sizes[0]


def at(page: Page, site: Site, name: str) -> Frame:
    """Go there; the frame that holds the widget, once the page has done what it does on load and nothing moves."""
    unkind = PAGES[name]
    page.add_init_script(WATCH + unkind.everywhere)
    page.goto(f"{site.origin}/{name}.html")
    page.wait_for_function(unkind.ready)
    host = next(frame for frame in page.frames if frame.locator(NAME).count())
    expect(host.locator(NAME).get_by_role("button", name="Je donne mon avis")).to_be_visible()
    page.wait_for_timeout(150)
    host.evaluate("() => { window.shift = 0; }")
    return host


@pytest.mark.parametrize("name", PAGES)
def test_an_unkind_page_neither_breaks_the_widget_nor_is_changed_by_it(
    service: Collector, visit: Visit, site: Site, name: str, usual: list[int]
) -> None:
    before = len(service.reviews())
    page = visit("about:blank")
    blocked: list[str] = []

    def block(route: Route) -> None:
        blocked.append(route.request.url)
        route.abort()

    if PAGES[name].blocked:
        page.route(re.compile(PAGES[name].blocked), block)
    host = at(page, site, name)
    places = host.evaluate(PLACES)
    assert host.evaluate(SIZES)[0] == usual

    widget = host.locator(NAME)
    widget.get_by_role("button", name="Je donne mon avis").click()
    form = widget.frame_locator("iframe")
    expect(form.get_by_text("De façon générale")).to_be_visible()
    width, height = host.evaluate(SIZES)[-1]
    assert width >= 320
    assert height >= 320
    assert host.evaluate(PLACES) == places

    form.locator("label:has([name=satisfaction][value=good])").click()
    assert service.last(after=before)["satisfaction"] == "good"
    expect(form.get_by_role("heading", name="Qu'avez-vous pensé")).to_be_focused()

    page.keyboard.press("Escape")
    expect(widget.get_by_role("dialog")).to_be_hidden()
    host.wait_for_function(FOCUSED)
    assert host.evaluate(PLACES) == places
    assert host.evaluate("() => window.shift") == 0
    assert blocked == []

    styles = host.evaluate(STYLES)
    host.goto(f"{host.url.partition('#')[0]}?without=script")
    host.wait_for_function(PAGES[name].ready)
    expect(host.get_by_role("link", name="Je donne mon avis")).to_be_visible()
    assert host.evaluate(STYLES) == styles


def test_in_a_page_opened_from_a_disk_without_javascript_the_link_works(
    service: Collector, visit: Visit, site: Site, tmp_path: Path
) -> None:
    file = tmp_path / "file.html"
    file.write_text(pasted("plain", site.snippet), "utf-8")
    page = visit(file.as_uri(), scripts=False)
    page.get_by_role("link", name="Je donne mon avis").click()
    expect(page.get_by_text("De façon générale")).to_be_visible()
