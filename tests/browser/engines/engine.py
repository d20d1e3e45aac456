"""The few things a citizen's hands and eyes do, in the same words for Chromium, Firefox and WebKit.

Chromium is driven by Playwright, Firefox by Marionette, WebKitGTK's MiniBrowser by WebDriver under a virtual screen.
`inside` means the frame of the form, wherever the widget or the host has put it. Scripts are bodies of functions.
"""

import gc
import time
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Error, Frame, Page, ViewportSize
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import ActionChains, WebKitGTK, WebKitGTKOptions
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.webkitgtk.service import Service
from typing_extensions import override

from tests.services import display, firefox_executable, webkit_executables

# It asks an old function which Linux this is.
with warnings.catch_warnings(action="ignore"):
    from marionette_driver.errors import MarionetteException  # type: ignore[import-untyped]
    from marionette_driver.marionette import Marionette  # type: ignore[import-untyped]

WITHIN_SECONDS = 10
WINDOW: ViewportSize = {"width": 900, "height": 700}

# Open shadow roots are part of the page that a citizen sees.
FIND = """
  const find = (css, root = document) => {
    const found = root.querySelector(css);
    if (found) return found;
    for (const { shadowRoot } of root.querySelectorAll("*")) {
      const within = shadowRoot && find(css, shadowRoot);
      if (within) return within;
    }
    return null;
  };
  const focused = () => {
    let at = document.activeElement;
    while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
    return at;
  };
  const isShown = (part) => Boolean(part && part.getClientRects().length);
"""

# WebDriver's code points for keys that print nothing.
KEYS = {
    "Shift": "\ue008",
    "Tab": "\ue004",
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "Space": " ",
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
}


class Engine(ABC):
    name: str
    looks: tuple[str, ...] = ("light", "dark", "forced")
    """What the engine can be told that the citizen's system prefers; `forced` are the system's own few colours."""

    @abstractmethod
    def open(self, url: str) -> None: ...

    @abstractmethod
    def wear(self, look: str) -> None:
        """From the next page on, one of the `looks`."""

    @abstractmethod
    def narrow(self, *, on: bool = True) -> bool:
        """A page of 320 CSS pixels, as on a small phone or at 400 % on a screen of 1280. False: it cannot be had."""

    @abstractmethod
    def evaluate(self, script: str, *, inside: bool = False) -> Any:
        """What the body of a function returns, awaited."""

    @abstractmethod
    def click(self, css: str, *, inside: bool = False) -> None: ...

    @abstractmethod
    def press(self, key: str) -> None:
        """A key where the focus is; `Shift+Tab` holds the first while it presses the second."""

    @abstractmethod
    def type(self, text: str) -> None:
        """Characters where the focus is."""

    @abstractmethod
    def screenshot(self) -> bytes: ...

    def text(self, css: str, *, inside: bool = False) -> str:
        found: str = self.evaluate(f"{FIND} return find({css!r}).innerText", inside=inside)
        return found.strip()

    def until(self, condition: str, *, inside: bool = False) -> None:
        """Wait for an expression to hold, which may use `find`, `focused` and `isShown`."""
        script = f"{FIND} return Boolean({condition})"
        wait_for(lambda: self.evaluate(script, inside=inside), condition, self.seen)

    def seen(self) -> str:
        """For the message of a test that failed."""
        where = f"{FIND} const at = focused(); return at && at.outerHTML.slice(0, 200)"
        return f"{self.name}: the focus is on {self.evaluate(where)}"


def wait_for(holds: Callable[[], Any], what: str, seen: Callable[[], str] = str) -> Any:
    """What `holds` returns once it is true. A page that is on its way to another is asked again."""
    deadline = time.monotonic() + WITHIN_SECONDS
    trouble: Exception | None = None
    while time.monotonic() < deadline:
        try:
            if found := holds():
                return found
        except (Error, MarionetteException, WebDriverException) as error:
            trouble = error
        time.sleep(0.05)
    raise AssertionError(f"never: {what} ({seen()})") from trouble


# ---- Chromium


class Chromium(Engine):
    name = "chromium"

    def __init__(self, page: Page) -> None:
        self.page = page

    def _at(self, *, inside: bool) -> Frame:
        return self.page.frames[1] if inside else self.page.main_frame

    @override
    def open(self, url: str) -> None:
        self.page.goto(url)

    @override
    def wear(self, look: str) -> None:
        scheme: Literal["light", "dark"] = "dark" if look == "dark" else "light"
        self.page.emulate_media(color_scheme=scheme, forced_colors="active" if look == "forced" else "none")

    @override
    def narrow(self, *, on: bool = True) -> bool:
        self.page.set_viewport_size({"width": 320, "height": 640} if on else WINDOW)
        return True

    @override
    def evaluate(self, script: str, *, inside: bool = False) -> Any:
        return self._at(inside=inside).evaluate(f"async () => {{ {script} }}")

    @override
    def click(self, css: str, *, inside: bool = False) -> None:
        self._at(inside=inside).locator(css).first.click()

    @override
    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    @override
    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    @override
    def screenshot(self) -> bytes:
        return self.page.screenshot()


@contextmanager
def chromium_engine(browser: Browser) -> Iterator[Chromium]:
    with browser.new_context(locale="fr-FR", viewport=WINDOW) as context:
        yield Chromium(context.new_page())


# ---- Firefox and WebKit, which both look into one frame at a time

ELEMENT = "return find(arguments[0])"
FRAME = f"{FIND} return find('iframe')"
FOCUSED_FRAME = f"{FIND} const at = focused(); return at && at.localName === 'iframe' ? at : null"
AWAITED = (
    "const done = arguments[arguments.length - 1]; (async () => {{ {} }})().then(done, (error) => done(`${{error}}`))"
)


class OneFrameAtATime(Engine):
    @abstractmethod
    def _to_page(self) -> None: ...

    @abstractmethod
    def _to_frame(self, element: Any) -> None: ...

    @abstractmethod
    def _run(self, script: str, *arguments: Any) -> Any: ...

    @abstractmethod
    def _run_awaited(self, script: str) -> Any: ...

    @abstractmethod
    def _keys(self, *keys: str) -> None:
        """Press all of them in this order, release them in the reverse one."""

    def _go(self, *, inside: bool) -> None:
        self._to_page()
        if inside:
            self._to_frame(self._run(FRAME))

    @override
    def evaluate(self, script: str, *, inside: bool = False) -> Any:
        self._go(inside=inside)
        return self._run_awaited(AWAITED.format(script))

    @override
    def click(self, css: str, *, inside: bool = False) -> None:
        self._go(inside=inside)
        wait_for(lambda: self._run(f"{FIND} return isShown(find(arguments[0]))", css), css, self.seen)
        self._run(FIND + ELEMENT, css).click()

    @override
    def press(self, key: str) -> None:
        self._to_page()
        if frame := self._run(FOCUSED_FRAME):
            self._to_frame(frame)
        self._keys(*(KEYS.get(part, part) for part in key.split("+")))

    @override
    def type(self, text: str) -> None:
        for character in text:
            self.press(character)


class Firefox(OneFrameAtATime):
    name = "firefox"

    def __init__(self, driver: Any) -> None:
        self.driver = driver
        self.zoom = 1

    @override
    def open(self, url: str) -> None:
        self.driver.navigate(url)
        if self.zoom > 1:
            self._enlarge()

    @override
    def wear(self, look: str) -> None:
        self.driver.set_pref("layout.css.prefers-color-scheme.content-override", 0 if look == "dark" else 1)
        self.driver.set_pref("browser.display.document_color_use", 2 if look == "forced" else 0)

    @override
    def narrow(self, *, on: bool = True) -> bool:
        """Its window is never narrower than 500 pixels: this is the real zoom, of a citizen who sees little."""
        self.driver.set_window_rect(width=1280 if on else 900, height=1000 if on else 800)
        self.zoom = 4 if on else 1
        self._enlarge()
        return True

    def _enlarge(self) -> None:
        """A browser forgets its zoom on the way to another site."""
        with self.driver.using_context("chrome"):
            self.driver.execute_script(f"gBrowser.selectedBrowser.fullZoom = {self.zoom}", sandbox="system")
        self.until(f"innerWidth === {1280 // 4 if self.zoom > 1 else 900}")

    @override
    def screenshot(self) -> bytes:
        self._to_page()
        png: bytes = self.driver.screenshot(format="binary", full=False)
        return png

    @override
    def _to_page(self) -> None:
        self.driver.switch_to_frame()

    @override
    def _to_frame(self, element: Any) -> None:
        self.driver.switch_to_frame(element)

    @override
    def _run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, script_args=arguments, sandbox=None)

    @override
    def _run_awaited(self, script: str) -> Any:
        return self.driver.execute_async_script(script, sandbox=None)

    @override
    def _keys(self, *keys: str) -> None:
        actions = self.driver.actions.sequence("key", "keyboard")
        for key in keys:
            actions.key_down(key)
        for key in reversed(keys):
            actions.key_up(key)
        actions.perform()


@contextmanager
def firefox_engine(folder: Path) -> Iterator[Firefox]:
    # Its attempts to connect before Firefox listens leave sockets open.
    with warnings.catch_warnings(action="ignore"):
        driver = Marionette(
            bin=firefox_executable(),
            port=0,
            headless=True,
            gecko_log=str(folder / "firefox.log"),
            workspace=str(folder),
            prefs={"intl.accept_languages": "fr"},
            # For its preferences, its zoom and its accessibility tree.
            app_args=["-remote-allow-system-access"],
        )
        gc.collect()
    try:
        driver.start_session()
        driver.set_window_rect(width=900, height=800)
        yield Firefox(driver)
        driver.quit()
    finally:
        driver.cleanup()


class WebKit(OneFrameAtATime):
    name = "webkit"
    # WebKitGTK has no forced colours, and takes the scheme from the desktop, before it starts.
    looks = ("light",)

    def __init__(self, driver: WebKitGTK) -> None:
        self.driver = driver

    @override
    def open(self, url: str) -> None:
        self.driver.get(url)

    @override
    def wear(self, look: str) -> None:
        assert look in self.looks

    @override
    def narrow(self, *, on: bool = True) -> bool:
        """Its window is never narrower than 447 pixels, and it is not told to zoom."""
        return not on

    @override
    def screenshot(self) -> bytes:
        self._to_page()
        return self.driver.get_screenshot_as_png()

    @override
    def _to_page(self) -> None:
        self.driver.switch_to.default_content()

    @override
    def _to_frame(self, element: Any) -> None:
        if not isinstance(element, WebElement):
            raise WebDriverException("no frame")
        self.driver.switch_to.frame(element)

    @override
    def _run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    @override
    def _run_awaited(self, script: str) -> Any:
        return self.driver.execute_async_script(script)

    @override
    def _keys(self, *keys: str) -> None:
        actions = ActionChains(self.driver, duration=0)
        for key in keys:
            actions.key_down(key)
        for key in reversed(keys):
            actions.key_up(key)
        actions.perform()


@contextmanager
def webkit_engine(folder: Path) -> Iterator[WebKit]:
    driver_program, browser = webkit_executables()
    options = WebKitGTKOptions()
    options.binary_location = browser
    options.add_argument("--automation")
    with display() as screen:
        service = Service(driver_program, log_output=str(folder / "webkit.log"), env=screen)
        # Selenium's own class calls its own base in a way that the base has deprecated.
        with warnings.catch_warnings(action="ignore"):
            driver = WebKitGTK(options=options, service=service)
        try:
            driver.set_window_size(900, 800)
            yield WebKit(driver)
        finally:
            driver.quit()
