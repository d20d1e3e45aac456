"""A file of daily numbers, as a spreadsheet or a program writes it: lines and a head. `rows` checks what they say."""

import csv
from collections.abc import Collection, Iterator
from datetime import date
from io import StringIO

from collector.operations.rows import COLUMNS, Given, RowError, RowsRead, checked, cut
from collector.plain import bare

_NEEDED = ("date", "channel", "completed")
_SYNONYMS = {
    "procedure": ("demarche",),
    "date": ("jour", "day"),
    "channel": ("canal",),
    "started": ("commencees", "debutees", "demandes commencees", "demarches commencees"),
    "completed": ("terminees", "achevees", "demandes terminees", "demarches terminees"),
    "delay_days_median": ("delai", "delai median", "delai median jours", "delai median en jours", "delai jours median"),
}
_COLUMN_OF = {" ".join(name.split("_")): name for name in COLUMNS} | {
    word: name for name, words in _SYNONYMS.items() for word in words
}


class _Wrong(Exception):
    """One cell: `column`, then what to do."""

    def __init__(self, column: str, message: str, row: int = 1) -> None:
        super().__init__(column, message)
        self.error = RowError(row, column, message)


def read(raw: bytes, *, today: date, procedures: Collection[str], default: str | None = None) -> RowsRead:
    """What the file says of `procedures`. `default` is meant by rows that name none."""
    try:
        lines = list(_lines(decoded(raw)))
        columns = _columns(lines[0][1] if lines else [], named=default is None)
    except _Wrong as wrong:
        return RowsRead({}, (wrong.error,))
    if len(lines) == 1:
        message = "Il n'y a que la ligne des titres : ajoutez une ligne par jour et par canal."
        return RowsRead({}, (RowError(1, "", message),))
    rows = (_row(number, columns, cells) for number, cells in lines[1:])
    return checked(rows, today=today, procedures=frozenset(procedures), default=default)


def _row(number: int, columns: tuple[str, ...], cells: list[str]) -> Given:
    more = any(cells[len(columns) :])
    wrong = (("", "Cette ligne a plus de cases que de titres : retirez celles qui sont de trop."),) if more else ()
    return Given(number, dict(zip(columns, cells, strict=False)), wrong)


def _columns(cells: list[str], *, named: bool) -> tuple[str, ...]:
    """The head, in our names. Raises _Wrong."""
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        raise _Wrong("", f"Le fichier est vide. Sa première ligne est : {';'.join(COLUMNS)}")
    found = [_COLUMN_OF.get(bare(cell)) for cell in cells]
    for cell, name in zip(cells, found, strict=True):
        if name is None:
            raise _Wrong(
                cut(cell),
                f"La colonne « {cut(cell)} » n'est pas connue : retirez-la, ou nommez-la {', '.join(COLUMNS)}.",
            )
        if found.count(name) > 1:
            raise _Wrong(name, f"Deux colonnes disent « {name} » : n'en gardez qu'une.")
    names = tuple(name for name in found if name)
    for name in (*(("procedure",) if named else ()), *_NEEDED):
        if name not in names:
            raise _Wrong(name, f"Il manque la colonne « {name} ». La première ligne est : {';'.join(COLUMNS)}")
    return names


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that say something, with their number."""
    head = text.partition("\n")[0]
    separator = max(";,\t", key=head.count)
    # A quotation mark that is never closed would otherwise swallow the rest, and `strict` says so.
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        start = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            raise _Wrong("", "Les guillemets ne vont pas par deux à partir d'ici : corrigez-les.", start) from None
        if any(cells):
            yield start, cells


def decoded(raw: bytes) -> str:
    """UTF-8, with or without a mark; else what spreadsheets of the West write when they are not asked."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
