"""Take the pictures of the documentation from the running service: what people will see, never a drawing of it."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.services import CHROMIUM_ARGUMENTS, chromium_executable  # noqa: E402 - the path is set just above

AVIS = Path(sys.executable).with_name("avis")
PICTURES = ROOT / "docs" / "pictures"
NEW_PASSWORD = "quatre ruches et un moulin"  # noqa: S105 - of a database that is thrown away


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="avis-pictures-") as folder,
        _service(Path(folder)) as (url, password),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium_executable(), args=[*CHROMIUM_ARGUMENTS, "--hide-scrollbars"]
        )
        _widget(browser, url)
        _admin(browser, url, password)
        browser.close()


def _widget(browser: Browser, url: str) -> None:
    page = _page(browser, f"{url}/demo", 1000, 700)
    page.get_by_role("button", name="Je donne mon avis").first.click()
    page.frame_locator("dialog iframe").locator("label").first.wait_for()
    page.wait_for_timeout(400)
    _take(page, "widget")
    page = _page(browser, f"{url}/demo", 390, 780, dark=True)
    page.get_by_role("button", name="Je donne mon avis").first.click()
    form = page.frame_locator("dialog iframe")
    form.locator("label:has([value=good])").click()
    form.get_by_role("heading", name="Qu'avez-vous pensé").wait_for()
    page.wait_for_timeout(400)
    _take(page, "widget-phone-dark")


def _admin(browser: Browser, url: str, password: str) -> None:
    page = _page(browser, f"{url}/admin", 1200, 800)
    _take(page, "admin-sign-in")
    page.locator("[name=email]").fill("demo@avis.example")
    page.locator("[type=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/compte")
    fields = page.locator("[type=password]")
    for place, value in enumerate((password, NEW_PASSWORD, NEW_PASSWORD)):
        fields.nth(place).fill(value)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin")
    _take(page, "admin-home")
    procedure = f"{url}/admin/demarches/carte-de-peche"
    for name, path in (
        ("admin", ""),
        ("admin-reviews", "/avis?comment=1"),
        ("admin-placements", "/emplacements"),
        ("admin-links", "/exports"),
    ):
        page.goto(procedure + path)
        page.wait_for_timeout(600)
        _take(page, name)
    page.goto(f"{procedure}/emplacements")
    page.get_by_role("link", name="Extrait et aperçu").first.click()
    page.wait_for_timeout(1000)
    _take(page, "admin-snippet")


def _page(browser: Browser, url: str, width: int, height: int, *, dark: bool = False) -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": height},
        locale="fr-FR",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    page.goto(url)
    return page


def _take(page: Page, name: str) -> None:
    page.screenshot(path=PICTURES / f"{name}.png")
    print(f"docs/pictures/{name}.png")


@contextmanager
def _service(data: Path) -> Iterator[tuple[str, str]]:
    """A demo on a free port, and its administrator's one-time password."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AVIS_")}
    environment |= {"AVIS_DATA": str(data), "AVIS_BASE_URL": url}
    made = subprocess.run(
        [AVIS, "demo", "--reviews", "3000", "--days", "365", "--json"], env=environment, check=True, capture_output=True
    )
    process = subprocess.Popen([AVIS, "serve", "--port", str(port)], env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait(f"{url}/readyz")
        yield url, json.loads(made.stdout)["one_time_password"]
    finally:
        process.terminate()
        process.wait(30)


def _wait(url: str) -> None:
    for _ in range(200):
        try:
            urlopen(url, timeout=2).close()  # noqa: S310 - our own address
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The service did not start.")


if __name__ == "__main__":
    main()
