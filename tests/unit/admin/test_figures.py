"""What pages of figures compute before they show it."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin.figures import distributions, helps, mark, points, sparkline
from admin.naming import slug_of
from admin.periods import MOST_POINTS, Period, Step, buckets, period_of, rolling_year
from admin.posted import filled
from admin.words import high_end, labels, month_name, number, plural, signed
from collector.indicators import COUNTS, indicators, total
from collector.schema import AUDIENCES, CHANNELS, MEANS

TODAY = date(2026, 3, 12)


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 800))
def test_the_steps_of_a_period_are_the_period_without_gap_or_overlap(first: date, days: int) -> None:
    last = date.fromordinal(first.toordinal() + days)
    steps = list(buckets(Period("days", first, last)))
    assert steps[0][0] == first
    assert steps[-1][1] == last
    assert all(b[0].toordinal() == a[1].toordinal() + 1 for a, b in pairwise(steps))


@pytest.mark.parametrize(
    ("asked", "first", "step"),
    [
        ({}, date(2025, 3, 13), "month"),
        ({"period": "30d"}, date(2026, 2, 11), "day"),
        ({"period": "90d"}, date(2025, 12, 13), "week"),
        ({"period": "12m"}, date(2025, 3, 13), "month"),
        ({"period": "days", "from": "2026-03-01", "to": "2026-03-12"}, date(2026, 3, 1), "day"),
    ],
)
def test_a_period_is_what_was_asked_for(asked: dict[str, str], first: date, step: str) -> None:
    form = filled(**asked)
    period = period_of(form, TODAY)
    assert (period.first, period.last, period.step, form.errors) == (first, TODAY, step, {})


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"period": "days"}, "from"),
        ({"period": "days", "from": "2026-03-12", "to": "2026-03-01"}, "to"),
        ({"period": "days", "from": "1900-01-01", "to": "2026-03-01"}, "from"),
        ({"period": "days", "from": "hier", "to": "2026-03-01"}, "from"),
        ({"period": "toujours"}, "period"),
    ],
)
def test_a_period_that_cannot_be_says_so_and_shows_the_year(asked: dict[str, str], field: str) -> None:
    form = filled(**asked)
    assert period_of(form, TODAY).days == 365
    assert field in form.errors


def test_a_year_from_the_29th_of_february_is_a_year() -> None:
    assert rolling_year(date(2028, 2, 29)).first == date(2027, 3, 1)


def test_points_are_the_steps_of_a_period_with_what_each_had() -> None:
    year = rolling_year(TODAY)
    sums = [total([{"reviews": n, "satisfaction_good": n}]) for n, _ in enumerate(buckets(year))]
    found = points(year, sums)
    assert [point.reviews for point in found] == list(range(13))
    assert [point.name for point in found][::6] == ["mars 2025", "sept. 2025", "mars 2026"]
    assert found[0].indicators["satisfaction"].value is None
    assert found[1].indicators["satisfaction"].value == 10
    with pytest.raises(ValueError, match="shorter"):
        points(year, sums[1:])


@pytest.mark.parametrize(
    ("days", "asked", "step", "choices"),
    [
        (1, None, "day", ()),
        (20, "month", "day", ("day", "week")),
        (30, "week", "week", ("day", "week")),
        (90, "day", "day", ("day", "week", "month")),
        (365, None, "month", ("week", "month")),
        (365, "week", "week", ("week", "month")),
        (365, "day", "month", ("week", "month")),
        (3600, "week", "month", ("month",)),
    ],
)
def test_a_period_is_cut_as_asked_where_that_makes_a_curve(
    days: int, asked: Step | None, step: str, choices: tuple[str, ...]
) -> None:
    period = Period("days", TODAY - timedelta(days=days - 1), TODAY, asked)
    assert (period.step, period.steps) == (step, choices)
    assert 1 <= len(list(buckets(period))) <= MOST_POINTS + 2


def test_before_is_as_long_and_a_year_earlier_has_the_same_days() -> None:
    period = Period("days", date(2028, 2, 29), date(2028, 3, 9))
    assert period.before == (date(2028, 2, 19), date(2028, 2, 28))
    assert period.year_earlier == (date(2027, 2, 28), date(2027, 3, 9))


def test_in_a_long_period_days_say_their_year() -> None:
    period = Period("days", date(2024, 1, 1), TODAY, "week")
    names = [point.name for point in points(period, [total([]) for _ in buckets(period)])]
    assert names[0] == "01/01/2024 – 07/01/2024"
    assert len(set(names)) == len(names)


def test_help_is_told_by_contact_means() -> None:
    counts = total([{"tried_phone": 5, "phone_reached": 3, "phone_missed": 1, "phone_help_5": 2, "chat_missed": 4}])
    by_phone, by_chat = (next(one for one in helps(counts) if one.name.endswith(end)) for end in ("éléphone", "chat"))
    assert (by_phone.tried, by_phone.reached.count, by_phone.reached.value) == (5, 4, 0.75)
    assert (by_phone.quality.count, by_phone.quality.value) == (2, 10)
    assert (by_chat.tried, by_chat.reached.value, by_chat.quality.value) == (0, 0, None)


def test_a_difference_has_its_sign_unless_it_is_too_small_to_write() -> None:
    written = [signed(*each) for each in ((0.44, 10), (-0.44, 10), (0.02, 10), (-0.05, 1), (0.001, 1))]
    assert written == ["+0,4", "−0,4", "0,0", "−5\u202fpts", "0\u202fpts"]


def test_a_month_without_answers_interrupts_the_sparkline_and_is_no_zero() -> None:
    assert sparkline([10.0, None, 0.0], width=100, height=20) == ["0.0,2.0", "100.0,18.0"]
    assert sparkline([None, None]) == []
    assert sparkline([5.0], height=20) == ["0.0,10.0"]


def test_the_mark_of_an_indicator_stays_on_its_scale() -> None:
    for counts in ({"satisfaction_good": 1}, {"satisfaction_bad": 3}, {"phone_reached": 2, "phone_missed": 1}):
        for one in indicators(total([counts])):
            drawn = mark(one)
            assert drawn is None or 0 <= drawn.low <= drawn.value <= drawn.high <= 100


def test_distributions_of_nothing_are_zero_everywhere() -> None:
    for one in distributions(dict.fromkeys(COUNTS, 0)):
        assert one.whole == 0
        assert all(number == 0 for _, number in one.rows)


def test_the_upper_end_is_cut_upwards() -> None:
    assert [high_end(7.91, 10), high_end(8.0, 10), high_end(0.851, 1), high_end(None, 10)] == [
        "8,0",
        "8,0",
        "86 %",
        None,
    ]


def test_figures_are_written_as_in_french() -> None:
    assert number(1234567) == "1\u202f234\u202f567"
    assert [plural(n, "avis", "avis") for n in (0, 1, 2)] == ["0 avis", "1 avis", "2 avis"]
    assert month_name("2026-09") == "sept. 2026"


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("audiences", AUDIENCES),
        ("channels", CHANNELS),
        ("means", MEANS),
        ("indicators", [one.name for one in indicators(total([]))]),
        ("levels", ("green", "yellow", "red")),
        ("states", ("draft", "open", "closed", "archived")),
        ("roles", ("administrator", "manager", "reader")),
    ],
)
def test_every_code_has_its_words(table: str, codes: list[str]) -> None:
    assert set(labels()[table]) == set(codes)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Demander un passeport", "demander-un-passeport"),
        ("  Aide à l'œuvre : l'Été !  ", "aide-a-l-oeuvre-l-ete"),
        ("x" * 100, "x" * 80),
        ("???", ""),
    ],
)
def test_a_slug_is_read_off_the_title(title: str, slug: str) -> None:
    assert slug_of(title) == slug
