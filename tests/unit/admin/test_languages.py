"""The admin in every language: each sentence of its pages, each word of its codes, each figure."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from jinja2 import Environment
from jinja2.ext import extract_from_ast

import admin
from admin import tabs, words
from admin.language import LANGUAGES, Language, speak, translated, vocabulary
from collector.themes import themes

ROOM = Path(admin.__file__).parent
OTHERS = [language for language in LANGUAGES if language != "fr"]
FIELDS = re.compile(r"\{(\w*)\}")


def of_templates() -> Iterator[str]:
    environment = Environment()  # noqa: S701 - nothing is rendered
    for file in sorted((ROOM / "templates").glob("*.html")):
        tree = environment.parse(file.read_text())
        for _, _, said in extract_from_ast(tree, ("_",)):
            # With values it comes as a tuple, of which they are the rest.
            yield from (text for text in (said if isinstance(said, tuple) else (said,)) if text)


def of_code() -> Iterator[str]:
    """What is translated, refused with, or raised, where the sentence itself stands there."""
    for file in [
        *ROOM.glob("*.py"),
        *ROOM.glob("pages/*.py"),
        *ROOM.glob("bulk/*.py"),
        ROOM.parent / "collector" / "fields.py",
        ROOM.parent / "collector" / "exports" / "links.py",
    ]:
        tree = ast.parse(file.read_text())
        yield from _named_sentences(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                for place in _PLACES.get(name, ()):
                    for argument in node.args[place]:
                        yield from _text(argument)


def _named_sentences(tree: ast.Module) -> Iterator[str]:
    """Sentences that have a name because they are said in two places."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper():
            yield from (text for text in _text(node.value) if " " in text and text.endswith((".", "?")))


def of_errors() -> Iterator[str]:
    """Titles and details of errors, wherever they are declared."""
    for file in [ROOM.parent / "collector" / "errors.py", *ROOM.glob("*.py"), *ROOM.glob("pages/*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ClassDef) and any("title" in names or "detail" in names for names, _ in _set(node)):
                for names, value in _set(node):
                    for name, text in zip(names, value.elts if isinstance(value, ast.Tuple) else [value], strict=False):
                        if name in {"title", "detail"}:
                            yield from _text(text)


_ERRORS = ("NotFound", "Forbidden", "BadRequest", "Conflict", "AvisError", "Unreadable")
# Which arguments of a call are sentences.
_PLACES = {
    "translated": (slice(1),),
    "refuse": (slice(1, 2),),
    "Unfit": (slice(1, 2),),
    "_heads": (slice(None),),
    "_distribution": (slice(2),),
    **dict.fromkeys(_ERRORS, (slice(1),)),
}


def _set(node: ast.ClassDef) -> Iterator[tuple[list[str], ast.expr]]:
    for line in node.body:
        if isinstance(line, ast.Assign):
            target = line.targets[0]
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            yield [name.id for name in names if isinstance(name, ast.Name)], line.value


def _text(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
        yield node.value


def sentences() -> list[str]:
    of_tabs = [text for group, pages in tabs.GROUPS for text in (group, *(name for _, name in pages))]
    of_tabs += [text for _, text in tabs.SERVICE]
    of_themes = [theme.name for theme in themes().values()]
    return list(dict.fromkeys([*of_templates(), *of_code(), *of_errors(), *of_tabs, *of_themes]))


def test_there_is_much_to_say() -> None:
    assert len(sentences()) > 1_000


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_said_in_every_language_with_the_same_values(language: Language) -> None:
    known = vocabulary(language)["sentences"]
    assert [text for text in sentences() if text not in known] == []
    assert [text for text in known if sorted(FIELDS.findall(text)) != sorted(FIELDS.findall(known[text]))] == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_code_has_a_word_in_every_language(language: Language) -> None:
    french, other = vocabulary("fr"), vocabulary(language)
    assert {table: sorted(codes) for table, codes in french.items()} == {
        table: sorted(codes) for table, codes in other.items() if table != "sentences"
    }


@pytest.fixture
def english() -> Iterator[None]:
    speak("en")
    yield
    speak("fr")


@pytest.mark.usefixtures("english")
def test_english_figures_and_dates_are_written_as_the_english_write_them() -> None:
    assert (words.number(12345), words.percent(1, 2), words.figure("7,9"), words.figure("72 %")) == (
        "12,345",
        "50%",
        "7.9",
        "72%",
    )
    assert (words.plural(0, "review", "reviews"), words.plural(1, "review", "reviews")) == ("0 reviews", "1 review")
    assert words.long_date(date(2026, 3, 1)) == "1 March 2026"
    assert words.date_time(datetime(2026, 3, 1, 10, 5, tzinfo=UTC)) == "01/03/2026, 11:05"
    assert (words.month_name("2026-11"), words.lasting(timedelta(days=3))) == ("Nov 2026", "3 days")
    assert (words.signed(-0.4, 10), words.high_end(0.5, 1)) == ("\N{MINUS SIGN}0.4", "50%")


@pytest.mark.usefixtures("english")
def test_what_has_no_english_yet_is_said_in_french() -> None:
    assert translated("Une phrase de {n} mots que personne n'a traduite.", n=7).startswith("Une phrase de 7 mots")
