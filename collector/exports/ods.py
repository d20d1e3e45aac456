"""ODS (ODF 1.3, ISO/IEC 26300) as rows arrive."""

import re
from collections.abc import Sequence
from typing import Any

from collector.exports.columns import Column, Type
from collector.exports.formats import MEDIA_TYPES
from collector.exports.sheets import MOST_ROWS, spoken, width_of
from collector.exports.xlsx import letters
from collector.exports.zipped import Zipped

_MEDIA_TYPE = MEDIA_TYPES["ods"]
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {
        "office": "office",
        "table": "table",
        "text": "text",
        "style": "style",
        "number": "datastyle",
        "fo": "xsl-fo-compatible",
        "config": "config",
    }.items()
)
_MANIFEST = f"""{_XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" \
manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" \
manifest:media-type="{_MEDIA_TYPE}"/>\
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>\
<manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/></manifest:manifest>"""
_DAY = "".join(
    f"<number:{part} number:style='long'/>{after}" for part, after in (("year", "-"), ("month", "-"), ("day", ""))
).replace("-", "<number:text>-</number:text>")
_MINUTE = (
    f"{_DAY}<number:text> </number:text><number:hours number:style='long'/>"
    "<number:text>:</number:text><number:minutes number:style='long'/>"
)
_SPACES = re.compile("  +|^ ", re.MULTILINE)


class OdsCells:
    row = "<table:table-row>", "</table:table-row>"

    def cell(self, type: Type, value: Any) -> str:
        if value is None:
            return "<table:table-cell/>"
        if type == "boolean":
            said = str(value).lower()
            return f'<table:table-cell office:value-type="boolean" office:boolean-value="{said}"/>'
        if type in ("integer", "number"):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        if type in ("day", "moment"):
            day = value.removesuffix("Z") + (":00" if type == "moment" else "")
            return f'<table:table-cell table:style-name="{type}" office:value-type="date" office:date-value="{day}"/>'
        return _text("|".join(value) if type == "list" else value)


class Ods:
    def __init__(self, title: str) -> None:
        self._title = title
        self._zip = Zipped()
        self._rows: list[int] = []
        self._columns: Sequence[Column] = ()

    def begin(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._zip.first("mimetype", _MEDIA_TYPE.encode())
        self._zip.put("META-INF/manifest.xml", _MANIFEST)
        self._zip.begin("content.xml", huge=True)
        widths = "".join(
            f'<style:style style:name="w{width}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width * 2}mm"/></style:style>'
            for width in sorted({width_of(column) for column in columns})
        )
        self._zip.write(
            f'{_XML}<office:document-content {_NAMES} office:version="1.3"><office:automatic-styles>{widths}'
            f'<number:date-style style:name="days">{_DAY}</number:date-style>'
            f'<number:date-style style:name="minutes">{_MINUTE}</number:date-style>'
            '<style:style style:name="day" style:family="table-cell" style:data-style-name="days"/>'
            '<style:style style:name="moment" style:family="table-cell" style:data-style-name="minutes"/>'
            '<style:style style:name="head" style:family="table-cell">'
            '<style:text-properties fo:font-weight="bold"/></style:style>'
            "</office:automatic-styles><office:body><office:spreadsheet>".encode()
        )
        self._begin_sheet()

    def add(self, rows: Sequence[bytes]) -> None:
        while rows:
            if self._rows[-1] >= MOST_ROWS:
                self._zip.write(b"</table:table>")
                self._begin_sheet()
            room = MOST_ROWS - self._rows[-1]
            here, rows = rows[:room], rows[room:]
            self._zip.write(b"".join(here))
            self._rows[-1] += len(here)

    def end(self) -> None:
        corner = letters(len(self._columns))
        ranges = "".join(
            f'<table:database-range table:name="f{n}" table:display-filter-buttons="true" '
            f"table:target-range-address=\"'{self._title} {n}'.A1:'{self._title} {n}'.{corner}{rows}\"/>"
            for n, rows in enumerate(self._rows, 1)
        )
        self._zip.write(
            f"</table:table><table:database-ranges>{ranges}</table:database-ranges>"
            "</office:spreadsheet></office:body></office:document-content>".encode()
        )
        self._zip.put("settings.xml", _settings([f"{self._title} {n}" for n in range(1, len(self._rows) + 1)]))
        self._zip.end()

    def take(self) -> bytes:
        return self._zip.take()

    def _begin_sheet(self) -> None:
        self._rows.append(1)
        widths = "".join(f'<table:table-column table:style-name="w{width_of(each)}"/>' for each in self._columns)
        head = "".join(
            _text(each.name).replace("<table:table-cell ", '<table:table-cell table:style-name="head" ', 1)
            for each in self._columns
        )
        self._zip.write(
            f'<table:table table:name="{self._title} {len(self._rows)}">{widths}<table:table-header-rows>'
            f"<table:table-row>{head}</table:table-row></table:table-header-rows>".encode()
        )


def _text(text: str) -> str:
    """Spaces that follow each other would be one, a line is a paragraph. LibreOffice passes over a tab in a cell."""
    said = spoken(text).replace("\t", " ")
    lines = _SPACES.sub(lambda met: f'<text:s text:c="{len(met[0])}"/>', said).replace("\n", "</text:p><text:p>")
    return f'<table:table-cell office:value-type="string"><text:p>{lines}</text:p></table:table-cell>'


def _settings(sheets: Sequence[str]) -> str:
    """The head of each sheet stays in sight."""
    items = {"VerticalSplitMode": ("short", 2), "VerticalSplitPosition": ("int", 1), "ActiveSplitRange": ("short", 2)}
    said = "".join(
        f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'
        for name, (kind, value) in {**items, "PositionBottom": ("int", 1)}.items()
    )
    entries = "".join(
        f'<config:config-item-map-entry config:name="{sheet}">{said}</config:config-item-map-entry>' for sheet in sheets
    )
    return (
        f'{_XML}<office:document-settings {_NAMES} office:version="1.3"><office:settings>'
        '<config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">'
        '<config:config-item-map-entry><config:config-item config:name="ViewId" config:type="string">view1'
        f'</config:config-item><config:config-item-map-named config:name="Tables">{entries}'
        "</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings></office:document-settings>"
    )
