"""Every screen of both forms, in three engines: what axe-core finds, and what eyes and fingers would.

What an engine cannot be told to do is in its `looks` and its `narrow`; docs/accessibility.md says it to everybody.
"""

from collections.abc import Callable, Iterator

import pytest

from tests.browser.conftest import Collector, Host
from tests.browser.engines.engine import Engine
from tests.browser.engines.layout import space, spoil, wrong
from tests.browser.engines.walk import Walk

Snippet = Callable[..., str]
Axe = Callable[..., list[str]]

CHECK = """
  const { violations } = await axe.run(document, { iframes: false });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`));
"""


@pytest.fixture
def axe(engine: Engine, axe_script: str) -> Axe:
    def axe(*, inside: bool = False) -> list[str]:
        found: list[str] = engine.evaluate(axe_script + CHECK, inside=inside)
        return found

    return axe


@pytest.fixture
def both(service: Collector, engine: Engine) -> Callable[..., Iterator[str]]:
    """Both forms from their first screen to their last, as full pages."""

    def both(**query: str) -> Iterator[str]:
        engine.open(service.form(**query))
        yield from Walk(engine).satisfaction()
        engine.open(service.form(**query).replace(service.key, service.malfunction))
        yield from Walk(engine).malfunction()

    return both


@pytest.fixture
def narrow(engine: Engine) -> Iterator[bool]:
    """Whether the engine's page can be 320 pixels wide; if not, a frame is."""
    yield engine.narrow()
    engine.narrow(on=False)


@pytest.mark.parametrize("look", ["light", "dark", "forced"])
def test_every_screen_of_both_forms_is_without_violations_in_every_look(
    engine: Engine, both: Callable[..., Iterator[str]], axe: Axe, look: str
) -> None:
    if look == "forced" and look not in engine.looks:
        pytest.skip(f"{engine.name} has no forced colours")
    engine.wear(look if look in engine.looks else "light")
    # An engine that is not told the system's scheme is told a host's.
    theme = "dark" if look == "dark" and look not in engine.looks else ""
    for screen in both(lang="fr", theme=theme):
        assert (axe(), wrong(engine)) == ([], []), screen
    engine.wear("light")


@pytest.mark.parametrize("lang", ["fr", "de", "uk", "ar"])
def test_at_320_pixels_nothing_is_cut_with_the_longest_words_from_right_to_left_and_spaced_out(
    service: Collector, host: Host, engine: Engine, narrow: bool, lang: str
) -> None:
    for key, walk in ((service.key, Walk.satisfaction), (service.malfunction, Walk.malfunction)):
        url = f"{service.url}/avis/{key}?lang={lang}"
        frame = f'<!doctype html><iframe src="{url}&embed=1" width=320 height=600></iframe>'
        engine.open(url if narrow else host.serve(frame))
        for screen in walk(Walk(engine, inside=not narrow)):
            assert engine.evaluate("return innerWidth", inside=not narrow) == 320
            assert wrong(engine, inside=not narrow) == [], screen
            space(engine, inside=not narrow)
            assert wrong(engine, inside=not narrow) == [], f"{screen}, spaced out"


def test_at_320_pixels_axe_finds_nothing_either(
    engine: Engine, narrow: bool, both: Callable[..., Iterator[str]], axe: Axe
) -> None:
    if not narrow:
        pytest.skip(f"{engine.name} cannot be made so narrow")
    for screen in both(lang="fr"):
        assert axe() == [], screen


def test_the_form_as_plain_posts_is_without_violations(service: Collector, engine: Engine, axe: Axe) -> None:
    engine.open(service.form(lang="fr"))
    for screen in Walk(engine).posts():
        assert (axe(), wrong(engine)) == ([], []), screen


@pytest.mark.parametrize("context", ["dialog", "in-page", "bare", "kiosk"])
def test_every_screen_is_right_wherever_the_form_is_shown(
    service: Collector, host: Host, engine: Engine, snippet: Snippet, axe: Axe, context: str
) -> None:
    if context == "kiosk":
        engine.open(service.form(lang="fr", kiosk="1"))
    elif context == "bare":
        frame = f'<iframe title="Avis" src="{service.form(lang="fr", embed="1")}" width=600 height=540></iframe>'
        engine.open(host.serve(f"<!doctype html><html lang=fr><title>Fin</title><main><h1>Fin</h1>{frame}</main>"))
    else:
        engine.open(host.serve(snippet("mode=inline", frame=540) if context == "in-page" else snippet()))
        engine.until("find('je-donne-mon-avis').shadowRoot")
    if context == "dialog":
        engine.click("button")
    inside = context != "kiosk"
    for screen in Walk(engine, inside=inside).satisfaction():
        if screen in {"satisfaction", "contact_tried", "thanks"}:
            assert (axe(), axe(inside=inside)) == ([], []), screen
        assert wrong(engine, inside=inside) == [], screen


def test_the_measures_find_what_is_wrong(service: Collector, engine: Engine) -> None:
    engine.open(service.form(lang="fr"))
    spoil(engine)
    found = " ".join(wrong(engine))
    for complaint in ("px wide", "leaves the page", "leaves its box", "overlap", "20 × 20", "moves"):
        assert complaint in found


def test_in_forced_colours_a_choice_the_focus_and_an_error_show_by_their_shape(
    service: Collector, engine: Engine
) -> None:
    if "forced" not in engine.looks:
        pytest.skip(f"{engine.name} has no forced colours")
    engine.wear("forced")
    engine.open(service.form(lang="fr"))
    assert engine.evaluate("return matchMedia('(forced-colors: active)').matches")
    calm = engine.screenshot()
    engine.evaluate("document.querySelector('[value=good]').checked = true")
    assert lines_around(engine, "label:has(:checked)") == ["2px", "solid"]
    chosen = engine.screenshot()
    engine.evaluate("document.querySelector('[value=good]').checked = false")
    engine.press("Tab")
    assert lines_around(engine, ":focus-visible + svg") == ["3px", "solid"]
    assert len({calm, chosen, engine.screenshot()}) == 3
    engine.open(service.form(lang="fr").replace(service.key, service.malfunction))
    list(Walk(engine).malfunction())
    assert engine.evaluate("return getComputedStyle(document.querySelector('.e')).borderInlineStartWidth") == "2px"
    assert "Choisissez" in engine.text(".e")
    engine.wear("light")


def lines_around(engine: Engine, css: str) -> list[str]:
    outline = f"getComputedStyle(document.querySelector({css!r}))"
    found: list[str] = engine.evaluate(
        f"const {{ outlineWidth, outlineStyle }} = {outline}; return [outlineWidth, outlineStyle]"
    )
    return found
