"""The lines of a file of reviews, at about half the speed at which the driver reads them.

A million rows leave no time for a name for each value. What a row says in codes (where, in which language, the marks),
thousands of others say in the same words: such a stretch of a line is written once and remembered. What differs each
time is an identifier, a minute and free text.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from collector.exports.formats import cell, csv_lines, head
from collector.exports.rows import REVIEW_COLUMNS, given_at
from collector.schema import DESKS, Format, Placement, Procedure
from collector.storage.reviews import Given

# Stretches that are remembered, of each kind: a few megabytes.
MOST = 5_000

_COLUMNS = {name: place for place, name in enumerate(REVIEW_COLUMNS)}
_WHERE = REVIEW_COLUMNS[_COLUMNS["procedure"] : _COLUMNS["given_at"]]
_WHEN = ("given_at", "day")
_MARKS = ("satisfaction", "comprehension", "contact_tried")
_HELP = REVIEW_COLUMNS[_COLUMNS["contact_reached_counter"] : _COLUMNS["verbatim"]]


class Lines:
    """Writes CSV or NDJSON. What it writes is what `cells_of` says of each review: the tests compare them."""

    def __init__(self, format: Format, placements: Mapping[int, Placement]) -> None:
        self._placements = placements
        self._format = format
        self._stretch = _csv if format == "csv" else _json
        self.head = head(REVIEW_COLUMNS) if format == "csv" else b""
        remembered = lru_cache(maxsize=MOST)
        self._where = remembered(self._say_where)
        self._when = remembered(self._say_when)
        self._marks = remembered(self._say_marks)
        self._help = remembered(self._say_help)

    def of(self, procedure: Procedure, page: Sequence[Given]) -> bytes:
        """The lines of some reviews of a procedure."""
        pieces = self._csv_line if self._format == "csv" else self._json_line
        return "".join([pieces(procedure.slug, *row) for row in page]).encode()

    # In the order of `reviews_in_order`.
    def _csv_line(
        self, slug: str, _seq: int, day: str, public_id: str, placement: int, form: str, version: int, lang: str,
        minute: int, path: str | None, satisfaction: str | None, clarity: int | None, tried: str, other: str | None,
        reached: str, helped: str, kind: str | None, device: str | None, browser: str | None, verbatim: str | None,
        context: str | None,
    ) -> str:  # fmt: skip
        return (
            f"{public_id},{self._where(slug, placement, form, version, lang)},{self._when(minute, day)},"
            f"{_csv_text(path) if path else ''},{self._marks(satisfaction, clarity, tried)},"
            f"{_csv_text(other) if other else ''},{self._help(reached, helped, kind, device, browser)},"
            f"{_csv_text(verbatim) if verbatim else ''},{_csv_text(context) if context else ''}\r\n"
        )

    def _json_line(
        self, slug: str, _seq: int, day: str, public_id: str, placement: int, form: str, version: int, lang: str,
        minute: int, path: str | None, satisfaction: str | None, clarity: int | None, tried: str, other: str | None,
        reached: str, helped: str, kind: str | None, device: str | None, browser: str | None, verbatim: str | None,
        context: str | None,
    ) -> str:  # fmt: skip
        return (
            f'{{"id":"{public_id}",{self._where(slug, placement, form, version, lang)},{self._when(minute, day)},'
            f'"page":{_json_text(path)},{self._marks(satisfaction, clarity, tried)},'
            f'"contact_tried_other":{_json_text(other)},{self._help(reached, helped, kind, device, browser)},'
            f'"verbatim":{_json_text(verbatim)},"context":{_json_text(context)}}}\n'
        )

    def _say_where(self, slug: str, placement_id: int, form: str, version: int, lang: str) -> str:
        placement = self._placements[placement_id]
        return self._stretch(_WHERE, (slug, placement.key, placement.channel, form, version, lang))

    def _say_when(self, minute: int, day: str) -> str:
        return self._stretch(_WHEN, (given_at(minute), day))

    def _say_marks(self, satisfaction: str | None, clarity: int | None, tried: str) -> str:
        return self._stretch(_MARKS, (satisfaction, clarity, msgspec.json.decode(tried)))

    def _say_help(self, reached: str, helped: str, kind: str | None, device: str | None, browser: str | None) -> str:
        was, marks = msgspec.json.decode(reached), msgspec.json.decode(helped)
        desks = [*(was.get(desk) for desk in DESKS), *(marks.get(desk) for desk in DESKS)]
        return self._stretch(_HELP, (*desks, kind, device, browser))


def _csv(_names: Sequence[str], values: Sequence[Any]) -> str:
    return csv_lines([[cell(value) for value in values]]).decode().removesuffix("\r\n")


def _csv_text(text: str) -> str:
    text = cell(text)
    if '"' in text or "," in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def _json(names: Sequence[str], values: Sequence[Any]) -> str:
    return msgspec.json.encode(dict(zip(names, values, strict=True))).decode()[1:-1]


def _json_text(text: str | None) -> str:
    return "null" if text is None else _ENCODE(text).decode()


_ENCODE = msgspec.json.Encoder().encode
