"""The words of the form, one file per language.

A file that lacks a word, has one too many, or forgets a code of the questionnaire stops the start: a citizen must never
meet a question without its words.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

from collector.errors import SettingsError
from collector.forms import form
from collector.schema import DESKS, FormName

DEFAULT = "fr"
_SCALE_ENDS = frozenset({"1", "5"})


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the file: each field is a word that must be there, and nothing else may."""


class FormWords(_Table, frozen=True):
    back: str
    next: str
    send: str
    again: str
    progress: str
    counter: str
    anonymous: str
    unknown: str
    page: str
    summary: str
    full_page: str
    still_there: str
    privacy: str
    clean: str
    sign_language: str


class ThanksWords(_Table, frozen=True):
    title: str
    text: str


class Opening(_Table, frozen=True):
    """What stands above a form. In `introduction`, `*{title}*` is the procedure's title, emphasised."""

    title: str
    introduction: str


class Questions(_Table, frozen=True):
    satisfaction: str
    comprehension: str
    contact_tried: str
    contact_tried_other: str
    contact_reached: str
    contact_satisfaction: str
    verbatim: str
    kind: str
    description: str
    device: str
    browser: str
    contact_email: str


class Hints(_Table, frozen=True):
    contact_tried: str
    sent_along: str
    contact_email: str


class Codes(_Table, frozen=True):
    """The label of each code, by field. Of `comprehension` only the ends have words; `desks` are short names."""

    satisfaction: Mapping[str, str]
    comprehension: Mapping[str, str]
    contact_tried: Mapping[str, str]
    desks: Mapping[str, str]
    contact_reached: Mapping[str, str]
    contact_satisfaction: Mapping[str, str]
    kind: Mapping[str, str]
    device: Mapping[str, str]
    browser: Mapping[str, str]


class FieldMessages(_Table, frozen=True, rename="kebab"):
    invalid: str
    choose: str
    describe: str
    too_long: str
    control_characters: str
    exclusive: str
    email: str


class Messages(_Table, frozen=True, rename="kebab"):
    """What became of what was sent; most are named after the code of a refusal in `collector.errors`."""

    saving: str
    saved: str
    waiting: str
    personal: str
    too_many: str
    storage_unavailable: str
    review_closed: str
    placement_closed: str
    closed: str
    unknown_key: str
    origin_not_allowed: str
    refused: str
    not_embedded: str

    def of(self, code: str) -> str:
        """The sentence for a refusal; the general one where it has none of its own."""
        text: str = getattr(self, code.replace("-", "_"), self.refused)
        return text


class LoaderWords(_Table, frozen=True):
    button: str
    close: str


class Language(_Table, frozen=True):
    """One file of `embed/languages`, read and checked."""

    code: str
    name: str
    direction: Literal["ltr", "rtl"]
    form: FormWords
    thanks: ThanksWords
    satisfaction: Opening
    malfunction: Opening
    questions: Questions
    hints: Hints
    codes: Codes
    fields: FieldMessages
    messages: Messages
    loader: LoaderWords

    def opening(self, name: FormName) -> Opening:
        return self.satisfaction if name == "satisfaction" else self.malfunction


@cache
def languages() -> Mapping[str, Language]:
    """Every language by its code. Raises SettingsError, which names the file and what is missing in it."""
    folder = files(__package__) / "languages"
    found = [read(path.name, path.read_bytes()) for path in folder.iterdir() if path.name.endswith(".toml")]
    return {language.code: language for language in sorted(found, key=lambda language: language.code)}


def read(name: str, text: bytes) -> Language:
    """One language from its file. Raises SettingsError."""
    try:
        language = msgspec.toml.decode(text, type=Language)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise SettingsError(f"embed/languages/{name} : {error}") from error
    if name != f"{language.code}.toml":
        raise SettingsError(f"embed/languages/{name} : le code « {language.code} » n'est pas le nom du fichier.")
    for table, expected in _expected().items():
        given = frozenset(getattr(language.codes, table))
        if given != expected:
            wrong = ", ".join(sorted(given ^ expected))
            raise SettingsError(f"embed/languages/{name} : [codes.{table}], clés absentes ou en trop : {wrong}.")
    return language


def choose(asked: str | None, accepted: str | None) -> Language:
    """The language to show: the one asked for, else the browser's preference, else French."""
    known = languages()
    for tag in [asked or "", *_preferences(accepted or "")]:
        if language := known.get(tag) or known.get(tag.lower().partition("-")[0]):
            return language
    return known[DEFAULT]


def _preferences(header: str) -> list[str]:
    """Tags of an Accept-Language header, the most wanted first."""
    weighted: list[tuple[float, int, str]] = []
    for part in header.split(",")[:20]:
        tag, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        if quality > 0:
            weighted.append((-quality, len(weighted), tag))
    return [tag for _, _, tag in sorted(weighted)]


@cache
def _expected() -> Mapping[str, frozenset[str]]:
    satisfaction, malfunction = form("satisfaction"), form("malfunction")
    return {
        "satisfaction": frozenset(satisfaction.field("satisfaction").codes),
        "comprehension": _SCALE_ENDS,
        "contact_tried": frozenset(satisfaction.field("contact_tried").codes),
        "desks": frozenset(DESKS),
        "contact_reached": frozenset({"true", "false"}),
        "contact_satisfaction": frozenset("12345"),
        "kind": frozenset(malfunction.field("kind").codes),
        "device": frozenset(malfunction.field("device").codes),
        "browser": frozenset(malfunction.field("browser").codes),
    }
