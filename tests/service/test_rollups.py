"""Sums are never behind and never wrong, whatever becomes of reviews: completed, amended, removed, suspected, too old.

One history after another, with the nights when the clocks of Paris change, against a recount of every review.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.forms.own import counts_of_own
from collector.indicators import COUNTS, count_of, total
from collector.privacy.anonymise import anonymise
from collector.retention import Retention
from collector.schema import (
    Adjustments,
    OwnOption,
    OwnQuestion,
    Placement,
    Procedure,
    Review,
    SatisfactionAnswers,
    Target,
)
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.batch import Outcome, Write
from collector.storage.counting import period_of
from collector.storage.reviews import FIRST_DAY, LAST_DAY, Filter, Listed
from collector.storage.suspects import Verdict
from collector.suspicion import withdraw
from tests.conftest import MovableClock, found
from tests.service.test_amend import displease, remove, silence
from tests.service.test_counts import evenings, satisfaction_answers
from tests.service.test_retention import keeping

Key = tuple[str, int, int, str]
"""Day, placement, form version, language."""
Ledger = dict[Key, dict[str, int]]

OPTIONS = tuple(OwnOption(code, code) for code in "abc")
QUESTIONS = (
    OwnQuestion(1, "single", "?", OPTIONS),
    OwnQuestion(2, "multiple", "??", OPTIONS),
    OwnQuestion(3, "text", ""),
)
"""Of version 2; version 1 has none."""


@st.composite
def own_answers(draw: st.DrawFn) -> dict[str, Any]:
    return {
        **draw(satisfaction_answers()),
        "question_1": draw(st.none() | st.sampled_from("abc")),
        "question_2": draw(st.lists(st.sampled_from("abc"), unique=True)),
        "question_3": draw(st.sampled_from((None, "Merci", " "))),
    }


opinions = st.tuples(
    st.integers(0, 5),  # who
    st.integers(0, 2),  # where
    st.integers(1, 2),  # with which version of the form
    st.sampled_from(("fr", "en")),
    own_answers(),
)
acts: st.SearchStrategy[tuple[str, Any]] = st.one_of(
    st.tuples(st.just("send"), opinions),
    st.tuples(st.just("send"), opinions),
    st.tuples(st.just("wait"), st.sampled_from((7, 35, 61, 24 * 60, 40 * 24 * 60))),
    st.tuples(st.sampled_from(("remove", "silence", "displease", "suspect")), st.integers(0, 30)),
    st.tuples(st.sampled_from(("release", "confirm", "doubt")), st.integers(0, 30)),
    st.tuples(st.just("forget"), st.sampled_from((("1d", "30d"), ("off", "20d"), ("20d", "off")))),
)


class History:
    """What is done to one procedure, and what its sums have to be."""

    def __init__(self, storage: Storage, kept: Settings, clock: MovableClock, targets: list[Target]) -> None:
        self.storage, self.settings, self.clock, self.targets = storage, kept, clock, targets
        self.people = [uuid4() for _ in range(6)]
        # What reviews had said that are too old to be kept: figures of the past stay.
        self.forgotten: Ledger = {}
        self.forgotten_own = Counter[tuple[Any, ...]]()

    @property
    def procedure(self) -> Procedure:
        return self.targets[0].procedure

    async def reviews(self) -> list[Listed]:
        return await self.storage.reviews.before(self.procedure, Filter(standing=None), number=1000)

    async def do(self, act: str, what: Any) -> None:
        if act == "send":
            await self.send(*what)
        elif act == "wait":
            self.clock.move(minutes=what)
        elif act == "forget":
            await self.forget(*what)
        elif there := await self.reviews():
            await self.treat(act, there[what % len(there)].seq)

    async def send(self, who: int, where: int, version: int, lang: str, answers: Mapping[str, Any]) -> Outcome:
        target, mine = self.targets[where], self.people[who]
        said = msgspec.convert(answers, SatisfactionAnswers)
        asked = Adjustments(questions=QUESTIONS if version == 2 else ())
        seen = msgspec.structs.replace(target, version=version, adjustments=asked)
        review = anonymise(mine, seen, lang, "/fin", said, self.clock(), form_version=version)
        _, directory = await self.storage.intake.target(target.placement.key) or (None, 0)
        (outcome,) = await self.storage.intake.commit([Write(review, directory)])
        return outcome

    async def treat(self, act: str, seq: int) -> None:
        changes: dict[str, Callable[[Review], Review | None]] = {
            "remove": remove,
            "silence": silence,
            "displease": lambda review: msgspec.structs.replace(displease(review), lang=review.lang),
            "suspect": partial(withdraw, reason="crowd"),
        }
        if act in changes:
            await self.storage.amendments.amend([(self.procedure.id, seq)], changes[act])
        else:
            verdict: Verdict = act  # type: ignore[assignment]  # one of the three
            await self.storage.suspects.judge(self.procedure, seq, verdict, by="bruno@exemple.fr")

    async def forget(self, verbatims: str, reviews: str) -> None:
        before, own = recount(await self.reviews()), recount_own(await self.reviews())
        await Retention(self.storage, keeping(self.settings, verbatims, reviews), self.clock).forget()
        after = recount(await self.reviews())
        self.forgotten = plus(self.forgotten, before, {key: negative(row) for key, row in after.items()})
        self.forgotten_own += own - recount_own(await self.reviews())

    async def check(self) -> None:
        expected = plus(self.forgotten, recount(await self.reviews()))
        days = await self.rows("SELECT * FROM day_count")
        stored = {(row["day"], row["placement_id"], row["form_version"], row["lang"]): counts(row) for row in days}
        assert {key: row for key, row in stored.items() if any(row.values())} == expected
        own = {
            (row["day"], row["placement_id"], row["form_version"], row["lang"], f"{row['question']}:{row['answer']}"): (
                row["reviews"]
            )
            for row in await self.rows("SELECT * FROM own_count")
            if row["reviews"]
        }
        assert own == self.forgotten_own + recount_own(await self.reviews())
        by_month: dict[tuple[str, int], list[dict[str, int]]] = {}
        for (day, placement, _, _), row in expected.items():
            by_month.setdefault((day[:7], placement), []).append(row)
        months = {
            (row["month"], row["placement_id"]): counts(row) for row in await self.rows("SELECT * FROM month_count")
        }
        assert {key: row for key, row in months.items() if any(row.values())} == {
            key: total(rows) for key, rows in by_month.items()
        }
        parts = await self.storage.reviews.counts_by_part(self.procedure, FIRST_DAY, LAST_DAY)
        channels = {target.placement.id: target.placement.channel for target in self.targets}
        for channel in set(channels.values()):
            assert total(row for key, row in parts.items() if channels[key[0]] == channel) == total(
                row for key, row in expected.items() if channels[key[1]] == channel
            )

    async def check_period(self, first: str, last: str) -> None:
        for placement in (None, *(target.placement.id for target in self.targets)):
            by_day = await self.storage.reviews.counts_by_day(self.procedure, first, last, placement)
            assert await self.storage.reviews.counts(self.procedure, first, last, placement) == total(by_day.values())

    async def rows(self, sql: str) -> list[Mapping[str, Any]]:
        async with self.storage.engine.read() as connection:
            cursor = await connection.execute(f"{sql} WHERE procedure_id = {self.procedure.id}")
            return list(await cursor.fetchall())


def counts(row: Mapping[str, Any]) -> dict[str, int]:
    return {name: row[name] for name in COUNTS}


def negative(row: Mapping[str, int]) -> dict[str, int]:
    return {name: -number for name, number in row.items()}


def recount(reviews: Iterable[Listed]) -> Ledger:
    return plus(
        *(
            {(one.day, one.placement_id, one.form_version, one.lang): total([count_of(one)])}
            for one in (each.review for each in reviews)
        )
    )


def recount_own(reviews: Iterable[Listed]) -> Counter[tuple[Any, ...]]:
    found = Counter[tuple[Any, ...]]()
    for one in (each.review for each in reviews):
        for name, number in counts_of_own(one).items():
            found[one.day, one.placement_id, one.form_version, one.lang, name] += number
    return found


def plus(*ledgers: Mapping[Key, Mapping[str, int]]) -> Ledger:
    keys = {key for ledger in ledgers for key in ledger}
    sums = {key: total(ledger[key] for ledger in ledgers if key in ledger) for key in keys}
    return {key: row for key, row in sums.items() if any(row.values())}


async def begin(storage: Storage, kept: Settings, clock: MovableClock) -> History:
    place = await found(storage, clock, f"demarche-{uuid4().hex}")
    procedure = place.procedure
    more: list[Placement] = [
        await storage.catalogue.add_placement(
            procedure, channel=channel, form="satisfaction", label=channel, now=clock(), contact=False
        )
        for channel in ("counter", "email")
    ]
    return History(storage, kept, clock, [Target(procedure, each) for each in (place.placement, *more)])


dates = st.dates(datetime(2026, 2, 1, tzinfo=UTC).date(), datetime(2027, 3, 31, tzinfo=UTC).date())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=evenings, done=st.lists(acts, min_size=4, max_size=25), ends=st.tuples(dates, dates))
async def test_sums_equal_a_recount_whatever_becomes_of_the_reviews(
    storage: Storage, settings: Settings, clock: MovableClock, start: datetime, done: list[tuple[str, Any]], ends: Any
) -> None:
    clock.now = start
    history = await begin(storage, settings, clock)
    for act, what in done:
        await history.do(act, what)
        await history.check()
    await history.check_period(*sorted(end.isoformat() for end in ends))
    await history.check_period(FIRST_DAY, LAST_DAY)


async def test_a_sum_is_there_when_the_citizen_has_the_answer(
    storage: Storage, settings: Settings, clock: MovableClock
) -> None:
    history = await begin(storage, settings, clock)
    assert await history.send(0, 1, 1, "fr", {"satisfaction": "good"}) == "created"
    today = await storage.reviews.counts(history.procedure, "2026-03-12", "2026-03-12")
    year = await storage.reviews.counts(history.procedure, "2026-01-01", "2026-12-31")
    assert today == year == total([{"reviews": 1, "satisfaction_good": 1}])
    assert await storage.reviews.counts_by_procedure("2026-03", "2026-03") == {history.procedure.id: year}


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2026-03-12", "2026-03-12", None),
        ("2026-03-02", "2026-04-29", None),
        ("2026-03-01", "2026-03-31", ("2026-03", "2026-03")),
        ("2026-02-01", "2026-02-28", ("2026-02", "2026-02")),
        ("2028-02-01", "2028-02-28", None),
        ("2025-11-23", "2026-11-22", ("2025-12", "2026-10")),
        (FIRST_DAY, LAST_DAY, ("0001-01", "9999-12")),
    ],
)
def test_a_period_is_made_of_whole_months_and_the_days_at_its_ends(
    first: str, last: str, months: tuple[str, str] | None
) -> None:
    parts = period_of(first, last)
    assert (parts["first"], parts["last"]) == ((months[0], f"{months[1]}~") if months else ("1", "0"))
    assert (parts["head"], parts["tail_end" if months else "head_end"]) == (first, f"{last}~")


def test_a_period_has_days_that_exist() -> None:
    with pytest.raises(ValueError, match="day"):
        period_of("2026-02-30", "2026-03-01")
