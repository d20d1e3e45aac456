"""A citizen's browser before the running service, and the shelf on which its pictures are kept.

The collector and the host have fixed names, which the browser alone knows: so no port of the day is in a picture.
"""

from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.services import CHROMIUM_ARGUMENTS, chromium_executable

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
COLLECTOR = "http://avis.exemple.fr"
HOST = "http://www.exemple.fr"
# High enough that small text stays readable, low enough that a sheet weighs about 100 kB.
_QUALITY = 80


class Camera(Struct, frozen=True):
    browser: Browser
    url: str = COLLECTOR

    def at(
        self,
        address: str,
        *,
        width: int = 480,
        height: int = 720,
        scripts: bool = True,
        served: str | None = None,
        **options: Any,
    ) -> Page:
        """A visit. `served` is what the host answers there; without it, the address is the collector's."""
        page = self.browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            reduced_motion="reduce",
            **{"locale": "fr-FR", **options},
        ).new_page()
        if served is not None:
            page.route(address, lambda route: _answer(route, served))
        page.goto(address)
        return page


@contextmanager
def camera(port: int) -> Iterator[Camera]:
    """Before the service on that port of this machine."""
    names = (
        f"--host-resolver-rules=MAP avis.exemple.fr:80 127.0.0.1:{port}",
        # Else no site of the outside world may ask anything of this machine.
        f"--ip-address-space-overrides=127.0.0.1:{port}=public",
        # As over https, without a certificate to make and trust.
        f"--unsafely-treat-insecure-origin-as-secure={COLLECTOR}",
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_executable(), args=[*CHROMIUM_ARGUMENTS, "--hide-scrollbars", *names]
        )
        yield Camera(browser)
        browser.close()


def keep(name: str, page: Page) -> None:
    """What the page shows, as docs/pictures/NAME.webp. Playwright writes no WebP, the browser does."""
    session = page.context.new_cdp_session(page)
    taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": _QUALITY})
    file = PICTURES / f"{name}.webp"
    file.write_bytes(b64decode(taken["data"]))
    print(f"docs/pictures/{file.name}  {file.stat().st_size // 1000} kB")


def _answer(route: Route, body: str) -> None:
    route.fulfill(body=body, content_type="text/html; charset=utf-8")
