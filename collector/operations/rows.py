"""Daily numbers as somebody gives them, checked row by row: what a file's lines and a program's JSON have in common.

The columns are those of docs/operations.md. Nothing is guessed: a number that is not one or a day that is there twice
is told with what to do, and the caller decides what becomes of the rest.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from collector.operations.days import HUNDREDTHS, Key, OperationsDay, Way, key_of
from collector.plain import bare
from collector.schema import parse_day

COLUMNS = ("procedure", "date", "channel", "started", "completed", "delay_days_median")
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


class Given(Struct, frozen=True):
    """A row: its number as the caller counts, its cells by column, and what is `wrong` with its form already."""

    number: int
    cells: Mapping[str, str]
    wrong: tuple[tuple[str, str], ...] = ()


class RowError(Struct, frozen=True):
    """What is wrong, and what to do. `row` is its number, as the caller counts."""

    row: int
    column: str
    message: str


class RowsRead(Struct, frozen=True):
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


def checked(
    rows: Iterable[Given],
    *,
    today: date,
    procedures: frozenset[str],
    default: str | None,
) -> RowsRead:
    """What the rows say of `procedures`. `default` is meant by those that name none."""
    days: dict[str, dict[Key, OperationsDay]] = {}
    met: dict[tuple[str, Key], int] = {}
    errors: list[RowError] = []
    for given in rows:
        found, number = _Row(given, default), given.number
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
    return RowsRead(days, tuple(errors))


class _Row:
    """The cells of one row; all that is wrong in it is kept, not only the first."""

    def __init__(self, given: Given, default: str | None) -> None:
        self._row = given.number
        self._cells = given.cells
        self._default = default
        self.errors = [RowError(given.number, column, message) for column, message in given.wrong]

    def _refuse(self, column: str, message: str) -> None:
        self.errors.append(RowError(self._row, column, message))

    def procedure(self, known: frozenset[str]) -> str | None:
        slug = self._cells.get("procedure") or self._default
        if not slug:
            self._refuse("procedure", "Écrivez l'identifiant de la démarche, par exemple carte-de-peche.")
        elif slug not in known:
            self._refuse("procedure", _UNKNOWN.format(cut(slug)))
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
            message = f"« {cut(text)} » n'est pas une date : écrivez 2026-03-31 ou 31/03/2026."
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
            message = f"« {cut(text)} » n'est pas un canal : écrivez online, counter, phone, mail, email ou other."
            self._refuse("channel", message)
        return way

    def _number(self, column: str, *, needed: bool = False) -> int | None:
        text = _without_blanks(self._cells.get(column, ""))
        if not text and not needed:
            return None
        # int() would also take "1_000", and figures of every script.
        if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) > MOST:
            message = f"« {cut(text)} » n'est pas un nombre de cas : écrivez un entier, de 0 à {MOST}."
            self._refuse(column, message)
            return None
        return int(text)

    def _delay(self) -> int | None:
        text = _without_blanks(self._cells.get("delay_days_median", "")).replace(",", ".")
        if not text:
            return None
        fits = re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", text)
        if not fits or Decimal(text) > LONGEST_DELAY:
            message = f"« {cut(text)} » n'est pas un délai en jours : écrivez par exemple 2,5, de 0 à {LONGEST_DELAY}."
            self._refuse("delay_days_median", message)
            return None
        return round(Decimal(text) * HUNDREDTHS)


def _without_blanks(text: str) -> str:
    """`1 234`, with whichever blank the spreadsheet took, as 1234."""
    return "".join(text.split())


def cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
