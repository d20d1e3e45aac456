"""Write rows as CSV, NDJSON or JSON, page by page."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
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
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


async def write(
    pages: AsyncIterator[list[Cells]], columns: Sequence[str], format: Format
) -> AsyncIterator[tuple[bytes, int]]:
    """Pieces of the file, each with the number of rows in it."""
    if format == "csv":
        # The byte order mark is what makes spreadsheets read UTF-8.
        yield b"\xef\xbb\xbf" + csv_lines([columns]), 0
        async for rows in pages:
            yield csv_lines([[cell(row[name]) for name in columns] for row in rows]), len(rows)
    elif format == "ndjson":
        async for rows in pages:
            yield msgspec.json.Encoder().encode_lines(rows), len(rows)
    else:
        yield b"[", 0
        separator = b""
        async for rows in pages:
            if rows:
                yield separator + msgspec.json.encode(rows)[1:-1], len(rows)
                separator = b","
        yield b"]\n", 0


def csv_lines(lines: Sequence[Sequence[Any]]) -> bytes:
    """RFC 4180 lines, every text guarded against being run as a formula."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows(lines)
    return file.getvalue().encode()


def cell(value: Any) -> Any:
    """A value as a spreadsheet may see it: lists joined, booleans in lower case, formulas defused."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "|".join(value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
