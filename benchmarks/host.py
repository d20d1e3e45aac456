"""Somebody else's site, and a browser that visits it on a slow machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep

from playwright.sync_api import Browser, CDPSession, Page, Playwright, Route
from typing_extensions import override

from tests.services import CHROMIUM_ARGUMENTS, chromium_executable

SLOWER = 4
"""How much slower than this machine the visitor's is."""
SIZES = {"desktop": (1000, 700), "phone": (390, 780)}

_HEAD = (
    '<!doctype html><html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="description" content="Fin de la démarche"><link rel="icon" href="data:,">'
    "<title>Demande envoyée</title>"
    "<main><h1>Demande envoyée</h1><p>Vous recevrez une réponse sous cinq jours.</p>"
)
_FOOT = "<p>Gardez ce numéro : 2026-0417.</p>" * 12 + "</main>"


def page(pasted: str = "") -> str:
    """The last page of a procedure, with text above and below what its owner pastes."""
    return _HEAD + pasted + _FOOT


@contextmanager
def site() -> Iterator[tuple[str, dict[str, str]]]:
    """Its origin, and its pages by their path."""
    pages: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        # Another origin than the collector's 127.0.0.1, and another site for the browser.
        yield f"http://localhost:{server.server_port}", pages
    finally:
        server.shutdown()
        server.server_close()


def chromium(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=chromium_executable(), args=list(CHROMIUM_ARGUMENTS))


def visit(
    browser: Browser, url: str, *, size: str = "desktop", watch: str = "", is_late: bool = False
) -> tuple[Page, CDPSession]:
    """A page at rest on a slow machine. `watch` runs before any other script, in frames too.

    With `is_late` our script comes after the first paint, as on a slow network: what it moves is seen then.
    """
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="fr-FR")
    context.add_init_script(watch or "0")
    page = context.new_page()
    if is_late:
        page.route("**/widget/*.js", _hold)
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    session.send("Performance.enable")
    page.goto(url)
    page.wait_for_load_state("networkidle")
    return page, session


def _hold(route: Route) -> None:
    sleep(0.5)
    route.continue_()
