"""Somebody who keeps everything that was ever published, and subtracts, never gets at fewer than ten people."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from msgspec import Struct

from collector.indicators import count_of, indicators, total
from collector.schema import DESKS, Means, Review, Satisfaction
from collector.suppression import COLUMNS, Family, Figures, Step, behind, figures, pooled, steps_due
from tests.unit.test_indicators import review

LEAST = 10
FIRST = date(2026, 1, 1)


class Public(Struct):
    """Reviews arrive and are completed; the public looks when it likes. What it saw is kept, as an attacker would.

    `seen` holds for each step of a family which state of which review was in it.
    """

    reviews: list[tuple[str, list[Review]]] = []
    steps: list[Step] = []
    seen: dict[Family, list[dict[int, int]]] = {}

    def sums(self) -> list[tuple[str, dict[str, int]]]:
        days = sorted({day for day, _ in self.reviews})
        return [(day, total(count_of(states[-1]) for given, states in self.reviews if given <= day)) for day in days]

    def look(self, least: int = LEAST) -> Figures:
        last = {step.family: step for step in sorted(self.steps, key=lambda step: step.day)}
        told = {family: [n for step in self.steps if step.family == family for n in step.told] for family in COLUMNS}
        for step in steps_due(last, told, self.sums(), least):
            self.steps = [old for old in self.steps if (old.family, old.day) != (step.family, step.day)] + [step]
            self.seen.setdefault(step.family, []).append(self.inside(step))
            last[step.family] = step
        return figures(last, {}, self.sums()[-1][1] if self.reviews else total([]), least)

    def inside(self, step: Step) -> dict[int, int]:
        return {
            number: len(states)
            for number, (day, states) in enumerate(self.reviews)
            if day <= step.day and behind(step.family, total([count_of(states[-1])]))
        }


def rank(vectors: Iterable[Sequence[int]]) -> int:
    """How many of the vectors say something that the others do not; exact."""
    rows = [[Fraction(number) for number in vector] for vector in vectors]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[found:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(found, pivot)
        for row in rows[found + 1 :]:
            factor = row[column] / pivot[column]
            row[:] = [number - factor * above for number, above in zip(row, pivot, strict=True)]
        found += 1
    return found


def isolated(tables: Sequence[dict[int, int]], least: int = LEAST) -> bool:
    """Whether some sum of multiples of these tables is about fewer than `least` reviews.

    A combination is blind for a review when its multiples cancel out for each state of that review. It must be blind
    for all, or be about a class of reviews that are in the same tables and number at least `least`: that is so when
    the large classes alone already say everything that all reviews together say.
    """
    numbers = {number for table in tables for number in table}
    classes = Counter(tuple(int(number in table) for table in tables) for number in numbers)
    large = [pattern for pattern, size in classes.items() if size >= least]
    states = {
        tuple(int(table.get(number) == state) for table in tables)
        for number in numbers
        for state in {table[number] for table in tables if number in table}
    }
    return rank(large) != rank([*large, *states])


TRIED: tuple[tuple[Means, ...], ...] = (("none",), ("phone",), ("phone", "chat"), ("relative",), ())


def opinion(chance: random.Random) -> Review:
    moods: tuple[Satisfaction, ...] = ("bad", "medium", "good")
    tried = chance.choice(TRIED)
    reached = {desk: chance.random() < 0.6 for desk in DESKS if desk in tried}
    helped = {desk: chance.randint(1, 5) for desk, was in reached.items() if was and chance.random() < 0.8}
    return review(chance.choice(moods), chance.choice((None, 1, 2, 3, 4, 5)), tried, reached, helped)


OPINIONS = [opinion(random.Random(number)) for number in range(60)]  # noqa: S311 - chance that is the same each time


@pytest.mark.parametrize("seed", range(60))
def test_no_sum_of_everything_published_is_about_fewer_than_ten(seed: int) -> None:
    """People come, complete what they said, and the public looks whenever it likes, over some months."""
    chance, public, day = random.Random(seed), Public(), FIRST  # noqa: S311 - as above
    for _ in range(chance.randint(3, 14)):
        day += timedelta(days=chance.choice((0, 0, 1, 30)))
        today = [(day.isoformat(), [chance.choice(OPINIONS)]) for _ in range(chance.randint(0, 25))]
        public.reviews += today
        for _, states in chance.sample(today, k=min(chance.randint(0, 6), len(today))):
            states.append(chance.choice([each for each in OPINIONS if can_become(states[-1], each)]))
            if chance.random() < 0.5:
                public.look()
        if chance.random() < 0.7:
            public.look()
    assert public.seen or len(public.reviews) < 60
    for tables in public.seen.values():
        assert not isolated(tables)


def can_become(before: Review, after: Review) -> bool:
    """People add answers. (Taking one back is another matter: see below.)"""
    return all(behind(family, count_of(before)) <= behind(family, count_of(after)) for family in COLUMNS)


def test_the_attack_finds_what_plain_figures_give_away() -> None:
    """Twelve opinions, then thirteen: shown as they stand, the thirteenth is the difference."""
    twelve = dict.fromkeys(range(12), 1)
    assert isolated([twelve, {**twelve, 12: 1}])
    assert isolated([twelve, {**twelve, 3: 2, **dict.fromkeys(range(12, 15), 1)}])
    assert not isolated([twelve, {**twelve, **dict.fromkeys(range(12, 22), 1)}])
    assert isolated([dict.fromkeys(range(9), 1)])


def crowd(number: int, **answers: Any) -> list[tuple[str, list[Review]]]:
    return [(FIRST.isoformat(), [review(**answers)]) for _ in range(number)]


@pytest.mark.parametrize(("people", "told"), [(0, 0), (1, None), (9, None), (10, 10), (19, 10), (20, 10), (21, 21)])
def test_the_public_hears_of_ten_more_or_of_none(people: int, told: int | None) -> None:
    public = Public()
    for one in crowd(people):
        public.reviews.append(one)
        if len(public.reviews) in {10, 19, 21}:
            public.look()
    found = public.look()
    # At 19 nothing more was told, so at 20 and 21 the whole difference is.
    assert found.reviews == {20: 20}.get(people, told)


def test_each_question_waits_for_its_own_ten() -> None:
    public = Public()
    public.reviews += crowd(30, comprehension=None) + crowd(9, comprehension=4)
    found = public.look()
    assert found.reviews == 39
    assert found.suppressed == {"comprehension"}
    public.reviews += crowd(1, comprehension=1)
    found = public.look()
    clear = next(each for each in found.indicators if each.name == "comprehension")
    assert (clear.count, clear.value, found.suppressed, found.reviews) == (10, 6.75, frozenset(), 39)


def test_ten_marks_of_four_people_are_four_people() -> None:
    """One person may have tried four desks: what counts is how many people, not how many answers."""
    every: dict[str, Any] = {
        "tried": DESKS,
        "reached": dict.fromkeys(DESKS, True),
        "helped": dict.fromkeys(DESKS, 5),
    }
    public = Public(reviews=[*crowd(20), *crowd(4, **every)])
    assert public.look().suppressed == {"contact_reachability", "contact_satisfaction", "contact", "autonomy"}


def test_the_composite_never_tells_of_fewer_missed_calls_than_reachability_does() -> None:
    """Both count who reached nobody: had only one of them moved, the difference would be those in between."""
    got = {"tried": ["phone"], "reached": {"phone": True}, "helped": {"phone": 5}}
    silent = {"tried": ["phone"], "reached": {"phone": True}}
    missed = {"tried": ["phone"], "reached": {"phone": False}}
    public = Public(reviews=[*crowd(10, **got), *crowd(10, **missed)])
    public.look()
    public.reviews += crowd(10, **silent)
    public.look()
    public.reviews += [*crowd(9, **got), *crowd(2, **missed)]
    told = {each.name: each.count for each in public.look().indicators}
    assert told == {
        "satisfaction": 41,
        "comprehension": 0,
        "contact_reachability": 41,
        "contact_satisfaction": 10,
        "contact": 20,
        "autonomy": 41,
    }
    public.reviews += crowd(1, **got)
    told = {each.name: each.count for each in public.look().indicators}
    assert (told["contact_satisfaction"], told["contact"]) == (10, 20), "ten more were helped, but reachability waits"
    public.reviews += crowd(9, **got)
    told = {each.name: each.count for each in public.look().indicators}
    assert (told["contact_reachability"], told["contact_satisfaction"], told["contact"]) == (51, 29, 41)


def test_what_was_taken_away_is_told_only_far_from_everything_told_before() -> None:
    public = Public(reviews=crowd(30))
    public.look()
    public.reviews += crowd(11)
    assert public.look().reviews == 41
    del public.reviews[:11]
    public.reviews += crowd(1)
    assert public.look().reviews == 41, "31 beside the 30 of before would show one"
    del public.reviews[:11]
    assert public.look().reviews == 20


def test_with_one_as_the_small_number_the_public_sees_what_owners_see() -> None:
    public = Public(reviews=[(FIRST.isoformat(), [each]) for each in OPINIONS])
    assert {each.name: each for each in public.look(least=1).indicators} == {
        each.name: each for each in indicators(total(count_of(each) for each in OPINIONS))
    }


def test_what_was_told_a_year_ago_leaves_as_it_came() -> None:
    """The year's first step and its last one are both steps: no day ever leaves alone."""
    public = Public()
    for day, people in ((FIRST, 13), (FIRST + timedelta(days=1), 4), (FIRST + timedelta(days=400), 12)):
        public.reviews += [(day.isoformat(), [review()]) for _ in range(people)]
        public.look()
    sums = public.sums()[-1][1]
    first, last = (step for step in public.steps if step.family == "satisfaction")
    found = figures({"satisfaction": last}, {"satisfaction": first}, sums, LEAST)
    assert found.reviews == 16, "the four that nobody was told of came with the twelve"
    assert figures({"satisfaction": last}, {"satisfaction": last}, sums, LEAST).reviews == 0


def test_beyond_thousands_a_step_is_a_thousandth() -> None:
    counts = {**total([]), "satisfaction_good": 50_000}
    told: dict[Family, list[int]] = {"satisfaction": [49_960]}
    assert steps_due({}, told, [("2026-01-01", counts)], LEAST) == []
    (step,) = steps_due({}, {"satisfaction": [49_950]}, [("2026-01-01", counts)], LEAST)
    assert step.told == (50_000,)


def test_a_day_is_never_told_twice_once_a_later_one_was() -> None:
    """Reviews of a past day may still be taken away or counted again: what was told of that day stays."""
    last = Step("satisfaction", "2026-01-02", {}, (40,))
    sums = [
        ("2026-01-01", {**total([]), "satisfaction_good": 20}),
        ("2026-01-02", {**total([]), "satisfaction_bad": 45}),
    ]
    assert steps_due({"satisfaction": last}, {"satisfaction": [40]}, sums, LEAST) == []


def test_procedures_are_pooled_from_what_is_published_and_nothing_else() -> None:
    one, other, few = Public(), Public(), Public()
    for public, number in ((one, 15), (other, 24), (few, 9)):
        public.reviews = [("2026-01-02", [review(satisfaction="good", comprehension=4)])] * number
    figures_of = [public.look() for public in (one, other, few)]
    for public in (one, other, few):
        public.reviews = [*public.reviews, ("2026-01-02", [review(satisfaction="bad")])]
    found = {each.name: each for each in pooled(figures_of)}
    assert (found["satisfaction"].count, found["satisfaction"].value) == (39, 10)
    assert found["comprehension"].count == 39
    found = {each.name: each for each in pooled([public.look() for public in (one, other, few)])}
    assert found["satisfaction"].count == 49, "ten stand behind the third now; the others wait for their next step"
    assert pooled([]) == indicators(total([]))
