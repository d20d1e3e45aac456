"""The questionnaires as data, what an owner may leave out of them, and the check of answers against them."""

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

import msgspec

from collector.schema import STANDARD, Adjustments, FormName, Target


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question. `codes` are what may be answered; `longest` counts Unicode code points."""

    name: str
    type: Literal["choice", "choices", "scale", "scales", "reached", "text", "email"]
    codes: tuple[str, ...] = ()
    longest: int = 0
    required: bool = False


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
    """The form without what its owner does not ask. A question that nothing leads to any more goes as well."""
    steps = [
        Step(step.name, tuple(_asked(step.fields, adjustments)))
        for step in standard.steps
        if step.name not in adjustments.hidden_steps
    ]
    return Form(standard.name, version, tuple(steps))


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
