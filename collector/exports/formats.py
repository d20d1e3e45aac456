"""Write rows as CSV, NDJSON or JSON. Files of reviews, which may be millions, are written by `lines.py`."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import msgspec

from collector.exports.rows import Cells
from collector.schema import Format

MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "json": "application/json",
}
# What a spreadsheet takes for the start of a formula; the full-width forms count in some of them.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def written(rows: Sequence[Cells], columns: Sequence[str], format: Format) -> bytes:
    """A whole file."""
    if format == "csv":
        return head(columns) + csv_lines([[cell(row[name]) for name in columns] for row in rows])
    if format == "ndjson":
        return msgspec.json.Encoder().encode_lines(rows)
    return msgspec.json.encode(rows) + b"\n"


def head(columns: Sequence[str]) -> bytes:
    """The first line of a CSV file. The byte order mark is what makes spreadsheets read UTF-8."""
    return b"\xef\xbb\xbf" + csv_lines([columns])


def csv_lines(lines: Sequence[Sequence[Any]], delimiter: str = ",") -> bytes:
    """Lines as in RFC 4180, of cells that no spreadsheet runs."""
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    return file.getvalue().encode()


def cell(value: Any) -> Any:
    """A value as a spreadsheet may see it: lists joined, booleans in lower case, formulas defused."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "|".join(value)
    return guarded(value) if isinstance(value, str) else value


def guarded(text: str) -> str:
    """A text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
