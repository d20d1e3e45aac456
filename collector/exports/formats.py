"""Cells and lines of text files: what a spreadsheet may see, and what it may not run."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from collector.schema import Format

MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv",
    "csv-semicolon": "text/csv",
    "ndjson": "application/x-ndjson",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "parquet": "application/vnd.apache.parquet",
}
# What a spreadsheet takes for the start of a formula; the full-width forms count in some of them.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_file(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """A whole file of few rows."""
    return head(columns) + csv_lines([[cell(row[name]) for name in columns] for row in rows])


def head(columns: Sequence[str], delimiter: str = ",") -> bytes:
    """The first line of a CSV file. The byte order mark is what makes spreadsheets read UTF-8."""
    return b"\xef\xbb\xbf" + csv_lines([columns], delimiter)


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
