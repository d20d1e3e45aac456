"""From rows to a file that leaves while they are read: how a row is written, and what stands around the rows."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from typing import Any

import msgspec

from collector.exports import ods, parquet, xlsx
from collector.exports.columns import Column
from collector.exports.formats import cell, csv_lines, head
from collector.exports.sheets import Cells, written
from collector.schema import Format

DELIMITERS: dict[Format, str] = {"csv": ",", "csv-semicolon": ";"}
CELLS: dict[Format, Cells] = {"xlsx": xlsx.XlsxCells(), "ods": ods.OdsCells()}
Rows = AsyncIterator[Sequence[bytes]]
"""Rows as `row_writer` writes them, some at a time."""


def ending(format: Format) -> str:
    """Of a file's name."""
    return "csv" if format in DELIMITERS else format


def row_writer(format: Format, columns: Sequence[Column]) -> Callable[[Mapping[str, Any]], bytes]:
    """How a row is written; `lines.py` writes millions of reviews faster, and the same."""
    if comma := DELIMITERS.get(format):
        return lambda row: csv_lines([[cell(row[each.name]) for each in columns]], comma)
    if cells := CELLS.get(format):
        start, end = cells.row
        return lambda row: f"{start}{''.join(cells.cell(each.type, row[each.name]) for each in columns)}{end}".encode()
    return lambda row: msgspec.json.encode(row) + b"\n"


def file_of(format: Format, title: str, columns: Sequence[Column], rows: Rows) -> AsyncGenerator[bytes]:
    """A whole file, with the memory of some rows."""
    if format == "xlsx":
        return written(xlsx.Xlsx(title), columns, rows)
    if format == "ods":
        return written(ods.Ods(title), columns, rows)
    if format == "parquet":
        return parquet.parquet(columns, rows)
    if format == "json":
        return _array(rows)
    return _lines(head([each.name for each in columns], DELIMITERS[format]) if format in DELIMITERS else b"", rows)


async def _lines(head: bytes, pages: Rows) -> AsyncGenerator[bytes]:
    yield head
    async for rows in pages:
        yield b"".join(rows)


async def _array(pages: Rows) -> AsyncGenerator[bytes]:
    before = b"["
    async for rows in pages:
        if rows:
            yield before + b",".join(rows)
            before = b","
    yield b"[]\n" if before == b"[" else b"]\n"
