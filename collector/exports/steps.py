"""A period cut into days, ISO weeks, months or quarters of Paris. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from collector.schema import Interval

Days = tuple[date, date]
"""Both included."""


def steps(first: date, last: date, interval: Interval) -> Iterator[Days]:
    """The first and the last may be incomplete: what was signed ends where it was signed to end."""
    while first <= last:
        end = min(_end(first, interval) or last, last)
        yield first, end
        first = end + timedelta(days=1)


def name_of(day: date, interval: Interval) -> str:
    """2026-03-12, 2026-W11 (ISO 8601), 2026-03, 2026-Q1."""
    if interval == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    if interval == "month":
        return f"{day:%Y-%m}"
    if interval == "quarter":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return day.isoformat()


def _end(day: date, interval: Interval) -> date | None:
    if interval == "day":
        return day
    if interval == "week":
        return day + timedelta(days=6 - day.weekday())
    if interval == "whole":
        return None
    month = day.month if interval == "month" else (day.month + 2) // 3 * 3
    return (day.replace(month=month, day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
