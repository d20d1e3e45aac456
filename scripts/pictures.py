"""Take the pictures of the documentation from the running service: what people will see, never a drawing of it."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.services import CHROMIUM_ARGUMENTS, chromium_executable  # noqa: E402 - the path is set just above
from tests.serving import serving  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
NEW_PASSWORD = "quatre ruches et un moulin"  # noqa: S105 - of a database that is thrown away


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="avis-pictures-") as folder,
        serving({"AVIS_DATA": folder}, Path(folder) / "log") as service,
        sync_playwright() as playwright,
    ):
        password = service.run("demo", "--reviews", "3000", "--days", "365")["one_time_password"]
        browser = playwright.chromium.launch(
            executable_path=chromium_executable(), args=[*CHROMIUM_ARGUMENTS, "--hide-scrollbars"]
        )
        _widget(browser, service.url)
        _admin(browser, service.url, password)
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


if __name__ == "__main__":
    main()
