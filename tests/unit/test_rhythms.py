"""Digests leave at seven in Paris, summer and winter, and each is about whole days that are over."""

from datetime import UTC, date, datetime, timedelta

import pytest

from collector.rhythms import Days, Digest, backoff, days_until, first_of, next_digest


@pytest.mark.parametrize(
    ("rhythm", "now", "expected"),
    [
        ("daily", "2026-03-12T05:59:59", "2026-03-12T06:00"),
        ("daily", "2026-03-12T06:00:00", "2026-03-13T06:00"),
        # Summer begins on 29 March: seven in Paris is five in UTC from then on, and six again from 25 October.
        ("daily", "2026-03-28T06:00:00", "2026-03-29T05:00"),
        ("daily", "2026-10-24T05:00:00", "2026-10-25T06:00"),
        ("weekly", "2026-03-12T11:00:00", "2026-03-16T06:00"),
        ("weekly", "2026-03-16T06:00:00", "2026-03-23T06:00"),
        ("monthly", "2026-12-01T06:00:00", "2027-01-01T06:00"),
    ],
)
def test_the_next_digest_leaves_at_seven(rhythm: Digest, now: str, expected: str) -> None:
    found = next_digest(rhythm, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") == expected


@pytest.mark.parametrize(
    ("rhythm", "day", "expected"),
    [
        ("daily", date(2026, 3, 12), Days(date(2026, 3, 11), date(2026, 3, 11))),
        ("weekly", date(2026, 3, 16), Days(date(2026, 3, 9), date(2026, 3, 15))),
        # A service that was down on Monday writes on Wednesday, of the same week.
        ("weekly", date(2026, 3, 18), Days(date(2026, 3, 9), date(2026, 3, 15))),
        ("monthly", date(2026, 3, 1), Days(date(2026, 2, 1), date(2026, 2, 28))),
        ("monthly", date(2026, 3, 31), Days(date(2026, 2, 1), date(2026, 2, 28))),
    ],
)
def test_a_digest_is_about_the_days_before_it_was_due(rhythm: Digest, day: date, expected: Days) -> None:
    found = days_until(rhythm, day)
    assert found == expected
    assert first_of(rhythm, found.last) == found.first


def test_days_are_held_against_as_many_before_and_end_at_midnight_in_paris() -> None:
    days = Days(date(2026, 3, 23), date(2026, 3, 29))
    assert days.before == Days(date(2026, 3, 16), date(2026, 3, 22))
    start, end = days.bounds
    # The week in which summer begins has an hour less.
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(days=7, hours=-1)


def test_who_fails_again_waits_twice_as_long_up_to_a_bound_and_not_together() -> None:
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    assert [backoff(n, minute, hour) for n in range(3)] == [minute, 2 * minute, 4 * minute]
    assert backoff(50, minute, hour) == hour
    assert backoff(0, minute, hour, 0.0) == 0.8 * minute
    assert backoff(0, minute, hour, 1.0) == 1.2 * minute
