"""A real collector, a host page on another origin that is not ours, and a citizen's browser between them."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from typing_extensions import override

from tests.services import CHROMIUM_ARGUMENTS, chromium_executable
from tests.serving import Service, serving

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


class Collector(Struct):
    """A running collector with the procedure *passeport*: its process, its public keys, its database."""

    process: Service
    key: str
    malfunction: str
    database: Path

    @property
    def url(self) -> str:
        return self.process.url

    def form(self, **query: str) -> str:
        return f"{self.url}/avis/{self.key}?{'&'.join(f'{name}={value}' for name, value in query.items())}"

    def run(self, *arguments: str) -> dict[str, Any]:
        return self.process.run(*arguments)

    def reviews(self) -> list[dict[str, Any]]:
        """What is on disk, oldest first."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            rows = connection.execute("SELECT * FROM review ORDER BY seq").fetchall()
        return [{name: row[name] for name in row.keys() if row[name] is not None} for row in rows]  # noqa: SIM118 - a Row iterates over its values

    def last(self, *, after: int, within: float = 10) -> dict[str, Any]:
        """The newest review once there are more than `after`."""
        deadline = time.monotonic() + within
        while len(found := self.reviews()) <= after:
            assert time.monotonic() < deadline, "no review arrived"
            time.sleep(0.05)
        return found[-1]

    def until(self, **expected: Any) -> dict[str, Any]:
        """The newest review once it says what is expected."""
        deadline = time.monotonic() + 10
        while True:
            found = (self.reviews() or [{}])[-1]
            if all(found.get(name) == value for name, value in expected.items()):
                return found
            assert time.monotonic() < deadline, f"{found} never became {expected}"
            time.sleep(0.05)


class Host(Struct):
    """Somebody else's site. A test says what it serves and under which policy."""

    origin: str
    pages: dict[str, tuple[str, str]]

    def serve(self, body: str, policy: str = "", path: str = "/fin") -> str:
        self.pages[path] = (body, policy)
        return self.origin + path


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    pages: dict[str, tuple[str, str]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, policy = pages.get(self.path.partition("?")[0], ("", ""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body.encode())

        @override
        def log_message(self, format: str, *args: Any) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    # Another origin than the collector's 127.0.0.1, and another site for the browser.
    yield Host(f"http://localhost:{server.server_port}", pages)
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, host: Host) -> Iterator[Collector]:
    with passeport(tmp_path_factory.mktemp("collector"), host) as made:
        yield made


@contextmanager
def passeport(data: Path, host: Host) -> Iterator[Collector]:
    """A collector with this procedure."""
    with _collector(data) as made:
        add = ["procedure", "add", "--title", "Demander un passeport", "--slug", "passeport", "--origin", host.origin]
        made.key = made.run(*add)["placements"][0]["key"]
        add = ["placement", "add", "--procedure", "passeport", "--form", "malfunction", "--contact"]
        made.malfunction = made.run(*add)["key"]
        yield made


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    """A collector with demo data, as `make run` leaves it."""
    with _collector(tmp_path_factory.mktemp("demo")) as made:
        made.run("demo", "--reviews", "5", "--days", "2")
        yield made


@contextmanager
def _collector(data: Path) -> Iterator[Collector]:
    with serving({"AVIS_DATA": str(data)}, data / "log") as service:
        yield Collector(service, "", "", data / "avis.db")


# Not for the whole session: while Playwright runs, its event loop would meet those of the asynchronous tests.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_executable(), args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """A citizen's browser at an address. Afterwards: no script failed, no policy was violated, nothing was stored."""
    contexts = []
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def visit(url: str, *, width: int = 900, scripts: bool = True, **options: Any) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 700},
            java_script_enabled=scripts,
            **{"locale": "fr-FR", **options},
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        return page

    yield visit
    for context in contexts:
        assert context.cookies() == []
        assert context.storage_state()["origins"] == []
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """What axe-core finds wrong with a page, frames included."""
    script = AXE.read_text("utf-8")

    def violations(page: Page) -> list[str]:
        found = []
        for frame in page.frames:
            frame.evaluate(script)
            result = frame.evaluate("axe.run(document, {iframes: false})")
            found += [
                f"{broken['id']}: {node['target']} {node['failureSummary']}"
                for broken in result["violations"]
                for node in broken["nodes"]
            ]
        return found

    return violations


@pytest.fixture
def snippet(service: Collector) -> Callable[..., str]:
    """What an owner pastes, as the admin shows it, in a page with a policy of its own."""

    def page(attributes: str = "", *, key: str = "", head: str = "", frame: int = 0) -> str:
        key = key or service.key
        inside = f'<a href="{service.url}/avis/{key}">Je donne mon avis</a>'
        if frame:
            source = f"{service.url}/avis/{key}?embed=1"
            inside = f'<iframe src="{source}" title="Je donne mon avis" width="100%" height="{frame}"></iframe>'
        return (
            f"<!doctype html><html lang=fr><title>Hôte</title>{head}<main><h1>Votre demande est envoyée</h1>"
            f'<p><a id=before href="#">Avant</a></p>'
            f'<je-donne-mon-avis key="{key}" {attributes}>{inside}</je-donne-mon-avis>'
            '<p id=below><a id=after href="#">Après</a></p></main>'
            f'<script src="{service.url}/widget/v1.js" defer></script>'
        )

    return page


@pytest.fixture
def policy(service: Collector) -> str:
    """The strictest policy, plus only what the documentation says to allow."""
    return (
        f"default-src 'none'; script-src {service.url}; frame-src {service.url}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
