"""The lines of a file of reviews, at more than half the speed at which the driver reads them.

A million rows leave no time for a name for each value. What a row says in codes (where, in which language, the marks),
thousands of others say in the same words: such a stretch of a line is written once and remembered. What differs each
time is an identifier, a minute and free text. Two loops are longer than they would be elsewhere, because a call for
each row would cost as much as what it does.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from collector.exports.formats import cell, csv_lines, guarded, head
from collector.exports.rows import REVIEW_COLUMNS
from collector.schema import DESKS, Format, Placement, Procedure, moment_of
from collector.storage.reviews import Given

# Stretches that are remembered, of each kind: a few megabytes.
MOST = 5_000
A_DAY = 24 * 60

_COLUMNS = {name: place for place, name in enumerate(REVIEW_COLUMNS)}
_WHERE = REVIEW_COLUMNS[_COLUMNS["procedure"] : _COLUMNS["given_at"]]
_MARKS = ("satisfaction", "comprehension", "contact_tried")
_AT_DESKS = REVIEW_COLUMNS[_COLUMNS["contact_reached_counter"] : _COLUMNS["verbatim"]]


class Lines:
    """Writes CSV or NDJSON. What it writes is what `cells_of` says of each review: the tests compare them."""

    def __init__(self, format: Format, placements: Mapping[int, Placement]) -> None:
        self._placements = placements
        self._pieces = self._csv_lines if format == "csv" else self._json_lines
        self._stretch = _csv if format == "csv" else _json
        self.head = head(REVIEW_COLUMNS) if format == "csv" else b""
        self._where = _Remembered(self._say_where)
        self._marks = _Remembered(self._say_marks)
        self._desks = _Remembered(self._say_desks)
        # A minute is a date and a time of the day: few of each, and of both together as many as a year has minutes.
        self._dates = _Remembered(_say_date)
        self._times = _Remembered(_say_time)

    def of(self, procedure: Procedure, page: Sequence[Given]) -> bytes:
        """The lines of some reviews of a procedure."""
        return b"".join(self._pieces(procedure.slug, page))

    # In the order of `reviews_in_order`. A line is bytes at once: one "é" makes the encoding of a whole text slow.
    def _csv_lines(self, slug: str, page: Sequence[Given]) -> list[bytes]:
        where, dates, times, marks, desks = self._where, self._dates, self._times, self._marks, self._desks
        return [
            f"{public_id},{where[slug, placement, form, version, lang]},"
            f"{dates[minute // A_DAY]}T{times[minute % A_DAY]}Z,{day},"
            f"{_csv_text(path) if path else ''},{marks[satisfaction, clarity, tried]},"
            f"{_csv_text(other) if other else ''},{desks[reached, helped, kind, device, browser]},"
            f"{_csv_text(verbatim) if verbatim else ''},{_csv_text(context) if context else ''}\r\n".encode()
            for (
                _seq, day, public_id, placement, form, version, lang, minute, path, satisfaction, clarity, tried,
                other, reached, helped, kind, device, browser, verbatim, context,
            ) in page
        ]  # fmt: skip

    def _json_lines(self, slug: str, page: Sequence[Given]) -> list[bytes]:
        where, dates, times, marks, desks = self._where, self._dates, self._times, self._marks, self._desks
        pieces: list[bytes] = []
        for (
            _seq, day, public_id, placement, form, version, lang, minute, path, satisfaction, clarity, tried,
            other, reached, helped, kind, device, browser, verbatim, context,
        ) in page:  # fmt: skip
            start = (
                f'{{"id":"{public_id}",{where[slug, placement, form, version, lang]},'
                f'"given_at":"{dates[minute // A_DAY]}T{times[minute % A_DAY]}Z","day":"{day}",'
                f'"page":{"null" if path is None else _json_text(path)},{marks[satisfaction, clarity, tried]},'
                f'"contact_tried_other":{"null" if other is None else _json_text(other)},'
                f'{desks[reached, helped, kind, device, browser]},"verbatim":'
            )
            # What people write stays apart: it is where the accents are.
            pieces += start.encode(), _ENCODE(verbatim), b',"context":', _ENCODE(context), b"}\n"
        return pieces

    def _say_where(self, said: tuple[str, int, str, int, str]) -> str:
        slug, placement_id, form, version, lang = said
        placement = self._placements[placement_id]
        return self._stretch(_WHERE, (slug, placement.key, placement.channel, form, version, lang))

    def _say_marks(self, said: tuple[str | None, int | None, str]) -> str:
        satisfaction, clarity, tried = said
        return self._stretch(_MARKS, (satisfaction, clarity, msgspec.json.decode(tried)))

    def _say_desks(self, said: tuple[str, str, str | None, str | None, str | None]) -> str:
        reached, helped, *device = said
        was, marks = msgspec.json.decode(reached), msgspec.json.decode(helped)
        each = [*(was.get(desk) for desk in DESKS), *(marks.get(desk) for desk in DESKS)]
        return self._stretch(_AT_DESKS, (*each, *device))


class _Remembered(dict[Any, str]):
    """What was written of a key, until there are too many: then it begins anew."""

    def __init__(self, say: Callable[[Any], str]) -> None:
        self._say = say

    def __missing__(self, key: Any) -> str:
        if len(self) >= MOST:
            self.clear()
        text = self[key] = self._say(key)
        return text


def _say_date(date: int) -> str:
    return moment_of(date * A_DAY).strftime("%Y-%m-%d")


def _say_time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _csv(_names: Sequence[str], values: Sequence[Any]) -> str:
    return csv_lines([[cell(value) for value in values]]).decode().removesuffix("\r\n")


def _csv_text(text: str) -> str:
    text = guarded(text)
    if '"' in text or "," in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def _json(names: Sequence[str], values: Sequence[Any]) -> str:
    return msgspec.json.encode(dict(zip(names, values, strict=True))).decode()[1:-1]


def _json_text(text: str) -> str:
    return _ENCODE(text).decode()


_ENCODE = msgspec.json.Encoder().encode
