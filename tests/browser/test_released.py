"""Scripts and forms of different releases together: neither side may need the other to be new.

`widget/released` holds each script that pages have pinned; `released/` beside this file, under the same name, the form
page that the collector of that release answered with, headers and all, for `https://hote.exemple`.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect
from typing_extensions import override

from embed.assets import RELEASED, built, integrity
from tests.browser.conftest import Collector, Host, Visit
from tests.browser.test_widget import HEARD, form, hears, opened, rate

Snippet = Callable[..., str]
FORMS = Path(__file__).with_name("released")
NAMES = sorted(file.stem for file in RELEASED.glob("v1.*.js"))


def test_each_released_script_has_the_form_of_its_release_beside_it() -> None:
    assert sorted(file.stem for file in FORMS.iterdir()) == NAMES, "make release-scripts keeps both"


@contextmanager
def old_collector(name: str, service: Collector, host: Host) -> Iterator[str]:
    """Today's script with the form page of an older release; its answers go to the collector that has run since."""
    head, _, page = (FORMS / f"{name}.http").read_text("utf-8").partition("\n\n")
    headers = [line.partition(": ")[::2] for line in head.replace("https://hote.exemple", host.origin).splitlines()]
    body = page.replace("https://hote.exemple", host.origin).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_form = urlsplit(self.path).path == f"/avis/{service.key}"
            self.send_response(200 if is_form or self.path == "/widget/v1.js" else 404)
            for header in headers if is_form else [("Content-Type", "text/javascript")]:
                self.send_header(*header)
            self.end_headers()
            self.wfile.write(body if is_form else built().loader)

        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["Content-Length"]))
            sent = {"Content-Type": self.headers["Content-Type"], "Origin": service.url}
            answer = httpx.post(f"{service.url}{self.path}", content=said, headers=sent)
            self.send_response(answer.status_code)
            self.end_headers()
            self.wfile.write(answer.content)

        @override
        def log_message(self, format: str, *args: Any) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(params=[*(f"{name} script" for name in NAMES), *(f"{name} form" for name in NAMES)])
def mixed(
    request: pytest.FixtureRequest, service: Collector, host: Host, snippet: Snippet, policy: str
) -> Iterator[Callable[..., str]]:
    """The address of a host page, by the attributes of its widget, where one side is old and the other is today's."""
    name, side = request.param.split()
    if side == "form":
        with old_collector(name, service, host) as url:
            yield lambda *given, **more: host.serve(
                snippet(*given, **more).replace(service.url, url), policy.replace(service.url, url)
            )
    else:
        pin = f'v1.js" integrity="{integrity((RELEASED / f"{name}.js").read_bytes())}" crossorigin'.replace("v1", name)
        yield lambda *given, **more: host.serve(snippet(*given, **more).replace('v1.js"', pin), policy)


def height(page: Page) -> int:
    found: int = page.locator("iframe").evaluate("(frame) => frame.offsetHeight")
    return found


def test_the_dialog_opens_sends_keeps_the_draft_and_closes(
    service: Collector, visit: Visit, mixed: Callable[..., str]
) -> None:
    before = len(service.reviews())
    page = visit(mixed())
    page.evaluate(HEARD)
    opened(page)
    rate(page)
    stored = service.last(after=before)
    assert (stored["satisfaction"], stored["page"], stored["lang"]) == ("good", "/fin", "fr")
    expect(form(page).get_by_role("heading", name="Qu'avez-vous pensé")).to_be_focused()
    form(page).get_by_label("4", exact=True).check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Je donne mon avis")).to_be_focused()
    hears(page, "heard.map(([name]) => name).sort().join()", "close,open,sent,step")
    page.get_by_role("button", name="Je donne mon avis").click()
    expect(form(page).get_by_label("4", exact=True)).to_be_checked()
    page.get_by_role("button", name="Fermer").click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_in_the_page_the_frame_grows_with_the_form(service: Collector, visit: Visit, mixed: Callable[..., str]) -> None:
    before = len(service.reviews())
    page = visit(mixed("mode=inline", frame=300))
    rate(page)
    service.last(after=before)
    first = height(page)
    form(page).get_by_role("button", name="Continuer").click()
    form(page).get_by_label("Par téléphone avec l'administration").check()
    page.wait_for_function(f"() => document.querySelector('iframe').offsetHeight > {first}")
    assert page.frames[1].evaluate("document.documentElement.scrollHeight <= innerHeight")
