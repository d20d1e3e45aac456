"""The document itself: what it says, what it carries, and that nobody can write into it."""

import re
from uuid import UUID

import pytest

from embed.assets import Assets
from embed.form_page import FormState, Frame, render
from embed.language import languages
from embed.posted import Values
from tests.unit.embed.conftest import target

ID = UUID("8b3a4e62-4f5c-4c6e-9f0a-0d8f0b1c2d3e")
FR = languages()["fr"]


def live(assets: Assets, **frame: object) -> str:
    state = FormState(id=ID, step="satisfaction", live=True)
    return render(target(), FR, state, Frame(**frame), assets)  # type: ignore[arg-type]  # whatever a test asks for


def step(assets: Assets, name: str, values: Values | None = None, **said: object) -> str:
    state = FormState(id=ID, step=name, values=values or {}, **said)  # type: ignore[arg-type]  # as above
    return render(target(), FR, state, Frame(), assets)


def test_the_live_page_is_whole_and_asks_for_nothing_else(assets: Assets) -> None:
    html = live(assets)
    assert html.startswith('<!doctype html><html lang="fr">')
    for name in ("satisfaction", "comprehension", "contact_tried", "contact_tried_other", "verbatim"):
        assert f'name="{name}"' in html
    assert 'name="satisfaction" value="good"' in html
    assert ID.hex in html
    assert not re.search(r"\s(src|href)=|url\(|@import", html)


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_the_style_and_the_script_are_the_built_bytes(assets: Assets, theme: str) -> None:
    html = live(assets, theme=theme)
    assert f"<style>{theme}{{}}</style>" in html
    assert "<script>form()</script>" in html


def test_a_later_step_shows_one_screen_and_carries_all_other_answers(assets: Assets) -> None:
    values = {"satisfaction": ("good",), "contact_tried": ("phone", "chat"), "verbatim": ("déjà tapé",)}
    html = step(assets, "contact_tried", values)
    assert html.count("<section") == 1
    assert "<script" not in html
    assert "<template" not in html
    assert '<input type="hidden" name="satisfaction" value="good">' in html
    assert '<input type="hidden" name="verbatim" value="déjà tapé">' in html
    assert 'value="phone" checked' in html
    assert 'value="email" checked' not in html
    assert 'type="hidden" name="contact_tried"' not in html


def test_desks_are_asked_about_only_when_they_were_tried_and_reached(assets: Assets) -> None:
    values = {"contact_tried": ("phone", "chat"), "contact_reached.chat": ("true",)}
    assert set(re.findall(r'name="contact_reached\.(\w+)"', step(assets, "contact_reached", values))) == {
        "phone",
        "chat",
    }
    asked = step(assets, "contact_satisfaction", values)
    assert set(re.findall(r'name="contact_satisfaction\.(\w+)"', asked)) == {"chat"}


def test_what_is_wrong_is_said_above_and_tied_to_its_field(assets: Assets) -> None:
    html = step(assets, "satisfaction", errors={"satisfaction": "Choisissez une réponse."})
    assert 'role="alert" tabindex="-1" autofocus' in html
    assert '<a href="#e-satisfaction">' in html
    assert '<p class="e" id="e-satisfaction">' in html
    assert html.count('aria-invalid="true" aria-describedby="e-satisfaction"') == 3
    assert "<title>Votre réponse est à corriger" in html


def test_what_became_of_the_answer_is_said_and_it_can_be_sent_again(assets: Assets) -> None:
    html = step(assets, "verbatim", {"verbatim": ("gardé",)}, message=FR.messages.too_many)
    assert FR.messages.too_many in html
    assert "gardé</textarea>" in html
    assert ">Envoyer à nouveau</button>" in html


def test_the_questions_in_sign_language_are_a_link_where_they_are_to_be_had(assets: Assets) -> None:
    video = "https://videos.exemple.fr/lsf"
    assert f'<a href="{video}" target="_blank" rel="noopener">{FR.form.sign_language}</a>' in live(assets, video=video)
    assert FR.form.sign_language not in live(assets)


def test_the_thanks_keep_nothing(assets: Assets) -> None:
    html = step(assets, "thanks")
    assert "Merci" in html
    assert "<form" not in html
    assert ID.hex not in html


HOSTILE = "\"'><script>alert(1)</script>{{7*7}}*x*</textarea>"


@pytest.mark.parametrize("name", ["satisfaction", "comprehension", "contact_tried", "verbatim"])
def test_nothing_that_was_typed_can_leave_its_place(assets: Assets, name: str) -> None:
    values = dict.fromkeys(("verbatim", "contact_tried_other", "satisfaction", "comprehension"), (HOSTILE,))
    state = FormState(id=ID, step=name, values=values, page=f"/{HOSTILE}", message=HOSTILE)
    html = render(target(title=HOSTILE), FR, state, Frame(embed=True, hosts=(HOSTILE,)), assets)
    assert "<script" not in html
    assert "49" not in html
    assert html.count("</textarea>") == (name == "verbatim")


def test_only_a_placement_that_wants_it_asks_for_an_address(assets: Assets) -> None:
    state = FormState(id=ID, step="kind", live=True)
    without, having = (render(target("malfunction", contact=on), FR, state, Frame(), assets) for on in (False, True))
    assert "contact_email" not in without
    assert 'type="email"' in having
    assert FR.form.anonymous in without


@pytest.mark.parametrize("code", sorted(languages()))
def test_every_language_renders_every_screen(assets: Assets, code: str) -> None:
    words = languages()[code]
    html = render(target(), words, FormState(id=ID, step="satisfaction", live=True), Frame(), assets)
    assert f'<html lang="{code}"{" dir=" + chr(34) + "rtl" + chr(34) if code == "ar" else ""}>' in html
    for question in (words.questions.satisfaction, words.questions.contact_reached, words.questions.verbatim):
        assert question in html
