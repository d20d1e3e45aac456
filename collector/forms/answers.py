"""Decode answers against a form and say, field by field, what is wrong with them.

msgspec checks shapes and codes in C; the rules that relate one answer to another are here. Its English messages are
never shown: they are matched once to a code and a French sentence.
"""

import re
import unicodedata
from functools import cache
from typing import Any

import msgspec

from collector.errors import FieldError, InvalidAnswers
from collector.forms import form
from collector.forms.texts import broken as broken_text
from collector.schema import Answers, FormName, MalfunctionAnswers, SatisfactionAnswers

_DECODERS: dict[FormName, msgspec.json.Decoder[Any]] = {
    "satisfaction": msgspec.json.Decoder(SatisfactionAnswers),
    "malfunction": msgspec.json.Decoder(MalfunctionAnswers),
}
_TYPES: dict[FormName, type[Answers]] = {"satisfaction": SatisfactionAnswers, "malfunction": MalfunctionAnswers}
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def decode(name: FormName, raw: bytes | msgspec.Raw) -> Answers:
    """Answers of one form from their JSON. Raises InvalidAnswers, which names each bad field."""
    try:
        answers: Answers = _DECODERS[name].decode(raw)
    except msgspec.ValidationError as error:
        raise InvalidAnswers(errors=[explain(error, "$.answers")]) from None
    return check(name, answers)


def convert(name: FormName, values: dict[str, object]) -> Answers:
    """The same from values that a browser form posted."""
    try:
        answers: Answers = msgspec.convert(values, _TYPES[name])
    except msgspec.ValidationError as error:
        raise InvalidAnswers(errors=[explain(error, "$.answers")]) from None
    return check(name, answers)


def check(name: FormName, answers: Answers) -> Answers:
    """The rules between answers. Raises InvalidAnswers with one entry for each broken rule."""
    if isinstance(answers, SatisfactionAnswers):
        broken = [*_texts(name, answers, "contact_tried_other", "verbatim"), *_contact(answers)]
    else:
        broken = _malfunction(name, answers)
    if broken:
        raise InvalidAnswers(errors=broken)
    return answers


def _contact(answers: SatisfactionAnswers) -> list[FieldError]:
    tried = answers.contact_tried or []
    broken: list[FieldError] = []
    if len(set(tried)) != len(tried):
        broken.append(_error("contact_tried", "duplicate", "Chaque moyen de contact ne se coche qu'une fois."))
    if "none" in tried and len(tried) > 1:
        broken.append(
            _error("contact_tried", "exclusive", "« Je n'ai pas eu besoin d'aide » ne va avec aucune autre réponse.")
        )
    if answers.contact_tried_other and "other" not in tried:
        broken.append(_error("contact_tried_other", "not-asked", "Ce texte ne va qu'avec la réponse « Autres »."))
    broken += [
        _error(f"contact_reached.{desk}", "not-tried", "Ce moyen de contact n'est pas parmi ceux essayés.")
        for desk in answers.contact_reached or {}
        if desk not in tried
    ]
    reached = {desk for desk, was in (answers.contact_reached or {}).items() if was}
    broken += [
        _error(f"contact_satisfaction.{desk}", "not-reached", "L'aide ne se note que si elle a été jointe.")
        for desk in answers.contact_satisfaction or {}
        if desk not in reached
    ]
    return broken


def _malfunction(name: FormName, answers: MalfunctionAnswers) -> list[FieldError]:
    broken = _texts(name, answers, "verbatim", "contact_email")
    if not _letters(answers.verbatim):
        broken.append(_error("verbatim", "required", "Décrivez le problème en quelques mots."))
    if answers.contact_email and not _EMAIL.fullmatch(answers.contact_email):
        broken.append(_error("contact_email", "email", "Attendu : une adresse comme nom@exemple.fr."))
    return broken


def _letters(text: str) -> bool:
    return any(unicodedata.category(letter)[0] in "LNPS" for letter in text)


def _texts(name: FormName, answers: Answers, *fields: str) -> list[FieldError]:
    return [
        error
        for field in fields
        if (text := getattr(answers, field))
        for error in broken_text(f"$.answers.{field}", text, _longest(name, field))
    ]


@cache
def _longest(name: FormName, field: str) -> int:
    return form(name).field(field).longest


def _error(field: str, code: str, message: str) -> FieldError:
    return FieldError(f"$.answers.{field}", code, message)


# msgspec's message -> our code and what to do, in French.
_SENTENCES = (
    (r"Object missing required field `(?P<name>\w+)`", "required", "Ce champ est obligatoire."),
    (r"Object contains unknown field `(?P<name>.*)`", "unknown-field", "Ce champ n'existe pas dans ce formulaire."),
    (r"Invalid enum value", "unknown-code", "Ce code n'est pas une réponse possible."),
    (r"Expected `int` [<>]=|Integer value out of range", "out-of-range", "Attendu : un nombre entier de 1 à 5."),
    (r"Expected `str` of length", "too-long", "Ce texte est trop long."),
    (r"Expected `str` matching|Invalid UUID", "malformed", "Cette valeur n'a pas la forme attendue."),
    (
        r"Expected `(?:array|object|str|int|bool|null|uuid)",
        "wrong-type",
        "Le type de cette valeur n'est pas celui attendu.",
    ),
)


def explain(error: msgspec.ValidationError, root: str = "$") -> FieldError:
    """The bad field that msgspec met first, in our words."""
    text = str(error)
    path = root
    if at := re.search(r" - at `(?:key` in `)?\$(?P<path>.*)`$", text):
        path = root + at["path"]
    for pattern, code, message in _SENTENCES:
        if found := re.match(pattern, text):
            name = found.groupdict().get("name")
            return FieldError(f"{path}.{name}" if name else path, code, message)
    return FieldError(path, "invalid", "Cette valeur n'est pas acceptée.")
