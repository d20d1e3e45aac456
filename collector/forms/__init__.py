"""The questionnaires as data, what an owner may leave out of them, and the check of answers against them."""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

import msgspec

from collector.forms.own import LONGEST_TEXT
from collector.schema import OWN_NAMES, STANDARD, Adjustments, FormName, OwnKind, OwnQuestion, Target

FieldType = Literal["choice", "choices", "scale", "scales", "reached", "text", "email"]
_TYPES: dict[OwnKind, FieldType] = {"single": "choice", "multiple": "choices", "scale": "scale", "text": "text"}


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question. `codes` are what may be answered; `longest` counts Unicode code points; `own` is an owner's."""

    name: str
    type: FieldType
    codes: tuple[str, ...] = ()
    longest: int = 0
    required: bool = False
    own: OwnQuestion | None = None


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked together, on one screen."""

    name: str
    fields: tuple[Field, ...]


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: FormName
    version: int
    steps: tuple[Step, ...]

    def field(self, name: str) -> Field:
        return next(field for step in self.steps for field in step.fields if field.name == name)


@cache
def form(name: FormName) -> Form:
    """The standard form of that name."""
    text = (files(__package__) / f"{name}.toml").read_bytes()
    return msgspec.toml.decode(text, type=Form)


def form_of(target: Target) -> Form:
    """The form as its owner wants it shown."""
    standard = form(target.placement.form)
    return standard if target.version == STANDARD else adjusted(standard, target.version, target.adjustments)


@lru_cache(maxsize=1000)
def adjusted(standard: Form, version: int, adjustments: Adjustments) -> Form:
    """The form as its owner asks it: own questions stand on a step of their own, before the comment.

    What is not asked is left out, and a question that nothing leads to any more goes as well.
    """
    steps = [
        Step(step.name, tuple(_asked(step.fields, adjustments)))
        for step in standard.steps
        if step.name not in adjustments.hidden_steps
    ]
    if adjustments.questions:
        steps.insert(-1, Step("questions", tuple(_own(adjustments.questions))))
    return Form(standard.name, version, tuple(steps))


def _own(questions: Sequence[OwnQuestion]) -> Iterator[Field]:
    for name, asked in zip(OWN_NAMES, questions, strict=False):
        codes = asked.codes if asked.kind in {"single", "multiple"} else ()
        yield Field(name, _TYPES[asked.kind], codes, LONGEST_TEXT if asked.kind == "text" else 0, own=asked)


def _asked(fields: tuple[Field, ...], adjustments: Adjustments) -> Iterator[Field]:
    hidden: frozenset[str] = frozenset(adjustments.hidden_means)
    for field in fields:
        if field.name == "contact_tried_other" and "other" in hidden:
            continue
        if not field.name.startswith("contact_"):
            yield field
        elif codes := tuple(code for code in field.codes if code not in hidden):
            yield msgspec.structs.replace(field, codes=codes)
        elif not field.codes:
            yield field
