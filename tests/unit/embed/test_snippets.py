"""What an owner pastes: short, pinned, and honest about what to allow."""

import re

import pytest

from embed import buttons, qr
from embed.assets import Assets
from embed.language import languages
from embed.snippets import Snippet, snippets
from tests.unit.embed.conftest import target

FR = languages()["fr"]
BASE = "https://avis.exemple.fr"


@pytest.fixture
def pasted(assets: Assets) -> dict[str, Snippet]:
    return {snippet.mode: snippet for snippet in snippets(target(), BASE, assets, FR)}


def test_every_mode_has_a_snippet_of_at_most_three_lines(pasted: dict[str, Snippet]) -> None:
    assert list(pasted) == ["dialog", "inline", "corner", "iframe", "link", "image", "kiosk", "qr"]
    for snippet in pasted.values():
        assert len(snippet.code.splitlines()) <= 3
        assert snippet.title
        assert snippet.purpose


def test_the_script_is_pinned_and_the_link_is_inside_the_element(pasted: dict[str, Snippet], assets: Assets) -> None:
    code = pasted["dialog"].code
    assert f'<a href="{BASE}/avis/0123456789abcdef0123">Je donne mon avis</a></je-donne-mon-avis>' in code
    assert f'src="{BASE}/widget/v1.{assets.loader_hash}.js"' in code
    assert 'integrity="sha384-of-the-loader" crossorigin="anonymous" defer' in code


def test_the_policy_names_what_the_snippet_needs_and_no_more(pasted: dict[str, Snippet]) -> None:
    assert pasted["dialog"].policy == f"script-src {BASE}; frame-src {BASE}"
    assert pasted["iframe"].policy == f"frame-src {BASE}"
    assert pasted["link"].policy == ""


@pytest.mark.parametrize("lang", sorted(languages()))
def test_platforms_that_allow_only_a_picture_in_a_link_get_just_that(assets: Assets, lang: str) -> None:
    (image,) = [one for one in snippets(target(), BASE, assets, languages()[lang]) if one.mode == "image"]
    tags = re.findall(r"<(\w+)([^>]*)>", image.code)
    assert [tag for tag, _ in tags] == ["a", "img"]
    used = [name for _, text in tags for name in re.findall(r' ([\w-]+)="', text)]
    assert set(used) <= {"href", "src", "alt", "title", "target", "rel"}
    assert re.findall(r'(?:href|src)="(\w+):', image.code) == ["https", "https"]


def test_a_title_of_an_owner_cannot_break_out_of_the_snippet(assets: Assets) -> None:
    for snippet in snippets(target(title='"><script>'), BASE, assets, FR):
        assert '"><script>' not in snippet.code


def test_the_qr_code_is_a_picture_in_both_formats() -> None:
    assert qr.svg(f"{BASE}/avis/k").startswith(b"<svg")
    assert qr.png(f"{BASE}/avis/k").startswith(b"\x89PNG")


def test_the_qr_code_within_a_page_needs_no_style_and_says_nothing_in_words() -> None:
    drawn = qr.inline("otpauth://totp/secret")
    assert drawn.startswith("<svg")
    assert "style" not in drawn
    assert "secret" not in drawn
    assert drawn != qr.inline("otpauth://totp/another")


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("style", buttons.STYLES)
@pytest.mark.parametrize("theme", buttons.THEMES)
def test_each_button_is_text_that_reads_well_on_its_ground(style: str, theme: str) -> None:
    svg = buttons.svg(style, theme, FR)
    assert ">Je donne mon avis</text>" in svg
    paint = buttons.PAINTS[f"{style}-{theme}"]
    lighter, darker = sorted((_luminance(paint.ground), _luminance(paint.ink)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 7


def test_for_a_page_in_another_language_each_snippet_asks_for_it(assets: Assets) -> None:
    found = {snippet.mode: snippet.code for snippet in snippets(target(), BASE, assets, languages()["en"])}
    for mode in ("dialog", "inline", "corner"):
        assert f'<je-donne-mon-avis key="{target().placement.key}"' in found[mode]
        assert ' lang="en">' in found[mode].splitlines()[0]
    for mode in ("dialog", "inline", "corner", "iframe", "link", "image", "kiosk"):
        assert "lang=en" in found[mode]
    assert f">{languages()['en'].satisfaction.title}</a>" in found["link"]
