"""Every screen of both forms, in the order in which a citizen meets them, wherever the form is shown.

Each walk yields the name of a screen once that screen is there, errors included, so that a test may look at it. The
clicks here are the page's own: what hands and keys do is tested as journeys.
"""

import json
import time
from collections.abc import Iterator

from tests.browser.engines.engine import FIND, Engine

GOOD = "[name=satisfaction][value=good]"
DESKS = ("counter", "phone", "email", "chat")
TOO_LONG = "x" * 5001
ANSWERED = "return performance.getEntriesByType('resource').filter(one => one.name.endsWith('/api/v1/reviews')).length"
QUIET = 0.5
"""Seconds in which an answer that is under way comes, on a machine that is busy too."""


class Walk:
    def __init__(self, engine: Engine, *, inside: bool = False) -> None:
        self.engine = engine
        self.inside = inside

    def tap(self, css: str) -> None:
        self._run(f"find({json.dumps(css)}).click()")

    def write(self, css: str, text: str) -> None:
        self._run(
            f"const field = find({json.dumps(css)}); field.value = {json.dumps(text)};"
            "field.dispatchEvent(new Event('input', { bubbles: true }))"
        )

    def go_on(self) -> None:
        self._run("[...document.querySelectorAll('[name=next]')].find(isShown).click()")

    def there(self, screen: str) -> str:
        self.engine.until(f"isShown(find('#{screen}'))", inside=self.inside)
        return screen

    def settle(self) -> None:
        """Until what was sent has been answered, and nothing more is sent: several steps may go together."""
        answered, before = 0, -1
        while answered != before:
            time.sleep(QUIET)
            before, answered = answered, self.engine.evaluate(ANSWERED, inside=self.inside)

    def satisfaction(self) -> Iterator[str]:
        yield self.there("satisfaction")
        self.go_on()
        yield "satisfaction-error"
        self.tap(GOOD)
        yield self.there("comprehension")
        self.tap("[name=comprehension][value='5']")
        self.go_on()
        self.there("contact_tried")
        for code in (*DESKS, "other"):
            self.tap(f"[name=contact_tried][value={code}]")
        yield "contact_tried"
        self.go_on()
        self.there("contact_reached")
        for desk in DESKS:
            self.tap(f"[name='contact_reached.{desk}'][value=true]")
        yield "contact_reached"
        self.go_on()
        yield self.there("contact_satisfaction")
        self.go_on()
        yield self.there("verbatim")
        # What is said of the steps before, said later, would take the place of what is said of the text.
        self.settle()
        self.write("textarea", TOO_LONG)
        self.go_on()
        yield "verbatim-too-long"
        self.write("textarea", "")
        self.go_on()
        yield self.there("thanks")

    def malfunction(self) -> Iterator[str]:
        self.there("kind")
        yield "malfunction"
        self.write("[name=contact_email]", "x")
        self.go_on()
        self.engine.until("find('.e')", inside=self.inside)
        yield "malfunction-errors"

    def posts(self) -> Iterator[str]:
        """The same form as plain posts: once its script stands aside, each answer is a page without one."""
        self._run("document.forms[0].onsubmit = document.forms[0].onclick = null")
        self.go_on()
        self.engine.until("find('h2').closest('[role=alert]')", inside=self.inside)
        yield "posted-error"
        self.tap(GOOD)
        for step in ("comprehension", "contact_tried"):
            yield self._posted(step)
        for code in (*DESKS, "other"):
            self.tap(f"[name=contact_tried][value={code}]")
        for step in ("contact_reached",):
            yield self._posted(step)
        for desk in DESKS:
            self.tap(f"[name='contact_reached.{desk}'][value=true]")
        for step in ("contact_satisfaction", "verbatim", "thanks"):
            yield self._posted(step)

    def _posted(self, step: str) -> str:
        self.go_on()
        self.engine.until(f"find('#{step}') && document.readyState === 'complete'", inside=self.inside)
        assert self.engine.evaluate("return document.scripts.length", inside=self.inside) == 0
        return f"posted-{step}"

    def _run(self, script: str) -> None:
        self.engine.evaluate(f"{FIND} {script}", inside=self.inside)
