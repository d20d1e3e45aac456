"""An edition as files: the very bytes that were signed, a table with a line for each procedure, the signature."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from collector.criteria import CRITERIA
from collector.editions import Edition, EditionCriterion, EditionIndicator, EditionProcedure
from collector.exports.formats import MEDIA_TYPES, cell, csv_lines, head
from collector.exports.signatures import PublicKey, holds
from collector.storage.editions import Kept
from collector.suppression import FAMILY

EditionFormat = Literal["json", "csv", "sig"]
EDITION_FORMATS: tuple[EditionFormat, ...] = ("json", "csv", "sig")
ENDINGS: Mapping[EditionFormat, str] = {"json": ".json", "csv": ".csv", "sig": ".sig.json"}
"""How the names of its files end, here and in addresses."""


class Signature(Struct, frozen=True):
    """The signature of the JSON file's bytes, with the key as a member of a JWK Set: the one the service published."""

    name: str
    sha256: str
    alg: str
    signature: str
    key: PublicKey


_PROCEDURE = ("slug", "title", "organisation", "ministry", "audiences", "state", "reviews")
_INDICATOR = ("", "_state", "_count", "_low", "_high", "_level", "_change", "_change_stands")
_CRITERION = ("", "_standing", "_level", "_day", "_evidence", "_level_before")
COLUMNS: tuple[str, ...] = (
    "edition",
    *_PROCEDURE,
    *(name + end for name in FAMILY for end in _INDICATOR),
    *(one.name + end for one in CRITERIA for end in _CRITERION),
)


def file_of(kept: Kept, format: EditionFormat) -> bytes:
    """The file to hand out. Only the JSON one is what the digest and the signature are of."""
    if format == "json":
        return kept.content
    if format == "sig":
        return msgspec.json.encode(signature_of(kept)) + b"\n"
    return head(COLUMNS) + csv_lines([_cells(kept.edition, one) for one in kept.edition.procedures])


def signature_of(kept: Kept) -> Signature:
    one = kept.heading
    return Signature(one.name, one.digest, "ed25519", one.signature, PublicKey(one.signed_with, one.public_key))


def is_signed(kept: Kept) -> bool:
    """Whether these bytes are those that the key kept beside them has signed, and that key is named rightly."""
    said = signature_of(kept)
    return kept.is_whole and said.key.is_named_rightly and holds(said.key, said.signature, kept.content)


def media_type(format: EditionFormat) -> str:
    return MEDIA_TYPES["csv" if format == "csv" else "json"]


def _cells(edition: Edition, one: EditionProcedure) -> list[Any]:
    found: dict[str, Any] = {"edition": edition.name}
    found |= {name: getattr(one, name) for name in _PROCEDURE} | {"audiences": list(one.audiences)}
    for indicator in one.indicators:
        found.update(zip((indicator.name + end for end in _INDICATOR), _of_indicator(indicator), strict=True))
    for criterion in one.criteria:
        found.update(zip((criterion.name + end for end in _CRITERION), _of_criterion(criterion), strict=True))
    # An edition of another time may lack what is asked for today.
    return [cell(found.get(name)) for name in COLUMNS]


def _of_indicator(one: EditionIndicator) -> Iterator[Any]:
    change = one.change
    yield from (one.value, one.state, one.count, one.low, one.high, one.level)
    yield from (change.value, change.stands) if change else (None, None)


def _of_criterion(one: EditionCriterion) -> Iterator[Any]:
    yield from (one.value, one.standing, one.level, one.day, one.evidence, one.before)
