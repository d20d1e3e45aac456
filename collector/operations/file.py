"""A file of daily numbers, as a spreadsheet or a program writes it: what is in it, and what is wrong, row by row.

The columns are those of docs/operations.md. Nothing is guessed: a column that is not known, a number that is not one or
a day that is there twice is told with what to do, and the caller decides what becomes of the rest.
"""

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

from msgspec import Struct

from collector.operations.days import HUNDREDTHS, Key, OperationsDay, Way, key_of
from collector.plain import bare
from collector.schema import parse_day

COLUMNS = ("procedure", "date", "channel", "started", "completed", "delay_days_median")
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
_WAY_OF: Mapping[str, Way] = {
    "online": "online", "en ligne": "online", "internet": "online", "web": "online",
    "counter": "counter", "guichet": "counter", "au guichet": "counter",
    "phone": "phone", "telephone": "phone", "par telephone": "phone",
    "mail": "mail", "courrier": "mail", "par courrier": "mail",
    "email": "email", "e mail": "email", "courriel": "email",
    "other": "other", "autre": "other", "autres": "other",
}  # fmt: skip
MOST = 10_000_000
"""Cases in a day: more is a slip of the keyboard."""
LONGEST_DELAY = 3_650
_UNKNOWN = (
    "« {} » n'est pas une démarche que vous pouvez importer ici : vérifiez son identifiant, ou importez depuis sa page."
)
_FIRST = date(2000, 1, 1)
_FRENCH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class RowError(Struct, frozen=True):
    """What is wrong, and what to do. `row` is a line of the file; the head is line 1."""

    row: int
    column: str
    message: str


class FileRead(Struct, frozen=True):
    """`days` by procedure; a row with an error is in none of them."""

    days: Mapping[str, Mapping[Key, OperationsDay]]
    errors: tuple[RowError, ...]

    @property
    def rows(self) -> int:
        return sum(map(len, self.days.values()))

    @property
    def refused(self) -> int:
        """Rows, not errors: one may have several."""
        return len({error.row for error in self.errors})


class _Wrong(Exception):
    """One cell: `column`, then what to do."""

    def __init__(self, column: str, message: str, row: int = 1) -> None:
        super().__init__(column, message)
        self.error = RowError(row, column, message)


def read(raw: bytes, *, today: date, procedures: Collection[str], default: str | None = None) -> FileRead:
    """What the file says of `procedures`. `default` is meant by rows that name none."""
    try:
        lines = list(_lines(decoded(raw)))
        columns = _columns(lines[0][1] if lines else [], named=default is None)
    except _Wrong as wrong:
        return FileRead({}, (wrong.error,))
    return _rows(lines[1:], columns, today, frozenset(procedures), default)


def _rows(
    rows: Sequence[tuple[int, list[str]]],
    columns: tuple[str, ...],
    today: date,
    procedures: frozenset[str],
    default: str | None,
) -> FileRead:
    days: dict[str, dict[Key, OperationsDay]] = {}
    met: dict[tuple[str, Key], int] = {}
    errors: list[RowError] = []
    for number, cells in rows:
        found = _Row(number, columns, cells, default)
        slug, one = found.procedure(procedures), found.day(today)
        errors += found.errors
        if slug is None or one is None:
            continue
        first = met.setdefault((slug, key_of(one)), number)
        if first != number:
            message = f"Ce jour et ce canal sont déjà à la ligne {first} : gardez une seule des deux lignes."
            errors.append(RowError(number, "date", message))
        else:
            days.setdefault(slug, {})[key_of(one)] = one
    if not days and not errors:
        errors.append(RowError(1, "", "Il n'y a que la ligne des titres : ajoutez une ligne par jour et par canal."))
    return FileRead(days, tuple(errors))


class _Row:
    """The cells of one line; all that is wrong in it is kept, not only the first."""

    def __init__(self, number: int, columns: tuple[str, ...], cells: list[str], default: str | None) -> None:
        self._row = number
        self._cells = dict(zip(columns, cells, strict=False))
        self._default = default
        self.errors: list[RowError] = []
        if any(cells[len(columns) :]):
            self._refuse("", "Cette ligne a plus de cases que de titres : retirez celles qui sont de trop.")

    def _refuse(self, column: str, message: str) -> None:
        self.errors.append(RowError(self._row, column, message))

    def procedure(self, known: frozenset[str]) -> str | None:
        slug = self._cells.get("procedure") or self._default
        if not slug:
            self._refuse("procedure", "Écrivez l'identifiant de la démarche, par exemple carte-de-peche.")
        elif slug not in known:
            self._refuse("procedure", _UNKNOWN.format(_cut(slug)))
        else:
            return slug
        return None

    def day(self, today: date) -> OperationsDay | None:
        day, channel = self._day(today), self._channel()
        started, completed = self._number("started"), self._number("completed", needed=True)
        delay = self._delay()
        if self.errors or day is None or channel is None or completed is None:
            return None
        return OperationsDay(day, channel, started, completed, delay)

    def _day(self, today: date) -> str | None:
        text = self._cells.get("date", "")
        try:
            french = _FRENCH_DAY.fullmatch(text)
            day = date(int(french[3]), int(french[2]), int(french[1])) if french else parse_day(text)
        except ValueError:
            message = f"« {_cut(text)} » n'est pas une date : écrivez 2026-03-31 ou 31/03/2026."
            self._refuse("date", message)
            return None
        if day > today:
            self._refuse("date", "Ce jour n'est pas encore passé : retirez la ligne ou corrigez la date.")
        elif day < _FIRST:
            self._refuse("date", "Ce jour est trop ancien : vérifiez l'année.")
        return day.isoformat()

    def _channel(self) -> Way | None:
        text = self._cells.get("channel", "")
        way = _WAY_OF.get(bare(text))
        if way is None:
            message = f"« {_cut(text)} » n'est pas un canal : écrivez online, counter, phone, mail, email ou other."
            self._refuse("channel", message)
        return way

    def _number(self, column: str, *, needed: bool = False) -> int | None:
        text = _without_blanks(self._cells.get(column, ""))
        if not text and not needed:
            return None
        # int() would also take "1_000", and figures of every script.
        if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) > MOST:
            message = f"« {_cut(text)} » n'est pas un nombre de cas : écrivez un entier, de 0 à {MOST}."
            self._refuse(column, message)
            return None
        return int(text)

    def _delay(self) -> int | None:
        text = _without_blanks(self._cells.get("delay_days_median", "")).replace(",", ".")
        if not text:
            return None
        fits = re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", text)
        if not fits or Decimal(text) > LONGEST_DELAY:
            message = f"« {_cut(text)} » n'est pas un délai en jours : écrivez par exemple 2,5, de 0 à {LONGEST_DELAY}."
            self._refuse("delay_days_median", message)
            return None
        return round(Decimal(text) * HUNDREDTHS)


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
                _cut(cell),
                f"La colonne « {_cut(cell)} » n'est pas connue : retirez-la, ou nommez-la {', '.join(COLUMNS)}.",
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


def _without_blanks(text: str) -> str:
    """`1 234`, with whichever blank the spreadsheet took, as 1234."""
    return "".join(text.split())


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
