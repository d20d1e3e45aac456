"""Journeys in Chromium, Firefox and WebKit: by keyboard, in the dialog, in the page, in a corner, at a kiosk."""

import json
import time
from collections.abc import Callable

from tests.browser.conftest import Collector, Host
from tests.browser.engines.engine import FIND, Engine

Snippet = Callable[..., str]

TITLE = "Qu'avez-vous pensé"


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
    engine.open(host.serve(snippet("mode=inline", frame=540), policy))
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


def test_a_picture_shows_what_the_engine_draws(service: Collector, engine: Engine) -> None:
    engine.open(service.form(lang="fr"))
    assert engine.screenshot().startswith(b"\x89PNG")


def test_sixty_tabs_in_each_direction_stay_in_the_dialog(
    host: Host, engine: Engine, snippet: Snippet, policy: str
) -> None:
    engine.open(host.serve(snippet(), policy))
    engine.until("find('je-donne-mon-avis').shadowRoot")
    engine.click("button")
    engine.until("isShown(find('[name=satisfaction]'))", inside=True)
    engine.until("focused().matches('iframe')")
    for key in ("Tab", "Shift+Tab"):
        seen = [walked(engine, key) for _ in range(60)]
        # Its close button and its form, in turns; the guards on both sides keep the focus for an instant only.
        assert set(seen) == {"Fermer", "iframe"}, f"{key}: {seen}"
        stays = " ".join(seen).split("Fermer")
        assert max(stay.count("iframe") for stay in stays) <= 6, f"{key} is stuck: {seen}"


def walked(engine: Engine, key: str) -> str:
    """Where the focus is after a key, once it has arrived: on its way into another process it is nowhere."""
    engine.press(key)
    engine.until("focused() && !focused().matches('body, i')")
    where: str = engine.evaluate(f"{FIND} return focused().matches('iframe') ? 'iframe' : focused().innerText")
    return where


def test_in_the_page_the_keyboard_goes_through_the_form_and_out_again(
    service: Collector, host: Host, engine: Engine, snippet: Snippet, policy: str
) -> None:
    before = len(service.reviews())
    engine.open(host.serve(snippet("mode=inline", frame=540), policy))
    engine.until("find('je-donne-mon-avis').shadowRoot")
    engine.until("isShown(find('[name=satisfaction]'))", inside=True)
    reach(engine, "#before")
    # One at a time: a key that is pressed while the focus goes from one process to another is nobody's.
    for name in ("satisfaction", "next"):
        engine.press("Tab")
        engine.until(f"focused().name === '{name}'", inside=True)
    engine.press("Tab")
    engine.until("focused().matches('#after')")
    engine.press("Shift+Tab")
    engine.until("focused().name === 'next'", inside=True)
    engine.press("Shift+Tab")
    engine.until("focused().name === 'satisfaction'", inside=True)
    engine.press("Space")
    engine.until(heading(TITLE), inside=True)
    service.last(after=before)


def test_a_bare_frame_is_answered_with_the_keyboard(service: Collector, host: Host, engine: Engine) -> None:
    before = len(service.reviews())
    frame = f'<iframe title="Avis" src="{service.form(lang="fr", embed="1")}" width=600 height=540></iframe>'
    engine.open(host.serve(f'<!doctype html><title>Fin</title><a id=before href="#">Avant</a>{frame}'))
    engine.until("isShown(find('[name=satisfaction]'))", inside=True)
    reach(engine, "#before")
    engine.press("Tab")
    engine.until("focused().name === 'satisfaction'", inside=True)
    engine.press("Space")
    engine.until(heading(TITLE), inside=True)
    service.last(after=before)


def test_the_corners_button_opens_and_hides_with_the_keyboard(
    service: Collector, host: Host, engine: Engine, snippet: Snippet
) -> None:
    extra = f'<script src="{service.url}/widget/v1-extra.js" defer></script>'
    engine.open(host.serve(snippet("mode=corner") + extra))
    engine.until("find('.hide')")
    reach(engine, "#before")
    engine.press("Tab")
    engine.until("focused().innerText === 'Je donne mon avis'")
    engine.press("Enter")
    engine.until("isShown(find('[name=satisfaction]'))", inside=True)
    engine.until("focused().matches('iframe')")
    engine.press("Escape")
    engine.until("focused().innerText === 'Je donne mon avis'")
    # The form's process may not know yet that it has lost the focus, and takes a key that is pressed at once: nobody's.
    time.sleep(1)
    engine.press("Tab")
    engine.until("focused().matches('.hide')")
    engine.press("Enter")
    engine.until("!isShown(find('je-donne-mon-avis'))")


def test_a_kiosk_is_answered_and_gone_back_in_with_the_keyboard_undisturbed(service: Collector, engine: Engine) -> None:
    engine.open(service.form(lang="fr", kiosk="1"))
    reach(engine, "[name=satisfaction]")
    engine.press("Space")
    engine.until(heading(TITLE))
    reach(engine, "#comprehension [name=back]")
    engine.press("Enter")
    engine.until("document.activeElement.matches('#satisfaction h2')")
    assert engine.text("[data-still]") == ""


def test_an_error_takes_the_focus_to_its_field_and_is_tied_to_it(service: Collector, engine: Engine) -> None:
    before = len(service.reviews())
    engine.open(f"{service.url}/avis/{service.malfunction}?lang=fr")
    reach(engine, "button[name=next]")
    engine.press("Enter")
    engine.until("focused().name === 'kind'")
    assert "Choisissez" in engine.evaluate(EXPLAINED)
    engine.press("Space")
    reach(engine, "textarea")
    reach(engine, "button[name=next]")
    engine.press("Enter")
    engine.until("focused().matches('textarea')")
    assert "Décrivez" in engine.evaluate(EXPLAINED)
    engine.type("Page blanche")
    reach(engine, "button[name=next]")
    engine.press("Enter")
    engine.until("document.activeElement.matches('#thanks h2')")
    assert service.last(after=before)["verbatim"] == "Page blanche"


EXPLAINED = """
  const { ariaInvalid, attributes } = document.activeElement;
  return ariaInvalid === "true" && document.getElementById(attributes["aria-describedby"].value).innerText;
"""


def test_little_is_announced_while_a_citizen_types(service: Collector, engine: Engine) -> None:
    """A counter that speaks at each key drowns what is typed: it waits for a rest, and for the limit to be near."""
    engine.open(f"{service.url}/avis/{service.malfunction}?lang=fr")
    engine.evaluate(
        """
        const status = document.querySelector("[role=status]");
        const heard = (status.heard = []);
        new MutationObserver(() => heard.push(status.innerText)).observe(status, { childList: true });
        document.querySelector("textarea").focus();
        """
    )
    engine.type("Bonjour. " * 11 + ".")
    assert engine.evaluate("return document.querySelector('small b').innerText").startswith("100")
    nearly = "document.activeElement.value = 'x'.repeat(4600);"
    for _ in range(3):
        engine.evaluate(nearly + "document.activeElement.dispatchEvent(new Event('input', { bubbles: true }))")
    engine.until("find('[role=status]').innerText")
    assert engine.evaluate("return document.querySelector('[role=status]').heard") == ["4600 / 5000 caractères au plus"]
