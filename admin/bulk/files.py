"""From the bytes of a file to rows of texts, whatever program wrote it: CSV, XLSX or ODS."""

import asyncio
import codecs
import csv
import io
import sys
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from admin.bulk.formulas import unguarded
from admin.language import translated
from collector.errors import AvisError
from collector.plain import plain

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 2000
MOST_COLUMNS = 50
LONGEST_CELL = 10_000
PATIENCE = 20.0


class Unreadable(AvisError):
    """A file that no table can be made of; the message says what to do."""

    status, code, title = 422, "file-unreadable", "Ce fichier ne peut pas être importé"

    def __init__(self, said: str, /, **values: object) -> None:
        super().__init__(translated(said, **values))


class Row(Struct, frozen=True):
    """`number` is the row's in a spreadsheet; `cells` has the columns that the file has, by our names of them."""

    number: int
    cells: dict[str, str]


async def rows_of(content: bytes, columns: Mapping[str, str]) -> list[Row]:
    """The rows of a file whose first row names its columns; `columns` are theirs by ours. Raises Unreadable."""
    if not content.strip():
        raise Unreadable("Le fichier est vide. Choisissez un fichier CSV, XLSX ou ODS.")
    if len(content) > MOST_BYTES:
        raise Unreadable("Le fichier dépasse {n} Mo. Coupez-le en plusieurs fichiers.", n=MOST_BYTES // 1024 // 1024)
    table = await _workbook(content) if content.startswith(b"PK") else _csv(content, columns)
    return _named(table, columns)


def _named(table: Sequence[Sequence[str]], columns: Mapping[str, str]) -> list[Row]:
    header = next(iter(table), ())
    names = _columns(header, columns)
    # A spreadsheet's rows after the last are often there, and blank.
    filled = [(number, row) for number, row in enumerate(table, 1) if number > 1 and any(map(str.strip, row))]
    if not filled:
        raise Unreadable("Le fichier n'a aucune ligne sous son en-tête. Ajoutez une ligne par élément à importer.")
    if len(filled) > MOST_ROWS:
        raise Unreadable("Le fichier a plus de {n} lignes. Coupez-le en plusieurs fichiers.", n=MOST_ROWS)
    return [Row(number, _cells(number, row, names)) for number, row in filled]


def _columns(header: Sequence[str], columns: Mapping[str, str]) -> list[str | None]:
    """Our name of each column, None for one without a name."""
    known = {plain(theirs): ours for ours, theirs in columns.items()}
    expected = ", ".join(columns.values())
    found = [known.get(plain(cell.strip())) for cell in header[:MOST_COLUMNS]]
    for cell, ours in zip(header, found, strict=False):
        if cell.strip() and ours is None:
            raise Unreadable(
                "La colonne « {name} » n'est pas connue. Les colonnes possibles : {expected}.",
                name=cell.strip()[:60],
                expected=expected,
            )
    named = [name for name in found if name]
    if len(named) != len(set(named)):
        raise Unreadable("Une colonne est là deux fois. Gardez-en une.")
    if next(iter(columns)) not in named:
        raise Unreadable(
            "La colonne « {name} » manque. La première ligne nomme les colonnes : {expected}.",
            name=next(iter(columns.values())),
            expected=expected,
        )
    return found


def _cells(number: int, row: Sequence[str], names: Sequence[str | None]) -> dict[str, str]:
    if any(cell.strip() for cell in row[len(names) :]):
        raise Unreadable(
            "La ligne {n} a plus de cellules que l'en-tête. Vérifiez les séparateurs et guillemets.", n=number
        )
    if any(len(cell) > LONGEST_CELL for cell in row):
        raise Unreadable(
            "La ligne {number} a une cellule trop longue : {n} caractères au plus.", number=number, n=LONGEST_CELL
        )
    padded = [*row, *[""] * (len(names) - len(row))]
    return {name: unguarded(cell.strip()) for name, cell in zip(names, padded, strict=False) if name}


def _csv(content: bytes, columns: Mapping[str, str]) -> list[list[str]]:
    text = _decoded(content)
    if "\x00" in text:
        raise Unreadable("Ce n'est pas un tableau. Enregistrez-le en CSV, XLSX ou ODS, puis importez-le.")
    known = {plain(theirs) for theirs in columns.values()}
    tries = [_parsed(text, separator) for separator in ";,\t"]
    # The separator with which the first row is the columns that we know.
    return max(tries, key=lambda table: sum(plain(cell.strip()) in known for cell in (table[0] if table else ())))


def _parsed(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        # With another separator it may be whole.
        return []


def _decoded(content: bytes) -> str:
    """What Excel, LibreOffice and programs write: UTF-8 with or without its mark, UTF-16, or Windows-1252."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "cp1252"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("Les caractères de ce fichier ne se lisent pas. Enregistrez-le en CSV UTF-8, XLSX ou ODS.")


async def _workbook(content: bytes) -> list[list[str]]:
    arguments = [sys.executable, "-m", "admin.bulk.workbook", str(MOST_ROWS * 2)]
    pipe = asyncio.subprocess.PIPE
    reader = await asyncio.create_subprocess_exec(
        *arguments, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        table, _ = await asyncio.wait_for(reader.communicate(content), PATIENCE)
    except TimeoutError:
        table = b""
    finally:
        if reader.returncode is None:
            reader.kill()
            await reader.wait()
    if reader.returncode != 0 or not table:
        raise Unreadable("Ce classeur est abîmé, protégé ou trop grand. Enregistrez sa première feuille en CSV.")
    return msgspec.json.decode(table, type=list[list[str]])
