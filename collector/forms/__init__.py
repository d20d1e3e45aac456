"""The questionnaires as data, and the check of answers against them."""

from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from collector.schema import FormName


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
