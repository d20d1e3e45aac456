"""An export of the national service, line by line: CSV, or a workbook with a sheet for each year.

A CSV file is read as it comes, whatever its size. A workbook lies in memory whole, as its format wants it.
"""

import codecs
import csv
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from collector.errors import BadRequest
from collector.national.words import DATE, FIELD_OF, ID
from collector.plain import bare

_CHUNK = 1 << 20
# A verbatim of the national form has no limit; this one is there so that a broken file is told.
csv.field_size_limit(1 << 20)


class Line(Struct, frozen=True):
    """The cells of one line, by field. `sheet` is empty in a CSV file; `number` counts as a spreadsheet does."""

    sheet: str
    number: int
    cells: dict[str, str]


class Export(Struct):
    """What a file holds. `lines` can be read once; `left` names the columns that our forms do not have."""

    lines: Iterator[Line]
    left: tuple[str, ...]


def read(path: Path) -> Export:
    """Raises BadRequest, which says what is wrong with the file."""
    sheets = _workbook(path) if zipfile.is_zipfile(path) else [("", _table(path))]
    heads = [(name, rows, _head(next(rows, []))) for name, rows in sheets]
    left = {cell.strip(): None for _, _, head in heads for cell, field in head if field is None and cell.strip()}
    lines = (line for name, rows, head in heads for line in _lines(name, rows, [field for _, field in head]))
    return Export(lines, tuple(left))


def _head(cells: Sequence[str]) -> list[tuple[str, str | None]]:
    head = [(cell, FIELD_OF.get(bare(cell))) for cell in cells]
    fields = [field for _, field in head]
    for wanted, title in ((DATE, "Date de l'avis"), (ID, "Identifiant Avis")):
        if wanted not in fields:
            raise BadRequest(
                f"Ce fichier n'a pas la colonne « {title} » : ce n'est pas un export de « Je donne mon avis ». "
                "Donnez le fichier CSV ou XLSX tel qu'il a été téléchargé."
            )
    return head


def _lines(sheet: str, rows: Iterator[list[str]], fields: Sequence[str | None]) -> Iterator[Line]:
    for number, row in enumerate(rows, 2):
        cells = {field: cell.strip() for field, cell in zip(fields, row, strict=False) if field and cell.strip()}
        if cells:
            yield Line(sheet, number, cells)


def _table(path: Path) -> Iterator[list[str]]:
    with path.open(encoding=_encoding(path), newline="") as file:
        first = file.readline()
        file.seek(0)
        try:
            yield from csv.reader(file, delimiter=max(",;\t", key=first.count))
        except csv.Error:
            raise BadRequest("Ce fichier CSV est abîmé : téléchargez-le encore une fois.") from None


def _encoding(path: Path) -> str:
    """UTF-8 with or without its mark; else what a spreadsheet makes of it when it is saved there."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _workbook(path: Path) -> list[tuple[str, Iterator[list[str]]]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only this command reads workbooks

    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError):
        raise BadRequest("Ce classeur ne se lit pas : téléchargez-le encore une fois, ou prenez le CSV.") from None
    return [(name, ([_text(cell) for cell in row] for row in rows)) for name, rows in sheets if rows]


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
