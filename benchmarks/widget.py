"""What the widget costs the page that embeds it, on the built files, in Chromium with a processor four times slower.

Bytes are what a browser receives at brotli 11; timings are medians of several visits.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from msgspec import Struct
from playwright.sync_api import Browser, CDPSession, FrameLocator, Locator, Page, sync_playwright

from benchmarks import host
from benchmarks.figures import Figure, at_most, show
from embed.language import DEFAULT, languages
from tests.recording import Arrival, recorded
from tests.serving import serving

VISITS = 9
_SLOW = f"{host.SLOWER}x slower"
# Everything that moved, ran long or answered slowly, from the first byte on. Movement within half a second of a tap or
# a key is expected by whoever tapped, and no part of the score that browsers report.
_WATCH = """
    Object.assign(window, { shift: 0, tapped: 0, slowest: 0, long: 0 });
    const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note))
        .observe({ type, buffered: true, durationThreshold: 16 });
    watch("layout-shift", ({ value, hadRecentInput }) => { window[hadRecentInput ? "tapped" : "shift"] += value });
    watch("event", ({ duration }) => { window.slowest = Math.max(window.slowest, duration) });
    watch("longtask", () => { window.long++ });
    addEventListener("message", ({ data }) => { if (data && data.avis === "ready") window.ready = true });
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
        host.site() as (origin, pages),
        serving({"AVIS_DATA": folder}, Path(folder) / "log") as service,
        sync_playwright() as playwright,
    ):
        made = service.run("procedure", "add", "--title", "Passeport", "--slug", "passeport", "--origin", origin)
        key, snippet = made["placements"][0]["key"], made["placements"][0]["snippet"]
        frame = f'<iframe src="{service.url}/avis/{key}?embed=1" title="Avis" width="100%" height="540"></iframe>'
        link, script = snippet.split("</je-donne-mon-avis>")
        inline = f"{link.partition('>')[0]} mode=inline>{frame}</je-donne-mon-avis>{script}"
        pages["/other"] = host.page(f'<script src="{origin}/other.js" defer></script>')
        pages["/other.js"] = "customElements.define('a-b', class extends HTMLElement {});"
        pages["/dialog"] = host.page(snippet)
        pages["/inline"] = host.page(inline)
        _bytes(service.url, key)
        browser = host.chromium(playwright)
        _timings(browser, origin)
        for mode in ("dialog", "inline"):
            for size in host.SIZES:
                _shifts(browser, f"{origin}/{mode}", mode, size)
        with recorded(service.url) as door:
            pages["/counted"] = pages["/dialog"].replace(service.url, door.url)
            _requests(browser, f"{origin}/counted", door.arrivals)
        browser.close()


# ---- Bytes


def _bytes(url: str, key: str) -> None:
    loader = _brotli(httpx.get(f"{url}/widget/v1.js").content)
    show(at_most("widget.loader", loader, "bytes (brotli 11)", 1300))
    for lang in languages():
        form = _brotli(httpx.get(f"{url}/avis/{key}?embed=1&lang={lang}").content)
        name = "widget.to-a-usable-form" + ("" if lang == DEFAULT else f".{lang}")
        show(at_most(name, loader + form, "bytes (brotli 11), loader included", 5000))


def _brotli(body: bytes) -> int:
    """Node ships the reference encoder, and whoever built the widget has Node."""
    script = "process.stdout.write(require('zlib').brotliCompressSync(require('fs').readFileSync(0)))"
    node = Path(sys.prefix) / "node-bin" / "node"
    return len(subprocess.run([node, "-e", script], input=body, check=True, capture_output=True).stdout)


# ---- Time


class _Visited(Struct, frozen=True):
    """One visit: milliseconds, and how many more tasks at load took 50 ms than with a script of one line.

    On a machine this slow, loading any script may be such a task.
    """

    script: float
    long_tasks: int
    paint: float
    form: float


def _timings(browser: Browser, origin: str) -> None:
    seen = [_visited(browser, origin) for _ in range(VISITS)]
    show(at_most("widget.script-at-load", median(one.script for one in seen), f"ms, {_SLOW}", 12))
    show(at_most("widget.long-tasks-at-load", median(one.long_tasks for one in seen), f"tasks more, {_SLOW}", 0))
    show(at_most("widget.open-to-next-paint", median(one.paint for one in seen), f"ms, {_SLOW} (8 ms steps)", 40))
    show(at_most("widget.click-to-usable-form", median(one.form for one in seen), f"ms, warm, {_SLOW}", 80))


def _visited(browser: Browser, origin: str) -> _Visited:
    # Nothing is watched here: what watches is script too, and would be counted as ours.
    page, session = host.visit(browser, f"{origin}/dialog")
    script = _script(session)
    page.context.close()
    page, _ = host.visit(browser, f"{origin}/other", watch=_WATCH)
    other_long = page.evaluate("long")
    page.context.close()
    page, _ = host.visit(browser, f"{origin}/dialog", watch=_WATCH)
    long = page.evaluate("long")
    _point(page)
    _button(page).click()
    _form(page).locator("label").first.wait_for()
    page.wait_for_timeout(300)
    paint = page.evaluate("slowest")
    page.context.close()
    page, _ = host.visit(browser, f"{origin}/dialog", watch=_WATCH)
    _point(page)
    form = page.evaluate(_CLICK_TO_FORM)
    page.context.close()
    return _Visited(script=script, long_tasks=long - other_long, paint=paint, form=form)


def _script(session: CDPSession) -> float:
    """Milliseconds of script until now."""
    metrics: list[dict[str, Any]] = session.send("Performance.getMetrics")["metrics"]
    return next(1000 * float(each["value"]) for each in metrics if each["name"] == "ScriptDuration")


# ---- Movement and requests, through a whole journey


def _shifts(browser: Browser, url: str, mode: str, size: str) -> None:
    """What moved in the host's page and in the form: at load, and until the thanks."""
    page, _ = host.visit(browser, url, size=size, watch=_WATCH, is_late=True)
    page.wait_for_timeout(500)
    name = f"widget.layout-shift.{mode}.{size}"
    show(at_most(f"{name}.load", page.evaluate("shift"), "CLS of the host", 0))
    for _ in _journey(page, mode):
        pass
    host_page, form = page.frames
    show(at_most(f"{name}.journey", host_page.evaluate("shift"), "CLS of the host, load to thanks", 0))
    show(at_most(f"{name}.form", form.evaluate("shift"), "CLS of the form, load to thanks", 0))
    tapped = sum(float(frame.evaluate("tapped")) for frame in page.frames)
    show(Figure(f"{name}.tapped", round(tapped, 4), "of both, within 500 ms of a tap: no part of CLS"))
    page.context.close()


def _requests(browser: Browser, url: str, arrivals: Sequence[Arrival]) -> None:
    page, _ = host.visit(browser, url)
    page.wait_for_timeout(500)
    seen = 0
    for stage in chain(("load",), _journey(page, "dialog")):
        ours = arrivals[seen:]
        seen += len(ours)
        said = ", ".join(f"{each.method} for {each.kind or 'nothing'}, {each.sent} bytes sent" for each in ours)
        show(at_most(f"widget.requests.{stage}", len(ours), f"requests ({said or 'none'})", 1))
    other = [each for each in arrivals if each.kind not in {"script", "iframe", "empty"} or each.method == "OPTIONS"]
    show(at_most("widget.requests.fonts-images-preflights", len(other), "requests of a whole journey", 0))
    show(at_most("widget.requests.cookies", sum(each.cookie is not None for each in arrivals), "requests with one", 0))
    page.context.close()


def _journey(page: Page, mode: str) -> Iterator[str]:
    """From the button to the thanks as a person goes; each stage is named when the page is at rest after it."""

    def rest(stage: str) -> str:
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(800)
        return stage

    form = _form(page)
    if mode == "dialog":
        _point(page)
        _button(page).click()
        form.locator("label").first.wait_for()
        yield rest("open")
    form.locator("label:has([value=good])").click()
    yield rest("step-satisfaction")
    form.locator("label:has([name=comprehension][value='5'])").click()
    form.locator("[name=next]:visible").click()
    yield rest("step-comprehension")
    form.locator("label:has([value=phone])").click()
    form.locator("[name=next]:visible").click()
    yield rest("step-contact-tried")
    form.locator("label:has([value=true]):visible").click()
    form.locator("[name=next]:visible").click()
    yield rest("step-contact-reached")
    form.locator("label:has([name='contact_satisfaction.phone'][value='4'])").click()
    form.locator("[name=next]:visible").click()
    yield rest("step-contact-satisfaction")
    form.locator("textarea").fill("Simple et rapide.")
    form.locator("[name=next]:visible").click()
    form.locator("#thanks h2").wait_for()
    yield rest("step-verbatim")


def _form(page: Page) -> FrameLocator:
    return page.frame_locator("je-donne-mon-avis iframe")


def _button(page: Page) -> Locator:
    return page.get_by_role("button", name="Je donne mon avis")


def _point(page: Page) -> None:
    """People point before they press; the form is prepared meanwhile."""
    _button(page).hover()
    page.wait_for_timeout(600)
