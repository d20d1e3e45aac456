"""The period that a page of figures is about, and how it is cut into the points of a chart."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct, structs

from admin.posted import Posted

Choice = Literal["30d", "90d", "12m", "days"]
Step = Literal["day", "week", "month"]
STEPS: tuple[Step, ...] = ("day", "week", "month")
CHOICES: tuple[Choice, ...] = ("30d", "90d", "12m", "days")
DEFAULT: Choice = "12m"
MOST_POINTS = 120
# Beyond, a chart by month has more points than a screen has room, and nobody compares.
LONGEST = 3660


class Period(Struct, frozen=True):
    """Days in Paris, both included. `asked` is the step that somebody prefers, where the period can be cut so."""

    choice: Choice
    first: date
    last: date
    asked: Step | None = None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def step(self) -> Step:
        if self.asked in self.steps:
            return self.asked
        return "day" if self.days <= 31 else "week" if self.days <= 120 else "month"

    @property
    def steps(self) -> tuple[Step, ...]:
        """Those that make a curve: more than one point, and no more than a screen has room for."""
        lasting = {"day": 1, "week": 7, "month": 31}
        return tuple(step for step in STEPS if lasting[step] < self.days <= lasting[step] * MOST_POINTS)

    @property
    def before(self) -> tuple[date, date]:
        """As many days, up to the day before."""
        return self.first - timedelta(days=self.days), self.first - timedelta(days=1)

    @property
    def year_earlier(self) -> tuple[date, date]:
        """The same days of the year before: its season."""
        return _year_before(self.first), _year_before(self.last)


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
    return Period("12m", _year_before(today) + timedelta(days=1), today)


def recent_months(today: date) -> tuple[Months, Months]:
    """The three months that end with this one, and the three before: what a direction is read from."""
    this = today.year * 12 + today.month - 1
    return Months(this - 5, this - 3), Months(this - 2, this)


def period_of(form: Posted, today: date) -> Period:
    """The period asked for; what cannot be used is said by field and the rolling year is shown."""
    return structs.replace(_period_of(form, today), asked=form.maybe("step", STEPS))


def _period_of(form: Posted, today: date) -> Period:
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


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _ends(period: Period) -> tuple[date, date]:
    return period.first, period.last
