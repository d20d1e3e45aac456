"""The rows of a file of reviews, at more than half the speed at which the driver reads them.

A million rows leave no time for a name for each value. What a row says in codes (where, in which language, the marks),
thousands of others say in the same words: such a stretch of a line is written once and remembered. What differs each
time is an identifier, a minute and free text. Three loops are longer than they would be elsewhere, because a call for
each row would cost as much as what it does.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from collector.exports.columns import REVIEWS, Column
from collector.exports.files import CELLS, DELIMITERS
from collector.exports.formats import cell, csv_lines, guarded
from collector.exports.rows import given_at, own_cell
from collector.schema import DESKS, OWN_NAMES, Format, Placement, Procedure, moment_of
from collector.storage.reviews import Given

# Stretches that are remembered, of each kind: a few megabytes.
MOST = 5_000
A_DAY = 24 * 60

_PLACES = {column.name: place for place, column in enumerate(REVIEWS)}
_WHERE = REVIEWS[_PLACES["procedure"] : _PLACES["given_at"]]
_MARKS = REVIEWS[_PLACES["satisfaction"] : _PLACES["contact_tried_other"]]
_OWN = REVIEWS[_PLACES["question_1"] :]
_AT_DESKS = REVIEWS[_PLACES["contact_reached_counter"] : _PLACES["verbatim"]]


class Lines:
    """Writes rows of a format. What it writes is what `cells_of` says of each review: the tests compare them."""

    def __init__(self, format: Format, placements: Mapping[int, Placement]) -> None:
        self._placements = placements
        self._comma = DELIMITERS.get(format, "")
        self._cells = CELLS.get(format)
        self._rows = self._json_lines
        self._stretch: Callable[[Sequence[Column], Sequence[Any]], str] = _json
        if self._comma:
            self._rows, self._stretch = self._csv_lines, self._csv
        if self._cells:
            self._rows, self._stretch = self._sheet_rows, self._typed
            self._moments = _Remembered(self._say_moment)
            self._days = _Remembered(partial(self._cells.cell, "day"))
        self._where = _Remembered(self._say_where)
        self._marks = _Remembered(self._say_marks)
        self._desks = _Remembered(self._say_desks)
        self._owns = _Remembered(self._say_own)
        # A minute is a date and a time of the day: few of each, and of both together as many as a year has minutes.
        self._dates = _Remembered(_say_date)
        self._times = _Remembered(_say_time)

    def of(self, procedure: Procedure, page: Sequence[Given]) -> list[bytes]:
        """The rows of some reviews of a procedure."""
        return self._rows(procedure.slug, page)

    # In the order of `reviews_in_order`. A row is bytes at once: one "é" makes the encoding of a whole text slow.
    def _csv_lines(self, slug: str, page: Sequence[Given]) -> list[bytes]:
        where, dates, times, marks, desks = self._where, self._dates, self._times, self._marks, self._desks
        owns = self._owns
        c = self._comma
        return [
            f"{public_id}{c}{where[slug, placement, form, version, lang]}{c}"
            f"{dates[minute // A_DAY]}T{times[minute % A_DAY]}Z{c}{day}{c}"
            f"{_csv_text(path, c) if path else ''}{c}{marks[satisfaction, clarity, tried]}{c}"
            f"{_csv_text(other, c) if other else ''}{c}{desks[reached, helped, kind, device, browser]}{c}"
            f"{_csv_text(verbatim, c) if verbatim else ''}{c}{_csv_text(context, c) if context else ''}{c}"
            f"{owns[own, texts]}\r\n".encode()
            for (
                _seq, day, public_id, placement, form, version, lang, minute, path, satisfaction, clarity, tried,
                other, reached, helped, kind, device, browser, verbatim, context, own, texts,
            ) in page
        ]  # fmt: skip

    def _sheet_rows(self, slug: str, page: Sequence[Given]) -> list[bytes]:
        where, moments, days, marks, desks = self._where, self._moments, self._days, self._marks, self._desks
        owns = self._owns
        assert self._cells is not None  # noqa: S101 - this is how they are written
        text, (start, end) = partial(self._cells.cell, "text"), self._cells.row
        return [
            f"{start}{text(public_id)}{where[slug, placement, form, version, lang]}{moments[minute]}{days[day]}"
            f"{text(path)}{marks[satisfaction, clarity, tried]}{text(other)}"
            f"{desks[reached, helped, kind, device, browser]}{text(verbatim)}{text(context)}"
            f"{owns[own, texts]}{end}".encode()
            for (
                _seq, day, public_id, placement, form, version, lang, minute, path, satisfaction, clarity, tried,
                other, reached, helped, kind, device, browser, verbatim, context, own, texts,
            ) in page
        ]  # fmt: skip

    def _json_lines(self, slug: str, page: Sequence[Given]) -> list[bytes]:
        where, dates, times, marks, desks = self._where, self._dates, self._times, self._marks, self._desks
        owns = self._owns
        rows: list[bytes] = []
        for (
            _seq, day, public_id, placement, form, version, lang, minute, path, satisfaction, clarity, tried,
            other, reached, helped, kind, device, browser, verbatim, context, own, texts,
        ) in page:  # fmt: skip
            start = (
                f'{{"id":"{public_id}",{where[slug, placement, form, version, lang]},'
                f'"given_at":"{dates[minute // A_DAY]}T{times[minute % A_DAY]}Z","day":"{day}",'
                f'"page":{"null" if path is None else _json_text(path)},{marks[satisfaction, clarity, tried]},'
                f'"contact_tried_other":{"null" if other is None else _json_text(other)},'
                f'{desks[reached, helped, kind, device, browser]},"verbatim":'
            )
            # What people write stays apart: it is where the accents are.
            end = f",{owns[own, texts]}}}\n".encode()
            rows.append(b"".join((start.encode(), _ENCODE(verbatim), b',"context":', _ENCODE(context), end)))
        return rows

    def _say_moment(self, minute: int) -> str:
        assert self._cells is not None  # noqa: S101 - as above
        return self._cells.cell("moment", given_at(minute))

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

    def _say_own(self, said: tuple[str | None, str | None]) -> str:
        own, texts = (msgspec.json.decode(each) if each else {} for each in said)
        return self._stretch(_OWN, [own_cell(own, texts, name) for name in OWN_NAMES])

    def _csv(self, _columns: Sequence[Column], values: Sequence[Any]) -> str:
        return csv_lines([[cell(value) for value in values]], self._comma).decode().removesuffix("\r\n")

    def _typed(self, columns: Sequence[Column], values: Sequence[Any]) -> str:
        assert self._cells is not None  # noqa: S101 - as above
        return "".join(self._cells.cell(column.type, value) for column, value in zip(columns, values, strict=True))


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


def _csv_text(text: str, comma: str) -> str:
    text = guarded(text)
    if '"' in text or comma in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def _json(columns: Sequence[Column], values: Sequence[Any]) -> str:
    names = (column.name for column in columns)
    return msgspec.json.encode(dict(zip(names, values, strict=True))).decode()[1:-1]


def _json_text(text: str) -> str:
    return _ENCODE(text).decode()


_ENCODE = msgspec.json.Encoder().encode
