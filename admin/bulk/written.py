"""Tables as files that can be imported again: CSV as spreadsheets in French read it, and XLSX."""

import csv
import io
from collections.abc import Iterable, Mapping

from admin.bulk.formulas import guarded
from collector.exports.columns import Column
from collector.exports.files import row_writer
from collector.exports.formats import MEDIA_TYPES as EVERY
from collector.exports.xlsx import Xlsx

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": EVERY["xlsx"],
}


def written(cells: Iterable[Mapping[str, str]], columns: Mapping[str, str], format: str) -> bytes:
    """A file whose first row names the columns."""
    rows = [[guarded(row.get(name, "")) for name in columns] for row in cells]
    return (_xlsx if format == "xlsx" else _csv)(list(columns.values()), rows)


def _csv(head: list[str], rows: list[list[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=";", lineterminator="\r\n").writerows([head, *rows])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _xlsx(head: list[str], rows: list[list[str]]) -> bytes:
    columns = [Column(name, "text", "", "") for name in head]
    write = row_writer("xlsx", columns)
    book = Xlsx("Feuille")
    book.begin(columns)
    book.add([write(dict(zip(head, row, strict=True))) for row in rows])
    book.end()
    return book.take()
