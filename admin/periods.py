"""The period that a page of figures is about, and how it is cut into the points of a chart."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from admin.posted import Posted

Choice = Literal["30d", "90d", "12m", "days"]
CHOICES: tuple[Choice, ...] = ("30d", "90d", "12m", "days")
DEFAULT: Choice = "12m"
# Beyond, a chart by month has more points than a screen has room, and nobody compares.
LONGEST = 3660


class Period(Struct, frozen=True):
    """Days in Paris, both included."""

    choice: Choice
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def step(self) -> Literal["day", "week", "month"]:
        return "day" if self.days <= 31 else "week" if self.days <= 120 else "month"


class Months(Struct, frozen=True):
    """Whole months, both included, counted from year 0. `first` and `last` name them: 2026-03."""

    start: int
    end: int

    @property
    def first(self) -> str:
        return f"{self.start // 12:04}-{self.start % 12 + 1:02}"

    @property
    def last(self) -> str:
        return f"{self.end // 12:04}-{self.end % 12 + 1:02}"


def rolling_year(today: date) -> Period:
    """The twelve months that end today: what the observatory looks at."""
    before = today.replace(year=today.year - 1, day=28 if (today.month, today.day) == (2, 29) else today.day)
    return Period("12m", before + timedelta(days=1), today)


def recent_months(today: date) -> tuple[Months, Months]:
    """The three months that end with this one, and the three before: what a direction is read from."""
    this = today.year * 12 + today.month - 1
    return Months(this - 5, this - 3), Months(this - 2, this)


def period_of(form: Posted, today: date) -> Period:
    """The period asked for; what cannot be used is said by field and the rolling year is shown."""
    choice = form.maybe("period", CHOICES) or DEFAULT
    if choice == "30d":
        return Period(choice, today - timedelta(days=29), today)
    if choice == "90d":
        return Period(choice, today - timedelta(days=89), today)
    if choice == "days":
        first, last = form.day("from", required=True), form.day("to", required=True)
        if first and last and first > last:
            form.refuse("to", "La fin vient avant le début.")
        elif first and last and (last - first).days >= LONGEST:
            form.refuse("from", "Choisissez dix ans au plus.")
        elif first and last:
            return Period(choice, first, last)
        return Period(choice, *_ends(rolling_year(today)))
    return rolling_year(today)


def buckets(period: Period) -> Iterator[tuple[date, date]]:
    """The period in days, weeks (from Monday) or months; the first and the last may be incomplete."""
    start = period.first
    while start <= period.last:
        end = min(_end(start, period.step), period.last)
        yield start, end
        start = end + timedelta(days=1)


def _end(day: date, step: str) -> date:
    if step == "day":
        return day
    if step == "week":
        return day + timedelta(days=6 - day.weekday())
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _ends(period: Period) -> tuple[date, date]:
    return period.first, period.last
