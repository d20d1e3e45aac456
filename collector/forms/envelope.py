"""The envelope of a submission: what is around the answers, and that nothing is said twice."""

import json
import re
from typing import Any, TypeVar

import msgspec

from collector.errors import InvalidAnswers, MalformedJSON
from collector.forms.answers import explain
from collector.schema import Submission

Told = TypeVar("Told")
_DECODER = msgspec.json.Decoder(Submission)
# In JSON without a backslash every quotation mark begins or ends a string, so these are its keys and nothing else.
_KEYS = re.compile(rb'"(\w+)"[ \t\r\n]*:')


def parse(body: bytes) -> Submission:
    """The envelope of a submission. Raises MalformedJSON (not JSON, or a key twice) or InvalidAnswers (bad field)."""
    try:
        return decoded(body, _DECODER)
    except msgspec.ValidationError as error:
        raise InvalidAnswers(errors=[explain(error)]) from None


def decoded(body: bytes, decoder: msgspec.json.Decoder[Told]) -> Told:
    """Raises MalformedJSON, or msgspec's ValidationError for the first bad field."""
    try:
        told = decoder.decode(body)
        if not _is_each_key_once(body):
            _refuse_duplicates(body)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, ValueError, RecursionError):
        # ValueError: not UTF-8, or a number of more digits than Python reads.
        raise MalformedJSON from None
    return told


def _is_each_key_once(body: bytes) -> bool:
    """Whether no key comes twice anywhere, which is so for most submissions and quickly seen."""
    if b"\\" in body:
        return False
    keys = _KEYS.findall(body)
    return len(set(keys)) == len(keys)


def _refuse_duplicates(body: bytes) -> None:
    """Refuse a body that says two things at once: of two equal keys msgspec keeps the last.

    The standard parser sees every pair, on a body that msgspec has already bounded.
    """
    json.loads(body, object_pairs_hook=_unique)


def _unique(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise MalformedJSON("La même clé figure deux fois dans un objet. Gardez-en une seule.")
