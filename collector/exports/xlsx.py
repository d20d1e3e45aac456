"""XLSX (ISO/IEC 29500) as rows arrive: text in its cell, so that no table of texts has to be kept until the end.

XlsxWriter took 49 seconds for a million rows in its mode of constant memory, and leaves nothing before the last. Here a
stretch of cells that thousands of rows share is written once (`lines.py`), and a row is no object.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from collector.exports.columns import Column, Type
from collector.exports.sheets import MOST_BYTES, MOST_ROWS, spoken, width_of
from collector.exports.zipped import Zipped

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no zone
_FIRST = date(1900, 3, 1)
"""Before, Excel counts a 29th of February that there was not."""
# Formats of cells, by number: as it comes, a day, a minute, the head.
_STYLES = f"""{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>\
<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)


class XlsxCells:
    row = "<row>", "</row>"

    def cell(self, type: Type, value: Any) -> str:
        if value is None:
            return "<c/>"
        if type == "boolean":
            return f'<c t="b"><v>{int(value)}</v></c>'
        if type in ("integer", "number"):
            return f"<c><v>{value}</v></c>"
        if type == "day" and date.fromisoformat(value) >= _FIRST:
            return f'<c s="1"><v>{(datetime.fromisoformat(value) - _EPOCH).days}</v></c>'
        if type == "moment":
            return f'<c s="2"><v>{_serial(value)}</v></c>'
        return _text("|".join(value) if type == "list" else value)


class Xlsx:
    def __init__(self, title: str) -> None:
        self._title = title
        self._zip = Zipped()
        self._sheets = 0
        self._rows = self._bytes = 0
        self._columns: Sequence[Column] = ()

    def begin(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._zip.put("_rels/.rels", _RELATIONS)
        self._zip.put("xl/styles.xml", _STYLES)
        self._begin_sheet()

    def add(self, rows: Sequence[bytes]) -> None:
        while rows:
            if self._rows >= MOST_ROWS or self._bytes >= MOST_BYTES:
                self._end_sheet()
                self._begin_sheet()
            here, rows = rows[: MOST_ROWS - self._rows], rows[MOST_ROWS - self._rows :]
            piece = b"".join(here)
            self._zip.write(piece)
            self._rows += len(here)
            self._bytes += len(piece)

    def end(self) -> None:
        self._end_sheet()
        numbers = range(1, self._sheets + 1)
        self._zip.put("[Content_Types].xml", _types(numbers))
        self._zip.put("xl/_rels/workbook.xml.rels", _book_relations(numbers))
        self._zip.put("xl/workbook.xml", _book(self._title, numbers))
        self._zip.end()

    def take(self) -> bytes:
        return self._zip.take()

    def _begin_sheet(self) -> None:
        self._sheets += 1
        self._rows, self._bytes = 1, 0
        self._zip.begin(f"xl/worksheets/sheet{self._sheets}.xml")
        widths = "".join(
            f'<col min="{n}" max="{n}" width="{width_of(column)}" customWidth="1"/>'
            for n, column in enumerate(self._columns, 1)
        )
        head = "".join(_text(column.name).replace("<c ", '<c s="3" ', 1) for column in self._columns)
        chosen = ' tabSelected="1"' if self._sheets == 1 else ""
        self._zip.write(
            f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView{chosen} workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            f"<cols>{widths}</cols><sheetData><row>{head}</row>".encode()
        )

    def _end_sheet(self) -> None:
        corner = f"{letters(len(self._columns))}{self._rows}"
        self._zip.write(f'</sheetData><autoFilter ref="A1:{corner}"/></worksheet>'.encode())
        self._zip.close()


def letters(number: int) -> str:
    """The name of a column: 1 is A, 27 is AA."""
    return letters((number - 1) // 26) + chr(65 + (number - 1) % 26) if number else ""


def _text(text: str) -> str:
    # `_x0041_` would be read as the letter that it numbers.
    said = spoken(text).replace("_x", "_x005F_x") if "_x" in text else spoken(text)
    return f'<c t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'


def _serial(moment: str) -> str:
    """Days since a spreadsheet's first, in UTC."""
    minutes = (datetime.fromisoformat(moment).replace(tzinfo=None) - _EPOCH).total_seconds() / 60
    return f"{minutes / 1440:.10f}"


def _types(sheets: Sequence[int]) -> str:
    listed = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>' for n in sheets
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/>{listed}</Types>'
    )


def _book_relations(sheets: Sequence[int]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in sheets
    )
    styles = f'<Relationship Id="rId{len(sheets) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{listed}{styles}</Relationships>'


def _book(title: str, sheets: Sequence[int]) -> str:
    listed = "".join(f'<sheet name="{title} {n}" sheetId="{n}" r:id="rId{n}"/>' for n in sheets)
    return f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
