"""An edition as files: the very bytes that were signed, or a table with a line for each procedure."""

from collections.abc import Iterator
from typing import Any, Literal

from collector.criteria import CRITERIA
from collector.editions import Edition, EditionCriterion, EditionIndicator, EditionProcedure
from collector.exports.formats import MEDIA_TYPES, cell, csv_lines, head
from collector.storage.editions import Kept
from collector.suppression import FAMILY

EditionFormat = Literal["json", "csv"]
EDITION_FORMATS: tuple[EditionFormat, ...] = ("json", "csv")

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
    return head(COLUMNS) + csv_lines([_cells(kept.edition, one) for one in kept.edition.procedures])


def media_type(format: EditionFormat) -> str:
    return MEDIA_TYPES[format]


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
