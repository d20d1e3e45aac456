"""The exact formulas of the national service, on tables computed by hand and against a naive recount."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.indicators import COUNTS, Indicator, count_of, indicators, level, reachability_by_desk, shown, total
from collector.schema import DESKS, MEANS, Desk, Means, Review, Satisfaction

THRESHOLDS = {
    "satisfaction": (8.0, 5.0),
    "comprehension": (8.0, 5.0),
    "contact_satisfaction": (8.0, 5.0),
    "contact_reachability": (0.85, 0.70),
}


def review(
    satisfaction: Satisfaction | None = "good",
    comprehension: int | None = None,
    tried: Sequence[Means] = (),
    reached: dict[Desk, bool] | None = None,
    helped: dict[Desk, int] | None = None,
) -> Review:
    return Review(
        capability="c",
        public_id="p",
        procedure_id=1,
        placement_id=1,
        form="satisfaction",
        form_version=1,
        lang="fr",
        minute=0,
        day="2026-03-12",
        satisfaction=satisfaction,
        comprehension=comprehension,
        contact_tried=tuple(tried),
        contact_reached=reached or {},
        contact_satisfaction=helped or {},
    )


def figures(reviews: Sequence[Review]) -> dict[str, Indicator]:
    return {figure.name: figure for figure in indicators(total(count_of(each) for each in reviews))}


@pytest.mark.parametrize(
    ("name", "reviews", "value", "count"),
    [
        ("satisfaction", [review("good")], 10, 1),
        ("satisfaction", [review("medium")], 5, 1),
        ("satisfaction", [review("bad")], 0, 1),
        # (10 + 10 + 5 + 0) / 4
        ("satisfaction", [review("good"), review("good"), review("medium"), review("bad")], 6.25, 4),
        # (0 + 2.5 + 5 + 7.5 + 10) / 5
        ("comprehension", [review(comprehension=mark) for mark in (1, 2, 3, 4, 5)], 5, 5),
        # (7.5 + 10) / 2: who did not answer is not counted
        ("comprehension", [review(comprehension=4), review(comprehension=5), review()], 8.75, 2),
        # one citizen, two channels, one of them reached
        ("contact_reachability", [review(tried=["phone", "email"], reached={"phone": True, "email": False})], 0.5, 2),
        # a channel that was tried without saying whether it answered does not count
        ("contact_reachability", [review(tried=["phone", "chat"], reached={"phone": True})], 1, 1),
        ("contact_satisfaction", [review(tried=["phone"], reached={"phone": True}, helped={"phone": 4})], 7.5, 1),
        # 7.5 / (1 mark + 1 missed)
        (
            "contact",
            [
                review(
                    tried=["phone", "email"],
                    reached={"phone": True, "email": False},
                    helped={"phone": 4},
                )
            ],
            3.75,
            2,
        ),
        # reached and not marked: in neither part of the composite
        ("contact", [review(tried=["phone"], reached={"phone": True})], None, 0),
        ("contact", [review(tried=["chat"], reached={"chat": False})], 0, 1),
        # 10 × 1 / 2
        ("autonomy", [review(tried=["none"]), review(tried=["relative", "website"]), review()], 5, 2),
    ],
)
def test_the_formulas_give_what_was_computed_by_hand(
    name: str, reviews: list[Review], value: float | None, count: int
) -> None:
    figure = figures(reviews)[name]
    assert (figure.value, figure.count) == (value, count)


def test_a_figure_without_answers_is_none_and_never_zero() -> None:
    for figure in indicators(total([])):
        assert (figure.count, figure.value, figure.low, figure.high, figure.level, figure.shown) == (0, *[None] * 5)


def test_a_malfunction_moves_no_indicator_of_satisfaction() -> None:
    malfunction = Review(
        capability="c",
        public_id="p",
        procedure_id=1,
        placement_id=2,
        form="malfunction",
        form_version=1,
        lang="fr",
        minute=0,
        day="2026-03-12",
        kind="technical",
        verbatim="La page est blanche",
    )
    assert count_of(malfunction) == {"reviews": 1, "kind_technical": 1, "verbatims": 1}
    assert all(figure.value is None for figure in indicators(total([count_of(malfunction)])))


def test_a_total_has_every_count_and_refuses_an_unknown_one() -> None:
    assert list(total([])) == list(COUNTS)
    with pytest.raises(KeyError):
        total([{"satisfaction_excellent": 1}])


def test_each_desk_has_its_own_reachability() -> None:
    reviews = [
        review(tried=["phone"], reached={"phone": True}),
        review(tried=["phone", "chat"], reached={"phone": False, "chat": True}),
    ]
    by_desk = reachability_by_desk(total(count_of(each) for each in reviews))
    assert {desk: (figure.value, figure.count) for desk, figure in by_desk.items()} == {
        "counter": (None, 0),
        "phone": (0.5, 2),
        "email": (None, 0),
        "chat": (1.0, 1),
    }


@st.composite
def reviews(draw: st.DrawFn) -> Review:
    alone: list[Means] = ["none"]
    tried = draw(st.just(alone) | st.lists(st.sampled_from(MEANS[:-1]), unique=True))
    asked = [desk for desk in DESKS if desk in tried and draw(st.booleans())]
    reached = {desk: draw(st.booleans()) for desk in asked}
    helped = {desk: draw(st.integers(1, 5)) for desk, was in reached.items() if was and draw(st.booleans())}
    satisfaction: Satisfaction = draw(st.sampled_from(("bad", "medium", "good")))
    return review(satisfaction, draw(st.none() | st.integers(1, 5)), tried, reached, helped)


def recounted(reviews: Sequence[Review]) -> dict[str, tuple[Fraction | None, int]]:
    """The formulas as they are written in words, over the reviews themselves and in exact fractions."""
    points = {1: Fraction(0), 2: Fraction(5, 2), 3: Fraction(5), 4: Fraction(15, 2), 5: Fraction(10)}
    satisfaction = [{"bad": 0, "medium": 5, "good": 10}[each.satisfaction] for each in reviews if each.satisfaction]
    comprehension = [points[each.comprehension] for each in reviews if each.comprehension]
    reached = [was for each in reviews for was in each.contact_reached.values()]
    helped = [points[mark] for each in reviews for mark in each.contact_satisfaction.values()]
    tried = [each.contact_tried for each in reviews if each.contact_tried]

    def over(sum_: Fraction | int, count: int) -> tuple[Fraction | None, int]:
        return (Fraction(sum_) / count if count else None, count)

    return {
        "satisfaction": over(sum(satisfaction), len(satisfaction)),
        "comprehension": over(sum(comprehension), len(comprehension)),
        "contact_reachability": over(reached.count(True), len(reached)),
        "contact_satisfaction": over(sum(helped), len(helped)),
        "contact": over(sum(helped), len(helped) + reached.count(False)),
        "autonomy": over(10 * sum("none" in each for each in tried), len(tried)),
    }


@given(st.lists(reviews(), max_size=40))
def test_indicators_equal_a_naive_recount_of_all_reviews(given_reviews: list[Review]) -> None:
    for name, (value, count) in recounted(given_reviews).items():
        figure = figures(given_reviews)[name]
        assert figure.count == count
        assert figure.value == (None if value is None else pytest.approx(float(value), rel=1e-12))


@given(st.lists(reviews(), min_size=1, max_size=40))
def test_an_interval_holds_its_value_and_stays_on_the_scale(given_reviews: list[Review]) -> None:
    for figure in figures(given_reviews).values():
        if figure.value is not None:
            assert figure.low is not None
            assert figure.high is not None
            assert 0 <= figure.low <= figure.value <= figure.high <= figure.scale
            assert figure.low < figure.high


@given(st.lists(reviews(), min_size=1, max_size=20), st.integers(2, 50))
def test_an_interval_shrinks_when_more_people_say_the_same(given_reviews: list[Review], times: int) -> None:
    few, many = figures(given_reviews), figures(given_reviews * times)
    for name, figure in few.items():
        if figure.low is not None and figure.high is not None:
            more = many[name]
            assert more.low is not None
            assert more.high is not None
            assert more.high - more.low < figure.high - figure.low


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    # Agresti and Coull's interval (z = 1.96), computed with a pocket calculator's worth of digits.
    [(9, 10, 0.5740, 1.0), (50, 100, 0.4038, 0.5962), (0, 10, 0.0, 0.3209), (85, 100, 0.7660, 0.9081)],
)
def test_the_interval_of_a_share_is_agresti_and_coulls(hits: int, count: int, low: float, high: float) -> None:
    counts = total([{"phone_reached": hits, "phone_missed": count - hits}])
    figure = indicators(counts)[2]
    assert figure.low == pytest.approx(low, abs=5e-5)
    assert figure.high == pytest.approx(high, abs=5e-5)


def test_an_interval_of_three_very_good_is_not_certainty() -> None:
    figure = figures([review("good")] * 3)["satisfaction"]
    assert figure.value == figure.high == 10
    assert figure.low is not None
    assert figure.low < 6


@pytest.mark.parametrize(
    ("name", "value", "text", "colour"),
    [
        ("satisfaction", 7.96, "7,9", "yellow"),
        ("satisfaction", 8.0, "8,0", "green"),
        ("satisfaction", 4.999, "4,9", "red"),
        ("satisfaction", 5.0, "5,0", "yellow"),
        ("satisfaction", 10.0, "10,0", "green"),
        ("contact_reachability", 0.8499, "84 %", "yellow"),
        ("contact_reachability", 0.85, "85 %", "green"),
        ("contact_reachability", 0.29, "29 %", "red"),
        ("contact_reachability", 0.70, "70 %", "yellow"),
        ("autonomy", 9.99, "9,9", None),
    ],
)
def test_a_value_is_cut_and_never_rounded_into_another_colour(
    name: str, value: float, text: str, colour: str | None
) -> None:
    scale = 1 if name == "contact_reachability" else 10
    assert shown(value, scale) == text
    assert level(name, value) == colour


def _read(text: str) -> float:
    return float(text.removesuffix(" %").replace(",", ".")) / (100 if "%" in text else 1)


@given(st.sampled_from(sorted(THRESHOLDS)), st.integers(1, 5000), st.data())
def test_a_shown_value_and_its_colour_never_contradict_each_other(name: str, count: int, data: st.DataObject) -> None:
    scale = 1 if name == "contact_reachability" else 10
    # Every indicator is a sum of halves of marks over a count.
    value = data.draw(st.integers(0, 4 * count)) * scale / (4 * count)
    text, colour = shown(value, scale), level(name, value)
    assert text is not None
    green, yellow = THRESHOLDS[name]
    assert (_read(text) >= green) == (colour == "green")
    assert (_read(text) >= yellow) == (colour in {"green", "yellow"})
