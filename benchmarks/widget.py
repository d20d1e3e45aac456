"""What the widget costs the page that embeds it, on the built files, in Chromium with a processor four times slower.

Bytes are what a browser receives at brotli 11; timings are medians of several visits.
"""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, Request, sync_playwright
from typing_extensions import override

from benchmarks.figures import at_most, show
from tests.services import CHROMIUM_ARGUMENTS, chromium_executable
from tests.serving import serving

VISITS = 9
SLOWER = 4
_HEAD = "<!doctype html><html lang=fr><meta charset=utf-8><title>Hôte</title><main><h1>Demande envoyée</h1>"
_FOOT = "<p>Gardez ce numéro.</p></main>"
# Layout shift and slow interactions, from the first byte on.
_WATCH = """
    window.shift = 0; window.slowest = 0;
    const watch = (what, note) => new PerformanceObserver(list => list.getEntries().forEach(note)).observe(what);
    watch({type: "layout-shift", buffered: true}, each => { window.shift += each.value });
    watch({type: "event", durationThreshold: 16, buffered: true},
        each => { window.slowest = Math.max(window.slowest, each.duration) });
    addEventListener("message", ({data}) => { if (data && data.avis === "ready") window.ready = true });
"""
# From the click to the moment the form says that it is ready to be used.
_CLICK_TO_FORM = """() => new Promise(done => {
    const button = document.querySelector("je-donne-mon-avis").shadowRoot.querySelector("button");
    const began = performance.now();
    button.click();
    const seen = () => document.querySelector("je-donne-mon-avis").shadowRoot.querySelector("dialog").open
        && window.ready ? done(performance.now() - began) : requestAnimationFrame(seen);
    seen();
})"""


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="avis-bench-") as folder,
        _host() as (origin, pages),
        serving({"AVIS_DATA": folder}, Path(folder) / "log") as service,
        sync_playwright() as playwright,
    ):
        made = service.run("procedure", "add", "--title", "Passeport", "--slug", "passeport", "--origin", origin)
        placement = made["placements"][0]
        pages["/bare"] = _HEAD + _FOOT
        pages["/dialog"] = _HEAD + placement["snippet"] + _FOOT
        _bytes(service.url, placement["key"])
        browser = playwright.chromium.launch(executable_path=chromium_executable(), args=list(CHROMIUM_ARGUMENTS))
        _visits(browser, origin)
        browser.close()


def _bytes(url: str, key: str) -> None:
    loader = _brotli(httpx.get(f"{url}/widget/v1.js").content)
    form = _brotli(httpx.get(f"{url}/avis/{key}?embed=1&lang=fr").content)
    show(at_most("widget.loader", loader, "bytes (brotli 11)", 1300))
    show(at_most("widget.to-a-usable-form", loader + form, "bytes (brotli 11)", 5000))


def _brotli(body: bytes) -> int:
    """Node ships the reference encoder, and whoever built the widget has Node."""
    script = "process.stdout.write(require('zlib').brotliCompressSync(require('fs').readFileSync(0)))"
    node = Path(sys.prefix) / "node-bin" / "node"
    return len(subprocess.run([node, "-e", script], input=body, check=True, capture_output=True).stdout)


def _visits(browser: Browser, origin: str) -> None:
    scripts, shifts, paints, forms, requests = [], [], [], [], 0
    for _ in range(VISITS):
        page, bare = _open(browser, f"{origin}/bare")
        page.context.close()
        page, ours = _open(browser, f"{origin}/dialog")
        scripts.append(1000 * (ours - bare))
        button = page.get_by_role("button", name="Je donne mon avis")
        button.hover()
        page.wait_for_timeout(600)
        button.click()
        page.frame_locator("iframe").locator("label").first.wait_for()
        page.wait_for_timeout(300)
        shifts.append(page.evaluate("window.shift"))
        paints.append(page.evaluate("window.slowest"))
        page.context.close()
        page, _ = _open(browser, f"{origin}/dialog")
        seen = _asked(page)
        page.get_by_role("button", name="Je donne mon avis").hover()
        page.wait_for_timeout(600)
        forms.append(page.evaluate(_CLICK_TO_FORM))
        requests = len(seen)
        page.context.close()
    show(at_most("widget.script-at-load", median(scripts), f"ms, {SLOWER}x slower", 12))
    show(at_most("widget.layout-shift", max(shifts), "CLS, loading and opening", 0))
    show(at_most("widget.open-to-next-paint", median(paints), f"ms, {SLOWER}x slower (8 ms steps)", 40))
    show(at_most("widget.click-to-usable-form", median(forms), f"ms, warm, {SLOWER}x slower", 80))
    show(at_most("widget.requests-at-open", requests, "requests", 1))


def _asked(page: Page) -> list[Request]:
    """The requests of a page from now on."""
    seen: list[Request] = []

    def note(request: Request) -> None:
        seen.append(request)

    page.on("request", note)
    return seen


def _open(browser: Browser, url: str) -> tuple[Page, float]:
    """A visit, and the seconds that scripts took until the page was at rest."""
    context = browser.new_context(viewport={"width": 1000, "height": 700}, locale="fr-FR")
    page = context.new_page()
    page.add_init_script(_WATCH)
    page.add_init_script(
        "addEventListener('message', ({data}) => { if (data && data.avis === 'ready') window.ready = true })"
    )
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    session.send("Performance.enable")
    page.goto(url)
    page.wait_for_load_state("networkidle")
    metrics: list[dict[str, Any]] = session.send("Performance.getMetrics")["metrics"]
    return page, next(float(each["value"]) for each in metrics if each["name"] == "ScriptDuration")


@contextmanager
def _host() -> Iterator[tuple[str, dict[str, str]]]:
    """Somebody else's site."""
    pages: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}", pages
    finally:
        server.shutdown()
        server.server_close()
