"""Journeys in Chromium, Firefox and WebKit: by keyboard, in the dialog, in the page; and what axe-core finds there."""

import json
from collections.abc import Callable

import pytest

from tests.browser.conftest import Collector, Host
from tests.browser.engines.engine import Engine

Snippet = Callable[..., str]

TITLE = "Qu'avez-vous pensé"
CHECK = """
  const { violations } = await axe.run(document, { iframes: false });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`));
"""


def reach(engine: Engine, css: str, *, key: str = "Tab", within: int = 12) -> None:
    """Press a key until the focus is there, as a citizen without a mouse does."""
    for _ in range(within):
        engine.press(key)
        if engine.evaluate(f"return document.activeElement.matches({json.dumps(css)})"):
            return
    raise AssertionError(f"{css} was not reached: {engine.seen()}")


def heading(text: str) -> str:
    """The focus is on the heading of a new screen."""
    return f"document.activeElement.matches('h2') && document.activeElement.innerText.includes({json.dumps(text)})"


def test_the_whole_form_is_answered_with_the_keyboard_alone(service: Collector, engine: Engine) -> None:
    before = len(service.reviews())
    engine.open(service.form(lang="fr"))
    reach(engine, "[name=satisfaction][value=bad]")
    engine.press("ArrowRight")
    engine.until("focused().value === 'medium'")
    engine.press("ArrowRight")
    engine.until("focused().value === 'good'")
    assert len(service.reviews()) == before
    engine.press("Enter")
    first = service.last(after=before)
    assert first["satisfaction"] == "good"

    engine.until(heading(TITLE))
    reach(engine, "[name=comprehension]")
    engine.press("Space")
    for _ in range(3):
        engine.press("ArrowRight")
    engine.until("focused().value === '4'")
    reach(engine, "#comprehension button[name=next]")
    engine.press("Enter")

    engine.until("document.activeElement.matches('#contact_tried h2')")
    reach(engine, "[name=contact_tried][value=phone]")
    engine.press("Space")
    reach(engine, "#contact_tried button[name=next]")
    engine.press("Enter")

    engine.until("document.activeElement.matches('#contact_reached h2')")
    reach(engine, "[name='contact_reached.phone']")
    engine.press("Space")
    reach(engine, "#contact_reached button[name=next]")
    engine.press("Enter")

    engine.until("document.activeElement.matches('#contact_satisfaction h2')")
    reach(engine, "#contact_satisfaction button[name=next]")
    engine.press("Enter")

    engine.until("document.activeElement.matches('#verbatim h2')")
    reach(engine, "textarea")
    engine.type("Simple, rapide.")
    reach(engine, "#verbatim button[name=next]")
    engine.press("Enter")
    engine.until("document.activeElement.matches('#thanks h2')")
    assert "Merci" in engine.text("#thanks h2")

    stored = service.until(verbatim="Simple, rapide.")
    assert len(service.reviews()) == before + 1
    assert stored["public_id"] == first["public_id"]
    assert stored["comprehension"] == 4
    assert json.loads(stored["contact_tried"]) == ["phone"]
    assert len(json.loads(stored["contact_reached"])) == 1


def test_the_dialog_opens_on_a_foreign_page_takes_an_answer_and_gives_the_focus_back(
    service: Collector, host: Host, engine: Engine, snippet: Snippet, policy: str
) -> None:
    before = len(service.reviews())
    engine.open(host.serve(snippet(), policy))
    engine.until("find('je-donne-mon-avis').shadowRoot")
    engine.click("button")
    engine.until("focused().matches('iframe')")
    engine.until("isShown(find('[name=satisfaction]'))", inside=True)
    engine.press("Tab")
    engine.until("focused().matches('[name=satisfaction]')", inside=True)
    engine.press("Space")
    assert service.last(after=before)["satisfaction"] == "bad"
    engine.until(heading(TITLE), inside=True)
    assert engine.evaluate("return [document.querySelectorAll('iframe').length, scrollY]") == [0, 0]
    engine.press("Escape")
    engine.until("!isShown(find('iframe'))")
    engine.until("focused().matches('button') && focused().innerText === 'Je donne mon avis'")


def test_a_tap_in_the_dialog_rates(
    service: Collector, host: Host, engine: Engine, snippet: Snippet, policy: str
) -> None:
    before = len(service.reviews())
    engine.open(host.serve(snippet(), policy))
    engine.until("find('je-donne-mon-avis').shadowRoot")
    engine.click("button")
    engine.until("isShown(find('[name=satisfaction]'))", inside=True)
    engine.click("label:has([name=satisfaction][value=medium])", inside=True)
    assert service.last(after=before)["satisfaction"] == "medium"
    engine.until("find('[role=status]').innerText.includes('enregistrée')", inside=True)


def test_in_the_page_one_tap_rates_and_the_frame_grows_under_the_citizens_hand_only(
    service: Collector, host: Host, engine: Engine, snippet: Snippet, policy: str
) -> None:
    before = len(service.reviews())
    engine.open(host.serve(snippet("mode=inline", frame=480), policy))
    engine.until("isShown(find('[name=satisfaction]'))", inside=True)
    place = "return document.querySelector('#below').getBoundingClientRect().top"
    below = engine.evaluate(place)
    engine.until("find('je-donne-mon-avis').shadowRoot")
    engine.click("label:has([name=satisfaction][value=good])", inside=True)
    assert service.last(after=before)["satisfaction"] == "good"
    engine.until(heading(TITLE), inside=True)
    assert engine.evaluate(place) == below
    engine.click("#comprehension button[name=next]", inside=True)
    for code in ("phone", "counter", "other"):
        engine.click(f"label:has([name=contact_tried][value={code}])", inside=True)
    engine.until("document.documentElement.scrollHeight <= innerHeight", inside=True)
    assert engine.evaluate(place) > below


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_forms_first_screens_are_without_violations(
    service: Collector, engine: Engine, axe_script: str, theme: str
) -> None:
    engine.open(service.form(lang="fr", theme=theme))
    assert engine.evaluate(axe_script + CHECK) == []
    engine.click("label:has([name=satisfaction][value=good])")
    engine.until(heading(TITLE))
    assert engine.evaluate(axe_script + CHECK) == []


def test_a_host_page_with_the_open_dialog_is_without_violations(
    host: Host, engine: Engine, snippet: Snippet, axe_script: str
) -> None:
    engine.open(host.serve(snippet()))
    engine.until("find('je-donne-mon-avis').shadowRoot")
    engine.click("button")
    engine.until("focused().matches('iframe')")
    engine.until("isShown(find('[name=satisfaction]'))", inside=True)
    assert engine.evaluate(axe_script + CHECK) == []
    assert engine.evaluate(axe_script + CHECK, inside=True) == []


def test_a_picture_shows_what_the_engine_draws(service: Collector, engine: Engine) -> None:
    engine.open(service.form(lang="fr"))
    assert engine.screenshot().startswith(b"\x89PNG")
