"""Every language is complete, or the service does not start."""

import re
from importlib.resources import files
from typing import Any

import msgspec
import pytest

from collector.errors import SettingsError
from embed.language import choose, languages, read

FRENCH = (files("embed") / "languages" / "fr.toml").read_text("utf-8")


def test_french_and_english_are_complete() -> None:
    assert {"fr", "en"} <= set(languages())


def test_the_french_wording_of_the_national_questionnaire_is_exact() -> None:
    words = languages()["fr"]
    assert words.questions.satisfaction == "De façon générale, comment ça s'est passé ?"
    assert words.questions.comprehension == "Qu'avez-vous pensé des informations et des instructions fournies ?"
    assert words.questions.verbatim == "Souhaitez-vous nous en dire plus ?"
    assert list(words.codes.satisfaction.values()) == ["Pas bien", "Moyen", "Très bien"]
    assert words.satisfaction.introduction == (
        "Aidez-nous à améliorer *{title}* en répondant à quelques questions. Vos réponses sont anonymes."
    )


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        (FRENCH.replace('back = "Revenir"', ""), "back"),
        (FRENCH.replace("[loader]", '[loader]\nsurprise = "!"'), "surprise"),
        (FRENCH.replace('phone = "Par téléphone"\n', ""), "phone"),
        (FRENCH.replace('website = "Des sites internet"', 'website = "Des sites internet"\nfax = "Par fax"'), "fax"),
        (FRENCH.replace('code = "fr"', 'code = "de"'), "de"),
        (FRENCH.replace('direction = "ltr"', 'direction = "up"'), "direction"),
        ("not toml", "fr.toml"),
    ],
)
def test_an_incomplete_file_stops_the_start_and_is_named(broken: str, named: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read("fr.toml", broken.encode())
    assert "fr.toml" in refused.value.message
    assert named in refused.value.message


@pytest.mark.parametrize("code", sorted(languages()))
def test_every_language_fills_in_the_same_places(code: str) -> None:
    def places(value: Any, path: str = "") -> dict[str, set[str]]:
        if isinstance(value, str):
            return {path: set(re.findall(r"\{\w+\}", value))}
        return {place: found for key, one in value.items() for place, found in places(one, f"{path}.{key}").items()}

    assert places(msgspec.to_builtins(languages()[code])) == places(msgspec.to_builtins(languages()["fr"]))


@pytest.mark.parametrize(
    ("asked", "accepted", "shown"),
    [
        (None, None, "fr"),
        ("en", "fr", "en"),
        ("en-GB", None, "en"),
        ("xx", "en", "en"),
        ("", "sv, en;q=0.8, fr;q=0.5", "en"),
        (None, "en;q=0.2, fr;q=0.9", "fr"),
        (None, "en;q=0", "fr"),
        (None, "en;q=high, *", "fr"),
        (None, "zz," * 5000, "fr"),
    ],
)
def test_the_language_is_the_one_asked_for_then_the_browsers_then_french(
    asked: str | None, accepted: str | None, shown: str
) -> None:
    assert choose(asked, accepted).code == shown
