"""What both kinds of workbook share: rows of typed cells, on as many sheets as they need, leaving as they are read.

Text is guarded as in a CSV file although a cell of text runs nothing by itself: the next person saves the sheet as CSV,
and then it would. Programs have NDJSON, JSON and Parquet, where text is what was written.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Any, Protocol

from collector.exports.columns import Column, Type
from collector.exports.formats import guarded

MOST_ROWS = 1_048_576
"""Of a sheet, its head among them: what Excel and LibreOffice show."""
MOST_BYTES = 1_500_000_000
"""Of a sheet before it is packed: Excel reads no part of more than two gigabytes."""
WIDE = 60
WIDTHS: dict[Type, int] = {"text": 22, "list": 22, "day": 12, "moment": 17, "integer": 14, "number": 14, "boolean": 14}
"""In characters."""

# XML has no way to say these.
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Cells(Protocol):
    """How a kind of workbook writes a row."""

    row: tuple[str, str]

    def cell(self, type: Type, value: Any) -> str: ...


class Book(Protocol):
    """A workbook as it grows; `take` gives what can leave."""

    def begin(self, columns: Sequence[Column]) -> None: ...

    def add(self, rows: Sequence[bytes]) -> None: ...

    def end(self) -> None: ...

    def take(self) -> bytes: ...


async def written(book: Book, columns: Sequence[Column], rows: AsyncIterator[Sequence[bytes]]) -> AsyncGenerator[bytes]:
    """A file of rows. Packing them takes longer than reading them: a thread does it, so that no citizen waits."""
    book.begin(columns)
    yield book.take()
    async for some in rows:
        await asyncio.to_thread(book.add, some)
        yield book.take()
    await asyncio.to_thread(book.end)
    yield book.take()


def width_of(column: Column) -> int:
    return WIDE if column.name == "verbatim" else WIDTHS[column.type]


def spoken(text: str) -> str:
    """A text that may stand in XML, guarded; a line ends in one way."""
    text = _UNSPEAKABLE.sub("", guarded(text)).replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
