"""The one door to Jinja: escaping always on, an unknown name always an error, and no byte of indentation sent."""

import re
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template


def template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    return Environment(loader=FunctionLoader(_source), autoescape=True, undefined=StrictUndefined)


def _source(name: str) -> str:
    text = (files("embed") / "templates" / name).read_text("utf-8")
    # Templates are indented for us; a citizen's phone needs none of it.
    return re.sub(r"\n\s*", "", text)
