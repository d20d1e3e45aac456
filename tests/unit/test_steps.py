"""A period cut into days, ISO weeks, months and quarters."""

from datetime import date
from itertools import pairwise

import pytest

from collector.exports.steps import name_of, steps
from collector.schema import Interval

FIRST, LAST = date(2025, 12, 30), date(2026, 4, 2)


@pytest.mark.parametrize(
    ("interval", "number", "second", "names"),
    [
        ("whole", 1, None, ["2025-12-30"]),
        ("day", 94, date(2025, 12, 31), ["2025-12-30", "2025-12-31", "2026-01-01"]),
        ("week", 14, date(2026, 1, 5), ["2026-W01", "2026-W02", "2026-W03"]),
        ("month", 5, date(2026, 1, 1), ["2025-12", "2026-01", "2026-02", "2026-03", "2026-04"]),
        ("quarter", 3, date(2026, 1, 1), ["2025-Q4", "2026-Q1", "2026-Q2"]),
    ],
)
def test_a_period_is_cut_without_a_gap_and_ends_where_it_ends(
    interval: Interval, number: int, second: date | None, names: list[str]
) -> None:
    found = list(steps(FIRST, LAST, interval))
    assert (found[0][0], found[-1][1], len(found)) == (FIRST, LAST, number)
    for (_, end), (start, _) in pairwise(found):
        assert (start - end).days == 1
    assert second is None or found[1][0] == second
    assert [name_of(start, interval) for start, _ in found][: len(names)] == names


def test_a_leap_year_has_its_day() -> None:
    assert list(steps(date(2028, 2, 1), date(2028, 3, 1), "month")) == [
        (date(2028, 2, 1), date(2028, 2, 29)),
        (date(2028, 3, 1), date(2028, 3, 1)),
    ]
    assert list(steps(date(2026, 3, 2), date(2026, 3, 1), "day")) == []
