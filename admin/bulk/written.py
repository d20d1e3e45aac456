"""Tables as files that can be imported again: CSV as spreadsheets in French read it, and XLSX."""

import csv
import io
from collections.abc import Iterable, Mapping

from admin.bulk.formulas import guarded

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def written(cells: Iterable[Mapping[str, str]], columns: Mapping[str, str], format: str) -> bytes:
    """A file whose first row names the columns."""
    rows = [list(columns.values()), *([guarded(row.get(name, "")) for name in columns] for row in cells)]
    return _xlsx(rows) if format == "xlsx" else _csv(rows)


def _csv(rows: list[list[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=";", lineterminator="\r\n").writerows(rows)
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _xlsx(rows: list[list[str]]) -> bytes:
    from xlsxwriter import Workbook  # noqa: PLC0415 - for this page alone

    file = io.BytesIO()
    # Texts stay texts: never a formula, a number or a link of its own accord.
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        sheet.set_column(0, len(rows[0]) - 1, 28)
        sheet.freeze_panes(1, 0)
    return file.getvalue()
